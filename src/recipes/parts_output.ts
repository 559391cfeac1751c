import type { Control } from "../core/control.js";
import { type Grid, positionMm } from "../core/grid.js";
import { type ValueScale, valueOfStored } from "../core/value_scale.js";
import type { Engine } from "../engine/engine.js";
import type { VolumeSlab } from "../ops/resample/resample_slabs.js";
import type { SlabStore } from "../ops/stream_slabs.js";
import { type Histogram, runningHistogram } from "../ops/value/histogram.js";
import { mapSlabs } from "../ops/value/map_volume.js";
import { floatTable } from "../ops/value/value_table.js";
import { type HuWindow, windowFunction } from "../ops/value/window_slabs.js";
import { CtVolume, sliceWords } from "../volume/ct_volume.js";
import { historyOf, type ProcessingHistory } from "../volume/history.js";
import { slabsOf } from "../volume/slabs.js";
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

/** A volume of which no more than a part is ever there. */
export interface VolumeInParts {
  readonly name: "volume" | "resampled";
  readonly engine: Engine;
  readonly grid: Grid;
  readonly values: ValueScale;
  readonly history: ProcessingHistory;
  /** In ascending z; each lasts until the next is asked for. */
  parts(): AsyncIterable<VolumeSlab>;
}

export interface PartsOptions {
  /** Windowed on the way out; else as `dtype` says. */
  readonly window?: HuWindow;
  readonly dtype: ValueDtype;
  /** Told of each part before it is given out. */
  readonly onPart?: (part: VolumeSlab) => Promise<void>;
}

/** Such a volume on its way out, and what is measured of it while it goes by. */
export function partsOutput(
  { name, engine, grid, values, history, parts }: VolumeInParts,
  { window, dtype, onPart }: PartsOptions,
  { signal }: Control,
): ArrayOutput {
  const scaled = window && windowFunction(window);
  const table = scaled ? floatTable(scaled, values) : dtype === "float32" ? unitsTable(values) : undefined;
  let counted: Histogram = { counts: new Uint32Array(65536), voxels: 0 };

  async function* slabs() {
    const reuse: SlabStore = {};
    const running = await runningHistogram(engine);
    try {
      for await (const slab of parts()) {
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
  const shape = zyx(grid);
  const made = { shape, grid, slabs: slabs(), summary };
  if (!window) return { name, dtype, values: entryScale(values, dtype), history, ...made };
  const windowed = historyOf("windowSlabs", window, { engine, history });
  return { name: "windowed", dtype: "float32", values: windowedScale, history: windowed, ...made };
}

/** A volume as acquired, of which no more than a slab is ever there. */
export function acquiredInParts(source: SliceSource, control: Control): VolumeInParts {
  const { engine, grid, values, history } = source;
  return { name: "volume", engine, grid, values, history, parts: () => acquiredSlabs(source, control) };
}

/** Slabs as large as are read back at a time: the caches hold them. */
async function* acquiredSlabs(source: SliceSource, { signal }: Control): AsyncGenerator<VolumeSlab> {
  const { engine, grid, values } = source;
  const [nx, ny] = grid.size;
  for (const { z0, z1 } of slabsOf(engine, grid, sliceWords(grid) * 4, engine.limits.readVoxels)) {
    signal?.throwIfAborted();
    const { buffer } = await source.need(z0, z1);
    const part = { ...grid, size: [nx, ny, z1 - z0] as const, originMm: positionMm(grid, [0, 0, z0]) };
    yield { z0, z1, volume: new CtVolume(engine, part, buffer, undefined, undefined, values) };
  }
}

async function readPart(part: CtVolume, reuse: SlabStore): Promise<Int16Array> {
  const hu = await part.read(0, part.grid.size[2], reuse.bytes);
  if (hu.buffer instanceof ArrayBuffer) reuse.bytes = hu.buffer;
  return hu;
}
