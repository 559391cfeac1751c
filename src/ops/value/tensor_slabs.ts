import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import type { GpuBuffer } from "../../core/platform.js";
import type { Engine, EngineBuffer, Pass } from "../../engine/engine.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { cutSlabs, type Slab } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";

/** Slices of a foreign tensor, on the engine: all channels one after the other. */
export interface TensorSlab extends Slab {
  readonly tensor: EngineBuffer;
}

interface ForeignTensor {
  readonly data: Float32Array | GpuBuffer;
  readonly channels: number;
  readonly grid: Grid;
}

/**
 * Brings slab after slab of a tensor to memory of the engine's own, device to device where it is on one, and
 * runs the passes over it. Of the tensor no more than a slab is ever there twice.
 * @throws HounsfieldError `limit-exceeded`, `out-of-memory`; what the signal's reason is
 */
export async function eachTensorSlab(
  engine: Engine,
  { data, channels, grid }: ForeignTensor,
  { signal, onProgress }: Control,
  passesOf: (slab: TensorSlab) => readonly Pass[],
): Promise<void> {
  const [columns, rows, slices] = grid.size;
  const plane = columns * rows;
  const slabs = cutSlabs(slices, slabDepth(engine, channels, plane), channels * plane);
  const depth = slabs[0].z1;
  await withScratch(async (scratch) => {
    const bytes = channels * depth * plane * 4;
    const tensor = scratch.own(await engine.allocate("tensor slab", bytes, "unwritten"));
    for (const { z0, z1, work } of slabs) {
      signal?.throwIfAborted();
      const length = (z1 - z0) * plane;
      for (let channel = 0; channel < channels; channel++) {
        const from = (channel * slices + z0) * plane;
        bring(engine, data, from, tensor, channel * length, length);
      }
      await engine.run(passesOf({ z0, z1, tensor }), work);
      onProgress?.({ stage: "tensor", done: z1, total: slices });
    }
  });
}

/** Floats, counted from the beginning of either. */
function bring(
  engine: Engine,
  data: Float32Array | GpuBuffer,
  from: number,
  tensor: EngineBuffer,
  to: number,
  length: number,
): void {
  if (!("mapAsync" in data)) {
    engine.write(tensor, to * 4, data.subarray(from, from + length));
    return;
  }
  const { device, gpuBuffer } = engine as GpuEngine;
  const encoder = (device as GPUDevice).createCommandEncoder({ label: "tensor slab" });
  const target = gpuBuffer(tensor) as GPUBuffer;
  encoder.copyBufferToBuffer(data as GPUBuffer, from * 4, target, to * 4, length * 4);
  (device as GPUDevice).queue.submit([encoder.finish()]);
}

function slabDepth({ limits }: Engine, channels: number, plane: number): number {
  const { maxBindingBytes, slabVoxels } = limits;
  const sliceBytes = channels * plane * 4;
  if (sliceBytes > maxBindingBytes) {
    throw new HounsfieldError(
      "limit-exceeded",
      `one slice of ${channels} channels needs ${sliceBytes} bytes in one binding; the device takes ${maxBindingBytes}`,
      { got: sliceBytes, accepted: maxBindingBytes },
    );
  }
  const most = Math.min(maxBindingBytes / sliceBytes, Math.max(1, slabVoxels / (channels * plane)));
  return Math.floor(most);
}
