import type { Control } from "../core/control.js";
import { checkTransferSyntax } from "../decode/registry.js";
import { outsideValue } from "../dicom/padding.js";
import type { Resampling } from "../dicom/resampling.js";
import type { Series } from "../dicom/series.js";
import { Arrival } from "./arrival.js";
import { coarseOrder } from "./coarse_order.js";
import type { CtEngine } from "./ct_engine.js";
import { type CtVolume, createVolume, sliceWords } from "./ct_volume.js";
import { keepFilled } from "./filling.js";
import { historyOfLoading } from "./history.js";
import { inOrder } from "./in_order.js";
import { sliceDecoder } from "./slice_decoder.js";
import type { PlacedPlane } from "./true_grid.js";

/** Slices under way: one being decoded, one waiting in the worker, two being read; they then travel in pairs, which halves the cost of messages. */
const SLICES_A_WORKER = 4;
/** Uploaded bytes between waits for the device: what a driver holds in staging stays below it. */
const uploadBytes = 16 * 2 ** 20;

/**
 * Reads, decodes and uploads a series as it arrives: at any time only a few slices a worker are in memory besides the
 * engine's own volume. HU = stored * slope + intercept, slice by slice, int16 (PS3.3 C.11.1.1.2), or what a Modality LUT
 * says. A series with a `resampling` is put onto its true grid on the way, linear in f64, rounded once; what the scanner's
 * field did not reach is -1024 HU, or 0 in other units.
 * Progress counts slices as acquired, stage "load". Throws what reading, decoding and the engine throw, naming the file;
 * nothing is left behind.
 * The volume is loaded again from its sources, which must stay readable, when the engine's device is lost and replaced.
 */
export async function loadVolume(engine: CtEngine, series: Series, control: Control = {}): Promise<CtVolume> {
  const { volume, done } = await startLoading(engine, series, control);
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
 * As `loadVolume`, and gives the volume before its slices: every eighth arrives first, and views show it in place of its neighbors, so
 * that a coarse whole is there in an eighth of the time. Until `done`, only views should use it.
 */
export function openVolume(engine: CtEngine, series: Series, control: Control = {}): Promise<VolumeLoading> {
  return startLoading(engine, series, control, coarseOrder(series.grid.size[2]));
}

async function startLoading(
  engine: CtEngine,
  series: Series,
  control: Control,
  order?: readonly number[],
): Promise<VolumeLoading> {
  for (const syntax of series.transferSyntaxes) checkTransferSyntax(syntax);
  const arrival = new Arrival(series.grid.size[2]);
  const created = await createVolume(engine, series.grid, "volume", arrival);
  const volume = created.withHistory(historyOfLoading(engine, series));
  const done = keepFilled(engine, volume, arrival, (again) => {
    const rest = again ? {} : control;
    const signal =
      control.signal && !again ? AbortSignal.any([control.signal, arrival.signal]) : arrival.signal;
    return fillVolume(engine, series, volume, { ...rest, signal, order, arrival });
  });
  // Whoever only looks at the views is told by them.
  done.catch(() => {});
  return { volume, done };
}

export interface FillControl extends Control {
  /** Of slices; ascending unless given. */
  readonly order?: readonly number[];
  readonly arrival: Arrival;
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
    if (resampling) await uploadResampled(engine, series, resampling, volume, { ...control, signal });
    else await uploadSlices(engine, series, volume, { ...control, signal });
    await engine.idle();
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    unwatch?.();
  }
}

/** Writes slices to the engine's buffer, says that they are there, and waits now and then for the device. */
function sliceUpload(engine: CtEngine, volume: CtVolume, arrival: Arrival) {
  const sliceBytes = sliceWords(volume.grid) * 4;
  let pendingBytes = 0;
  return async (z: number, hu: Int16Array): Promise<void> => {
    engine.write(volume.buffer, z * sliceBytes, hu);
    arrival.arrived(z);
    pendingBytes += sliceBytes;
    if (pendingBytes < uploadBytes) return;
    pendingBytes = 0;
    await engine.idle();
  };
}

async function uploadSlices(
  engine: CtEngine,
  { slices }: Series,
  volume: CtVolume,
  { signal, onProgress, order, arrival }: FillControl,
): Promise<void> {
  const sliceBytes = sliceWords(volume.grid) * 4;
  const decode = sliceDecoder(engine);
  const upload = sliceUpload(engine, volume, arrival);
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

/** Slices as acquired come in order; two of them on the grid's plane are enough for all slices of the grid between them. */
async function uploadResampled(
  engine: CtEngine,
  { slices, units }: Series,
  resampling: Resampling,
  volume: CtVolume,
  { signal, onProgress, arrival }: FillControl,
): Promise<void> {
  const { blendPlanes, placeSlice } = await import("./true_grid.js");
  const { grid } = volume;
  const { columns, rows } = slices[0];
  const decode = sliceDecoder(engine);
  const upload = sliceUpload(engine, volume, arrival);
  const outside = outsideValue(units);
  const total = slices.length;
  const ahead = engine.decoder.workersFor(slices[0]) * SLICES_A_WORKER - 1;
  const bytes = (columns + (columns & 1)) * rows * 2;
  const acquired = inOrder(total, ahead, (k) =>
    decode(slices[k], engine.decoder.createMemory(bytes), signal),
  );
  onProgress?.({ stage: "load", done: 0, total });
  let below: PlacedPlane | undefined;
  let k = 0;
  let z = 0;
  for await (const hu of acquired) {
    signal?.throwIfAborted();
    const above = placeSlice({ hu, columns, rows }, resampling.shiftPixels[k], grid);
    for (; z < resampling.slices.length && resampling.slices[z].above === k; z++) {
      const { weight } = resampling.slices[z];
      // What has no weight is the slice itself, not one between two.
      const between = weight === 0 || !below ? above : below;
      await upload(z, blendPlanes(between, above, weight, outside, grid));
    }
    below = above;
    k++;
    onProgress?.({ stage: "load", done: k, total });
  }
}
