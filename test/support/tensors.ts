import type { Engine } from "../../src/engine/engine.js";
import type { GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { seededRandom } from "./random.js";

/** Floats that `make` makes of random numbers. */
export function floats(count: number, seed: number, make: (next: () => number) => number): Float32Array {
  const next = seededRandom(seed);
  return Float32Array.from({ length: count }, () => make(next));
}

/** Where a GPU has it, the same floats as a buffer of a neighbor's on its device. */
export function neighbors(on: Engine, data: Float32Array): { data: GPUBuffer; free(): void } | undefined {
  if (on.capabilities.processor !== "gpu") return undefined;
  const device = (on as GpuEngine).device as GPUDevice;
  // STORAGE, COPY_SRC and COPY_DST, as ONNX Runtime makes them.
  const buffer = device.createBuffer({ size: data.byteLength, usage: 0x80 | 0x04 | 0x08 });
  device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
  return { data: buffer, free: () => buffer.destroy() };
}
