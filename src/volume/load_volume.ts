import type { Control } from "../core/control.js";
import { isHounsfieldError } from "../core/errors.js";
import { checkOptions, invalidOption } from "../core/options.js";
import { boolean, controlRules } from "../core/rules.js";
import { isUnscaled } from "../core/value_scale.js";
import { codecNames } from "../decode/codec_names.js";
import { plannedScale } from "../dicom/image/record_scale.js";
import type { Series } from "../dicom/series/list_series.js";
import { checkEngine, checkSeries } from "./check_argument.js";
import { coarseOrder } from "./coarse_order.js";
import type { CtEngine } from "./ct_engine.js";
import { allocateVolume, type CtVolume, sliceWords } from "./ct_volume.js";
import { historyOfLoading } from "./history.js";
import { restoreOnDeviceLoss } from "./restore_on_device_loss.js";
import { SliceArrivals } from "./slice_arrivals.js";
import { type RecordOptions, sliceDecoder } from "./slice_decoder.js";

/**
 * Slices under way: one being decoded, one waiting in the worker, two being read; they then travel in pairs,
 * which halves the cost of messages.
 */
export const SLICES_A_WORKER = 4;
/** Uploaded bytes between waits for the device: what a driver holds in staging stays below it. */
const UPLOAD_BYTES = 4 * 2 ** 20;

/** Options of loadVolume and openVolume. */
export interface LoadOptions {
  /**
   * Whole values beyond int16 become its ends, -32768 and 32767, and the record stays unscaled. Without it
   * such a volume has a scaled record, which loses nothing.
   */
  readonly clip?: boolean;
}

/**
 * Reads, decodes and uploads a series as it arrives: at any time only a few slices a worker are in memory
 * besides the engine's own volume. HU = stored * slope + intercept, slice by slice, int16 (PS3.3 C.11.1.1.2),
 * or what a Modality LUT says. Where int16 cannot hold that, because slopes are fractional or the range is
 * larger, the record is scaled: `volume.values` says how. A series with a `resampling` is put onto its true
 * grid on the way, linear in f64, rounded once; what the scanner's field did not reach is -1024 HU, or 0 in
 * other units. Progress counts slices as acquired, stage "load".
 * @throws HounsfieldError what reading, decoding and the engine throw, naming the file; nothing is left
 * behind. The volume is loaded again from its sources, which must stay readable, when the engine's device is
 * lost and replaced
 */
export async function loadVolume(
  engine: CtEngine,
  series: Series,
  options: LoadOptions & Control = {},
): Promise<CtVolume> {
  checkLoading("loadVolume", engine, series, options);
  const { volume, done } = await startLoading(engine, series, options);
  await done;
  return volume;
}

/** A volume to be shown while it is loaded. */
export interface VolumeLoading {
  /** Of the right size and place at once; its values arrive. Views draw what is there. */
  readonly volume: CtVolume;
  /** Resolves when every value is there, rejects as `loadVolume`; views of the volume are told the same. */
  readonly done: Promise<void>;
}

/**
 * As `loadVolume`, and gives the volume before its slices: every eighth arrives first, and views show it in
 * place of its neighbors, so that a coarse whole is there in an eighth of the time. Until `done`, only views
 * should use it.
 */
export async function openVolume(
  engine: CtEngine,
  series: Series,
  options: LoadOptions & Control = {},
): Promise<VolumeLoading> {
  checkLoading("openVolume", engine, series, options);
  return startLoading(engine, series, options, coarseOrder(series.grid.size[2]));
}

function checkLoading(of: string, engine: CtEngine, series: Series, options: LoadOptions & Control): void {
  checkEngine(of, engine);
  checkSeries(of, series);
  checkOptions(of, options, { ...controlRules, clip: boolean });
  if (typeof engine.decoder?.decode !== "function")
    throw invalidOption(of, "engine", engine, "an engine that decodes, as openEngine resolves to");
}

async function startLoading(
  engine: CtEngine,
  series: Series,
  { clip, ...control }: LoadOptions & Control,
  order?: readonly number[],
): Promise<VolumeLoading> {
  for (const syntax of series.transferSyntaxes) {
    // What has no codec is told with the names of all there are, which nobody else needs.
    if (!codecNames.has(syntax)) (await import("../decode/registry.js")).checkTransferSyntax(syntax);
  }
  const arrival = new SliceArrivals(series.grid.size[2]);
  const values = plannedScale(series) ?? (await (await scales()).widerScale(engine, series, control));
  const created = await allocateVolume(engine, series.grid, "volume", values, arrival);
  const volume = created.withHistory(historyOfLoading(engine, series, { clip }));
  const done = restoreOnDeviceLoss(engine, volume, arrival, async (again) => {
    const rest = again ? {} : control;
    const signal =
      control.signal && !again ? AbortSignal.any([control.signal, arrival.signal]) : arrival.signal;
    const fill = { ...rest, clip, signal, order, arrival };
    try {
      await fillVolume(engine, series, volume, fill);
    } catch (error) {
      if (!isHounsfieldError(error, "value-range") || !isUnscaled(volume.values)) throw error;
      // Only now is it known that int16 does not hold them: from the beginning, in a record that does.
      volume.setValues(await (await scales()).widerScale(engine, series, fill));
      arrival.reset();
      await fillVolume(engine, series, volume, fill);
    }
  });
  // Whoever only looks at the views is told by them.
  done.catch(() => {});
  return { volume, done };
}

/** Loaded where a series needs it: few do. */
const scales = () => import("./measure_scale.js");

export interface FillControl extends LoadOptions, Control {
  /** Of slices; ascending unless given. */
  readonly order?: readonly number[];
  readonly arrival: SliceArrivals;
}

async function fillVolume(
  engine: CtEngine,
  series: Series,
  volume: CtVolume,
  control: FillControl,
): Promise<void> {
  const stop = new AbortController();
  const signal = control.signal ? AbortSignal.any([control.signal, stop.signal]) : stop.signal;
  const unwatch = engine.onDevice?.((event) => event.kind === "lost" && stop.abort(event.error));
  try {
    const { resampling } = series;
    const rest = { ...control, signal };
    const record = { values: volume.values, clip: control.clip };
    const upload = sliceUpload(engine, volume, control.arrival);
    if (resampling) {
      // Loaded when a series needs it: few do.
      const { uploadResampled } = await import("./upload_resampled.js");
      const ahead = engine.decoder.workersFor(series.slices[0]) * SLICES_A_WORKER - 1;
      await uploadResampled(engine, series, resampling, upload, record, { ...rest, ahead });
    } else await uploadSlices(engine, series, upload, record, rest);
    await engine.idle();
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    unwatch?.();
  }
}

/** Takes the record of slice z of the grid, rows padded to whole words. */
export type SliceUpload = (z: number, hu: Int16Array) => Promise<void>;

/** Writes slices to the engine's buffer, says that they are there, and waits now and then for the device. */
function sliceUpload(engine: CtEngine, volume: CtVolume, arrival: SliceArrivals): SliceUpload {
  const sliceBytes = sliceWords(volume.grid) * 4;
  let pendingBytes = 0;
  return async (z, hu) => {
    engine.write(volume.buffer, z * sliceBytes, hu);
    arrival.arrived(z);
    pendingBytes += sliceBytes;
    if (pendingBytes < UPLOAD_BYTES) return;
    pendingBytes = 0;
    await engine.idle();
  };
}

async function uploadSlices(
  engine: CtEngine,
  { slices, grid }: Series,
  upload: SliceUpload,
  record: RecordOptions,
  { signal, onProgress, order }: FillControl,
): Promise<void> {
  const sliceBytes = sliceWords(grid) * 4;
  const decode = sliceDecoder(engine, record);
  const total = slices.length;
  let next = 0;
  let done = 0;
  onProgress?.({ stage: "load", done, total });
  const lane = async () => {
    // The same memory for all slices of a lane: new pages cost as much as half a slice's decoding.
    let memory = engine.decoder.createMemory(sliceBytes);
    while (next < total) {
      signal?.throwIfAborted();
      const z = order?.[next] ?? next;
      next++;
      const hu = await decode(slices[z], memory, signal);
      signal?.throwIfAborted();
      memory = hu.buffer;
      const uploaded = upload(z, hu);
      onProgress?.({ stage: "load", done: ++done, total });
      await uploaded;
    }
  };
  const lanes = Math.min(total, engine.decoder.workersFor(slices[0]) * SLICES_A_WORKER);
  await Promise.all(Array.from({ length: lanes }, lane));
}
