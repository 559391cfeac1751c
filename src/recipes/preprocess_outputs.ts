import type { Control } from "../core/control.js";
import { type Grid, voxelCount } from "../core/grid.js";
import { type ValueScale, valueOfStored } from "../core/value_scale.js";
import { countVoxels } from "../ops/mask/count_voxels.js";
import type { Projection } from "../ops/project/project.js";
import { histogram } from "../ops/value/histogram.js";
import { mapSlabs } from "../ops/value/map_volume.js";
import { floatTable } from "../ops/value/value_table.js";
import { type HuWindow, windowFunction, windowSlabs } from "../ops/value/window_slabs.js";
import { type CtVolume, sliceWords } from "../volume/ct_volume.js";
import { historyOf, type ProcessingHistory, type Recorded } from "../volume/history.js";
import { slabsOf } from "../volume/slabs.js";
import { type LungMask, lungLabels } from "./lung_mask.js";
import { summaryOfHistogram, summaryOfLabels, summaryOfValues, type ValueSummary } from "./value_summary.js";

/** A named array on its way out. */
export interface ArrayOutput {
  readonly name: "volume" | "resampled" | "windowed" | "lungs" | "slices" | `mip-${Projection["plane"]}`;
  readonly dtype: "int16" | "float32" | "uint8";
  /** z, y, x; rows, columns of a projection; slices in their order, y, x of pictures of slices. */
  readonly shape: readonly number[];
  /** Where the voxels lie; absent for projections and pictures. */
  readonly grid?: Grid;
  /** What entries stand for: value = entry * slope + intercept. */
  readonly values: ValueScale;
  readonly history: ProcessingHistory;
  /** In ascending z; each holds until the next is asked for, since all may use the same memory. */
  readonly slabs: AsyncIterable<Int16Array | Float32Array | Uint8Array>;
  /**
   * Of the whole array, in the volume's units; measured by the engine where it can be, so that nobody walks
   * the values again.
   */
  summary(): Promise<ValueSummary>;
}

/** Where results go: files, downloads, memory. One array is consumed before the next is made. */
export interface ArraySink {
  array(output: ArrayOutput): Promise<void>;
  /** Each projection once more, as an image, for who draws it. */
  image(projection: Projection): Promise<void>;
}

export function zyx({ size }: Grid): number[] {
  return [size[2], size[1], size[0]];
}

/** How values are written: the int16 record, or float32 in the volume's units. */
export type ValueDtype = "int16" | "float32";

export function volumeOutput(
  name: "volume" | "resampled",
  volume: CtVolume,
  dtype: ValueDtype,
  { signal, onProgress }: Control,
): ArrayOutput {
  const { engine, grid, values } = volume;
  async function* floats() {
    const table = unitsTable(values);
    const stage = `write ${name}`;
    for await (const slab of mapSlabs(volume, { table, stage, reuse: {}, signal, onProgress }))
      yield slab.values;
  }
  async function* record() {
    let memory: ArrayBuffer | undefined;
    for (const { z0, z1 } of slabsOf(engine, grid, sliceWords(grid) * 4, engine.limits.readVoxels)) {
      signal?.throwIfAborted();
      const hu = await volume.read(z0, z1, memory);
      yield hu;
      memory = hu.buffer instanceof ArrayBuffer ? hu.buffer : undefined;
      onProgress?.({ stage: `write ${name}`, done: z1, total: grid.size[2] });
    }
  }
  const summary = async () =>
    summaryOfHistogram(await histogram(volume, { signal }), writtenValue(values, dtype));
  const { history } = volume;
  const slabs = dtype === "int16" ? record() : floats();
  return { name, dtype, shape: zyx(grid), grid, values: entryScale(values, dtype), history, slabs, summary };
}

/** What each stored value stands for, as float32. */
export function unitsTable(values: ValueScale): Float32Array {
  return floatTable((value) => value, values);
}

/** What an array of a type says that a stored value is. */
export function writtenValue(values: ValueScale, dtype: ValueDtype): (stored: number) => number {
  if (dtype === "int16") return (stored) => valueOfStored(values, stored);
  return (stored) => Math.fround(valueOfStored(values, stored));
}

/** Of an array of a volume's values: floats are the values themselves. */
export function entryScale(values: ValueScale, dtype: ValueDtype): ValueScale {
  return dtype === "int16" ? values : { slope: 1, intercept: 0, units: values.units };
}

/** A share of the window. */
export const windowedScale: ValueScale = { slope: 1, intercept: 0, units: "window" };

export function windowOutput(volume: CtVolume, window: HuWindow, control: Control): ArrayOutput {
  async function* slabs() {
    for await (const { values } of windowSlabs(volume, { ...window, reuse: {}, ...control })) yield values;
  }
  const summary = async () => {
    const scaled = windowFunction(window);
    const counted = await histogram(volume, { signal: control.signal });
    return summaryOfHistogram(counted, (stored) => Math.fround(scaled(valueOfStored(volume.values, stored))));
  };
  const history = historyOf("windowSlabs", window, volume);
  const { grid } = volume;
  const values = windowedScale;
  return {
    name: "windowed",
    dtype: "float32",
    shape: zyx(grid),
    grid,
    values,
    history,
    slabs: slabs(),
    summary,
  };
}

/** Of a maximum along one axis of `volume`. */
export function projectionOutput(
  volume: Recorded,
  { plane, width, height, hu, values }: Projection,
  dtype: ValueDtype,
): ArrayOutput {
  const written = writtenValue(values, dtype);
  async function* slabs() {
    yield dtype === "int16" ? hu : Float32Array.from(hu, written);
  }
  const summary = async () => summaryOfValues(Float64Array.from(hu, written));
  const history = historyOf("projectMaximum", { plane }, volume);
  const [name, shape] = [`mip-${plane}`, [height, width]] as const;
  return { name, dtype, shape, values: entryScale(values, dtype), history, slabs: slabs(), summary };
}

export function lungOutput(lungs: LungMask, control: Control): ArrayOutput {
  async function* slabs() {
    for await (const { values } of lungs.labelSlabs({ reuse: {}, ...control })) yield values;
  }
  const summary = async () => {
    const { rightLung, leftLung, airways } = lungLabels;
    const { signal } = control;
    const counts = [
      { label: rightLung, voxels: await countVoxels(lungs.right, { signal }) },
      { label: leftLung, voxels: await countVoxels(lungs.left, { signal }) },
      { label: airways, voxels: await countVoxels(lungs.airways, { signal }) },
    ];
    return summaryOfLabels(counts, voxelCount(lungs.grid));
  };
  const { grid, history } = lungs;
  const values = { slope: 1, intercept: 0, units: "label" };
  return { name: "lungs", dtype: "uint8", shape: zyx(grid), grid, values, history, slabs: slabs(), summary };
}
