import type { Control } from "../../core/control.js";
import { dispose } from "../../core/dispose.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import type { GpuBuffer } from "../../core/platform.js";
import { callback, controlRules, oneOf } from "../../core/rules.js";
import type { Engine, EngineBuffer } from "../../engine/engine.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { checkVolume } from "../../volume/check_argument.js";
import { type CtVolume, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { cutSlabs, runSlabs, slabsOf } from "../../volume/slabs.js";
import { lineInvocations } from "../mask/scan_counts.js";
import { withScratch } from "../scratch.js";
import { float16Bits } from "./float_16.js";
import { floatTable, type HuFunction } from "./value_table.js";

/** Options of toTensor. */
export interface TensorOptions {
  /** "float32" where absent. */
  readonly dtype?: "float32" | "float16";
  /**
   * What becomes of each value, in the volume's units: `scaleIntensityRange(...)`, `ctNormalization(...)`, or
   * a function of one's own. The values themselves where absent.
   */
  readonly value?: HuFunction;
}

/**
 * A volume as a model takes it: dense, x fastest, on the engine. Owns its memory until `destroy()`. Made by
 * `toTensor`.
 */
export class VolumeTensor {
  /** @internal */
  constructor(
    readonly engine: Engine,
    /** @internal */
    readonly storage: EngineBuffer,
    readonly dtype: "float32" | "float16",
    /** 1, 1, slices, rows, columns: N, C, D, H, W. */
    readonly dims: readonly [1, 1, number, number, number],
  ) {}

  get [Symbol.toStringTag](): string {
    return "VolumeTensor";
  }

  /**
   * The WebGPU buffer, on `engine.device`: STORAGE, COPY_SRC and COPY_DST, packed, without padding but for
   * the last word's. It is not a copy, as `ort.Tensor.fromGpuBuffer(tensor.gpuBuffer, { dataType, dims })`
   * takes it.
   * @throws HounsfieldError `no-gpu` on the CPU engine, `destroyed`
   */
  get gpuBuffer(): GpuBuffer {
    if ("gpuBuffer" in this.engine) return (this.engine as GpuEngine).gpuBuffer(this.storage);
    const message = `VolumeTensor.gpuBuffer: there is no GPU; the tensor is on ${this.engine.adapter.name}`;
    throw new HounsfieldError("no-gpu", message);
  }

  /**
   * All values; of float16 their bits.
   * @throws HounsfieldError `destroyed`, `device-lost`
   */
  async read(): Promise<Float32Array | Uint16Array> {
    const count = this.dims.reduce((product, one) => product * one, 1);
    const bytes = await this.engine.read(this.storage, 0, this.storage.bytes);
    return this.dtype === "float32" ? new Float32Array(bytes, 0, count) : new Uint16Array(bytes, 0, count);
  }

  /** Frees its memory. Idempotent. */
  destroy(): void {
    this.storage.destroy();
  }

  [dispose](): void {
    this.destroy();
  }
}

/**
 * The values of a volume as a tensor of a model's input, made and kept on the engine: resample and crop the
 * volume first. Every float is made on the host in float64 and rounded once, so it is the same on every
 * device.
 * @throws HounsfieldError `invalid-option` where the function has no number for a value; `limit-exceeded`,
 * `out-of-memory`, `destroyed`
 */
export async function toTensor(
  volume: CtVolume,
  options: TensorOptions & Control = {},
): Promise<VolumeTensor> {
  checkVolume("toTensor", volume);
  const rules = { ...controlRules, dtype: oneOf("float32", "float16"), value: callback };
  const {
    dtype = "float32",
    value = (hu: number) => hu,
    ...control
  } = checkOptions("toTensor", options, rules);
  const { engine, grid, values } = volume;
  const [columns, rows, slices] = grid.size;
  const plane = columns * rows;
  const bytes = dtype === "float32" ? 4 : 2;
  const table = floatTable(value, values);
  const bits = dtype === "float32" ? table : Uint32Array.from(table, float16Bits);
  // One unit: who takes the buffer takes all of it.
  const size = 4 * Math.ceil((plane * slices * bytes) / 4);
  return withScratch(async (scratch) => {
    const storage = await engine.allocate("tensor", size, "unwritten", size);
    const tensor = scratch.own(new VolumeTensor(engine, storage, dtype, [1, 1, slices, rows, columns]));
    const lookup = scratch.own(await engine.allocate("tensor table", bits.byteLength, "unwritten"));
    engine.write(lookup, 0, bits);
    await runSlabs(engine, wholeWordSlabs(volume, plane * 4), "tensor", control, ({ z0, z1 }) => {
      const { range: hu, firstWord: first_word } = sliceRange(volume.buffer, sliceWords(grid), z0, z1);
      const start = z0 * plane * bytes;
      const offsetBytes = start - (start % 256);
      const end = Math.min(storage.bytes, 4 * Math.ceil((z1 * plane * bytes) / 4));
      const voxels = (z1 - z0) * plane;
      const a_word = 4 / bytes;
      return [
        {
          kernel: "tensor_write",
          params: { columns, voxels, first_word, out_word: (start - offsetBytes) / 4, a_word },
          bindings: { hu, lookup, tensor: { buffer: storage, offsetBytes, bytes: end - offsetBytes } },
          invocations: lineInvocations(Math.ceil(voxels / a_word)),
        },
      ];
    });
    return scratch.release(tensor);
  });
}

/** Slabs of an even number of slices, but for the last, so that each begins at a whole word. */
function wholeWordSlabs({ engine, grid }: CtVolume, sliceBytes: number) {
  const [first] = slabsOf(engine, grid, sliceBytes);
  const depth = first.z1 - first.z0;
  const even = depth > 1 ? depth - (depth % 2) : depth;
  // A slice of an odd number of voxels is of few: two fit.
  const isOdd = (grid.size[0] * grid.size[1]) % 2 === 1;
  return cutSlabs(grid.size[2], isOdd ? Math.max(2, even) : even, first.work / depth);
}
