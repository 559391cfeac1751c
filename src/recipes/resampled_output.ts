import type { Control } from "../core/control.js";
import type { Grid } from "../core/grid.js";
import { valueOfStored } from "../core/value_scale.js";
import { resampleSlices, type VolumeSlab } from "../ops/resample/resample_slabs.js";
import type { SlabStore } from "../ops/stream_slabs.js";
import { type Histogram, runningHistogram } from "../ops/value/histogram.js";
import { mapSlabs } from "../ops/value/map_volume.js";
import { floatTable } from "../ops/value/value_table.js";
import { type HuWindow, windowFunction } from "../ops/value/window_slabs.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { historyOf, type Recorded } from "../volume/history.js";
import type { SliceSource } from "../volume/slice_window.js";
import {
  type ArrayOutput,
  entryScale,
  unitsTable,
  type ValueDtype,
  windowedScale,
  writtenValue,
  zyx,
} from "./preprocess_outputs.js";
import { summaryOfHistogram } from "./value_summary.js";

export interface ResampledOptions {
  readonly spacingMm: number;
  readonly exact?: "integer";
  /** What `spacingMm` makes of the volume's grid. */
  readonly grid: Grid;
  /** Windowed on the way out; else as `dtype` says. */
  readonly window?: HuWindow;
  readonly dtype: ValueDtype;
  /** Told of each part before it is given out. */
  readonly onPart?: (part: VolumeSlab) => Promise<void>;
}

/**
 * A volume resampled, or windowed after it, slab by slab: of what is resampled no more than a slab is ever
 * there. Linear, without antialiasing, as `preprocess` resamples.
 */
export function resampledOutput(
  source: SliceSource,
  { spacingMm, exact, grid, window, dtype, onPart }: ResampledOptions,
  control: Control,
): ArrayOutput {
  const { signal } = control;
  const scaled = window && windowFunction(window);
  const { values } = source;
  const table = scaled ? floatTable(scaled, values) : dtype === "float32" ? unitsTable(values) : undefined;
  let counted: Histogram = { counts: new Uint32Array(65536), voxels: 0 };

  async function* slabs() {
    const reuse: SlabStore = {};
    const running = await runningHistogram(source.engine);
    try {
      for await (const slab of resampleSlices(source, { spacingMm, exact, ...control })) {
        const { volume: part } = slab;
        await onPart?.(slab);
        await running.add(part, { signal });
        if (table) for await (const slab of mapSlabs(part, { table, reuse, signal })) yield slab.values;
        else yield await readPart(part, reuse);
      }
      counted = await running.read();
    } finally {
      running.destroy();
    }
  }

  const summary = async () =>
    summaryOfHistogram(
      counted,
      scaled ? (stored) => Math.fround(scaled(valueOfStored(values, stored))) : writtenValue(values, dtype),
    );
  const [name, type] = window ? (["windowed", "float32"] as const) : (["resampled", dtype] as const);
  const resampled = resampledRecord(source, spacingMm, exact);
  const history = window ? historyOf("windowSlabs", window, resampled) : resampled.history;
  const scale = window ? windowedScale : entryScale(values, dtype);
  return { name, dtype: type, shape: zyx(grid), grid, values: scale, history, slabs: slabs(), summary };
}

/** Of the volume that goes by. */
export function resampledRecord(source: Recorded, spacingMm: number, exact?: "integer"): Recorded {
  const options = { spacingMm, exact, antialias: false };
  return { engine: source.engine, history: historyOf("resample", options, source) };
}

async function readPart(part: CtVolume, reuse: SlabStore): Promise<Int16Array> {
  const hu = await part.read(0, part.grid.size[2], reuse.bytes);
  if (hu.buffer instanceof ArrayBuffer) reuse.bytes = hu.buffer;
  return hu;
}
