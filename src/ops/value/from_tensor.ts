import { checkGrid } from "../../core/check_grid.js";
import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import { type Grid, voxelCount } from "../../core/grid.js";
import { checkOptions, invalidOption, type Rule, type RulesOf } from "../../core/options.js";
import type { GpuBuffer } from "../../core/platform.js";
import {
  anything,
  controlRules,
  count,
  finite,
  listOf,
  object,
  positive,
  required,
  text,
} from "../../core/rules.js";
import { huScale, type ValueScale } from "../../core/value_scale.js";
import type { Engine, Pass } from "../../engine/engine.js";
import { allocateMask, type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkEngine } from "../../volume/check_argument.js";
import { allocateVolume, type CtVolume, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { historyOfArrays } from "../../volume/history.js";
import { lineInvocations } from "../mask/scan_counts.js";
import { withScratch } from "../scratch.js";
import { eachTensorSlab, type TensorSlab } from "./tensor_slabs.js";

/** What a model gave. */
export interface TensorContents {
  /**
   * float32, dense, x fastest: an array, or a buffer on the engine's own device with the usage COPY_SRC, such
   * as `tensor.gpuBuffer` of ONNX Runtime where its outputs stay on the GPU. It stays the caller's, and is
   * never read back.
   */
  readonly data: Float32Array | GpuBuffer;
  /** Channels, slices, rows, columns, of which channels may be left out where there is one; a batch of 1 before. */
  readonly dims: readonly number[];
  /** Where the voxels lie: of what the model was given. */
  readonly grid: Grid;
}

/** Options of volumeFromTensor. */
export interface TensorVolumeOptions extends TensorContents {
  /** The scale of the int16 record; HU in steps of 1 where absent. */
  readonly values?: ValueScale;
}

/** Options of masksFromTensor. */
export interface TensorMaskOptions extends TensorContents {
  /** Of a single channel, what is more than this is set; 0.5 where absent. */
  readonly above?: number;
}

const dataRule: Rule = (value) =>
  Object.prototype.toString.call(value) === "[object Float32Array]" ||
  typeof (value as Partial<GpuBuffer> | null)?.mapAsync === "function"
    ? undefined
    : "a Float32Array, or a GPUBuffer of the engine's device";

const contents: RulesOf<TensorContents & Control> = {
  ...controlRules,
  data: required(dataRule),
  dims: required(listOf(count, "whole numbers: channels, slices, rows, columns")),
  grid: required(anything),
};

/**
 * A volume of a model's output, such as an image made of another. Values become the record's nearest step,
 * halves away from zero, and are held within it; what is no number is its least. The same on every device. On
 * a GPU nothing is read back. Progress stage: "tensor".
 * @throws HounsfieldError `invalid-option` for dims that are not the grid's, or more channels than one;
 * `no-gpu` for a GPU buffer on the CPU engine; `limit-exceeded`, `out-of-memory`
 */
export async function volumeFromTensor(
  engine: Engine,
  options: TensorVolumeOptions & Control,
): Promise<CtVolume> {
  checkEngine("volumeFromTensor", engine);
  const rules = {
    ...contents,
    values: object<ValueScale>("volumeFromTensor values", {
      slope: required(positive),
      intercept: required(finite),
      units: required(text),
    }),
  };
  const { data, dims, grid, values = huScale, ...control } = checkOptions("volumeFromTensor", options, rules);
  const channels = channelsOf("volumeFromTensor", engine, { data, dims, grid });
  if (channels > 1) throw invalidOption("volumeFromTensor", "dims", dims, "one channel");
  const { slope, intercept } = values;
  return withScratch(async (scratch) => {
    const volume = scratch.own(await allocateVolume(engine, grid, "volume", values));
    const [columns, rows] = grid.size;
    await eachTensorSlab(engine, { data, channels, grid }, control, ({ z0, z1, tensor }): Pass[] => {
      const { range: hu, firstWord: hu_word } = sliceRange(volume.buffer, sliceWords(grid), z0, z1);
      return [
        {
          kernel: "tensor_read",
          params: { columns, lines: rows * (z1 - z0), hu_word, intercept, steps: 1 / slope },
          bindings: { tensor, hu },
          invocations: lineInvocations(sliceWords(grid) * (z1 - z0)),
        },
      ];
    });
    const history = historyOfArrays(engine, "volumeFromTensor", { values });
    return scratch.release(volume).withHistory(history);
  });
}

/**
 * The masks of a segmentation: of one channel where it is above a bound; of several one for each but the
 * first, which is the background, where it is the largest (argmax; of those that are alike the first). What
 * is no number is never set. Exact. On a GPU nothing is read back. Progress stage: "tensor".
 * @throws HounsfieldError as `volumeFromTensor`
 */
export async function masksFromTensor(
  engine: Engine,
  options: TensorMaskOptions & Control,
): Promise<BitMask[]> {
  checkEngine("masksFromTensor", engine);
  const rules = { ...contents, above: finite };
  const { data, dims, grid, above = 0.5, ...control } = checkOptions("masksFromTensor", options, rules);
  const channels = channelsOf("masksFromTensor", engine, { data, dims, grid });
  const wanted = channels === 1 ? [0] : Array.from({ length: channels - 1 }, (_, i) => i + 1);
  return withScratch(async (scratch) => {
    const masks: BitMask[] = [];
    for (const _ of wanted)
      masks.push(scratch.own(await allocateMask(engine, grid, "tensor mask", "unwritten")));
    await eachTensorSlab(engine, { data, channels, grid }, control, (slab) =>
      masks.map((mask, i) => classify(mask, slab, { channels, channel: wanted[i], above })),
    );
    return masks.map((mask, i) => {
      const how = channels === 1 ? { above } : { channels, channel: wanted[i] };
      return scratch.release(mask).withHistory(historyOfArrays(engine, "masksFromTensor", how));
    });
  });
}

function classify(
  { grid, buffer }: BitMask,
  { z0, z1, tensor }: TensorSlab,
  choice: { readonly channels: number; readonly channel: number; readonly above: number },
): Pass {
  const [columns, rows] = grid.size;
  const words = maskRowWords(grid) * rows;
  const { range: mask, firstWord: mask_word } = sliceRange(buffer, words, z0, z1);
  const lines = rows * (z1 - z0);
  return {
    kernel: "tensor_classify",
    params: { columns, lines, plane: columns * lines, ...choice, mask_word },
    bindings: { tensor, mask },
    invocations: lineInvocations(words * (z1 - z0)),
  };
}

/** How many there are. @throws HounsfieldError `invalid-option`, `no-gpu` */
function channelsOf(of: string, engine: Engine, { data, dims, grid }: TensorContents): number {
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
