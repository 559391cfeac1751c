import { checkGrid } from "../../core/check_grid.js";
import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { type Grid, voxelCount } from "../../core/grid.js";
import { invalidOption, type Rule, type RulesOf } from "../../core/options.js";
import type { GpuBuffer } from "../../core/platform.js";
import { anything, controlRules, count, listOf, required } from "../../core/rules.js";
import type { Engine } from "../../engine/engine.js";

/** What a model gave. */
export interface TensorContents {
  /**
   * float32, dense, x fastest: an array, or a buffer on the engine's own device with the usage COPY_SRC, such
   * as `tensor.gpuBuffer` of ONNX Runtime where its outputs stay on the GPU. It stays the caller's, and is
   * never read back.
   */
  readonly data: Float32Array | GpuBuffer;
  /**
   * Channels, slices, rows, columns; of one channel perhaps without it, and perhaps behind a batch of 1.
   */
  readonly dims: readonly number[];
  /** Where the voxels lie: of what the model was given. */
  readonly grid: Grid;
}

const dataRule: Rule = (value) =>
  Object.prototype.toString.call(value) === "[object Float32Array]" ||
  typeof (value as Partial<GpuBuffer> | null)?.mapAsync === "function"
    ? undefined
    : "a Float32Array, or a GPUBuffer of the engine's device";

export const tensorRules: RulesOf<TensorContents & Control> = {
  ...controlRules,
  data: required(dataRule),
  dims: required(listOf(count, "whole numbers: channels, slices, rows, columns")),
  grid: required(anything),
};

/** How many there are. @throws HounsfieldError `invalid-option`, `no-gpu` */
export function channelsOf(of: string, engine: Engine, { data, dims, grid }: TensorContents): number {
  checkGrid(of, "grid", grid);
  const [columns, rows, slices] = grid.size;
  const wanted = [slices, rows, columns];
  const [channels = 1, ...batch] = dims.slice(0, -3).reverse();
  const isOfGrid = wanted.every((length, i) => dims.at(i - 3) === length);
  if (dims.length < 3 || !isOfGrid || batch.some((one) => one !== 1))
    throw invalidOption(of, "dims", dims, `channels, ${wanted.join(", ")}, as the grid is`);
  const isArray = !("mapAsync" in data);
  const got = isArray ? data.length : data.size / 4;
  const values = channels * voxelCount(grid);
  if (isArray ? got !== values : got < values)
    throw invalidOption(of, "data", `${got} floats`, `${values} floats, as dims say`);
  if (!isArray && engine.capabilities.processor !== "gpu") {
    const message = `${of}: a GPUBuffer can only be used by the engine of its device; this one is ${engine.adapter.name}`;
    throw new HounsfieldError("no-gpu", message);
  }
  return channels;
}
