import type { Control } from "../core/control.js";
import { dispose } from "../core/dispose.js";
import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import type { ValueScale } from "../core/value_scale.js";
import { checkTransferSyntax } from "../decode/registry.js";
import { plannedScale } from "../dicom/image/record_scale.js";
import type { Series } from "../dicom/series/list_series.js";
import type { EngineBuffer } from "../engine/engine.js";
import type { CtEngine } from "./ct_engine.js";
import { type CtVolume, sliceWords } from "./ct_volume.js";
import { historyOfLoading, type ProcessingHistory } from "./history.js";
import { SLICES_A_WORKER } from "./load_volume.js";
import { sliceDecoder } from "./slice_decoder.js";

/** Slices of a volume on an engine, the first of which is `first`. */
export interface HeldSlices {
  readonly buffer: EngineBuffer;
  readonly first: number;
}

/** Where an operation that goes up a volume once has its slices from. */
export interface SliceSource {
  readonly engine: CtVolume["engine"];
  readonly grid: Grid;
  readonly history: ProcessingHistory;
  readonly values: ValueScale;
  /**
   * Slices [low, end), until the next call; `low` never falls, and of slices had before it may ask for the
   * last two again.
   * @throws HounsfieldError `internal` for older ones, where they are not there any more
   */
  need(low: number, end: number): Promise<HeldSlices>;
}

/** A volume that is there whole. */
export function slicesOf({ engine, grid, history, values, buffer }: CtVolume): SliceSource {
  return { engine, grid, history, values, need: async () => ({ buffer, first: 0 }) };
}

/** As `SliceSource`, to be destroyed. */
export interface SliceWindow extends SliceSource {
  /** Idempotent. */
  destroy(): void;
  [dispose](): void;
}

/** Two neighbors overlap by as many slices at most where they interpolate between two. */
const OVERLAP = 2;

/**
 * A series that is decoded while it is gone through, of which the engine never holds more than was asked for
 * at a time. Of series on their true grid only, whose scale is known (`withScale`): a value beyond it is
 * `value-range`. Progress stage: "load". Reading throws what `loadVolume` throws.
 */
export function openSliceWindow(
  engine: CtEngine,
  series: Series,
  control: Control & { readonly clip?: boolean } = {},
): SliceWindow {
  const { slices, grid } = series;
  const values = plannedScale(series);
  if (!values)
    throw new HounsfieldError("internal", "the scale of a record is measured before its slices go by");
  for (const syntax of series.transferSyntaxes) checkTransferSyntax(syntax);
  const { onProgress } = control;
  const stop = new AbortController();
  const signal = control.signal ? AbortSignal.any([control.signal, stop.signal]) : stop.signal;
  const sliceBytes = sliceWords(grid) * 4;
  const decode = sliceDecoder(engine, { values, clip: control.clip });
  const ahead = engine.decoder.workersFor(slices[0]) * SLICES_A_WORKER;
  /** Memory that decoders may write to again. */
  const free: ArrayBufferLike[] = [];
  const decoding: Promise<Int16Array>[] = [];
  /** The last slices that were decoded, for the next to overlap with. */
  const last: { readonly z: number; readonly hu: Int16Array }[] = [];
  let next = 0;
  let taken = 0;
  let held: { readonly buffer: EngineBuffer; readonly slices: number } | undefined;

  const decodeAhead = () => {
    while (decoding.length < ahead && next < slices.length) {
      const hu = decode(slices[next++], free.pop() ?? engine.decoder.createMemory(sliceBytes), signal);
      // Told to whoever comes to it.
      hu.catch(() => {});
      decoding.push(hu);
    }
  };
  const takeNext = async () => {
    signal.throwIfAborted();
    decodeAhead();
    last.push({ z: taken++, hu: await decoding.shift()! });
    if (last.length > OVERLAP) free.push(last.shift()!.hu.buffer);
    decodeAhead();
    onProgress?.({ stage: "load", done: taken, total: slices.length });
    return last[last.length - 1];
  };
  const room = async (count: number): Promise<EngineBuffer> => {
    if (held && held.slices >= count) return held.buffer;
    held?.buffer.destroy();
    held = undefined;
    held = { buffer: await engine.allocate("slices", count * sliceBytes, "unwritten"), slices: count };
    return held.buffer;
  };
  const destroy = () => {
    // What is decoded ahead is for nobody.
    stop.abort(new DOMException("the slices are not wanted any more", "AbortError"));
    held?.buffer.destroy();
    held = undefined;
  };
  return {
    engine,
    grid,
    history: historyOfLoading(engine, series, { clip: control.clip }),
    values,
    async need(low, end) {
      const oldest = last[0]?.z ?? 0;
      if (low < oldest) {
        const message = `slice ${low} went by: the oldest still there is ${oldest}`;
        throw new HounsfieldError("internal", message, { got: low, accepted: oldest });
      }
      const buffer = await room(end - low);
      const put = (z: number, hu: Int16Array) => z >= low && engine.write(buffer, (z - low) * sliceBytes, hu);
      for (const { z, hu } of last) put(z, hu);
      while (taken < end) {
        const { z, hu } = await takeNext();
        put(z, hu);
      }
      return { buffer, first: low };
    },
    destroy,
    [dispose]: destroy,
  };
}
