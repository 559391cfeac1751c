import type { Control } from "../core/control.js";
import { checkTransferSyntax } from "../decode/registry.js";
import { outsideValue } from "../dicom/padding.js";
import type { Resampling } from "../dicom/resampling.js";
import type { Series } from "../dicom/series.js";
import type { CtEngine } from "./ct_engine.js";
import { type CtVolume, createVolume, sliceWords } from "./ct_volume.js";
import { inOrder } from "./in_order.js";
import { sliceDecoder } from "./slice_decoder.js";
import { blendPlanes, type PlacedPlane, placeSlice } from "./true_grid.js";

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
 */
export async function loadVolume(engine: CtEngine, series: Series, control: Control = {}): Promise<CtVolume> {
  for (const syntax of series.transferSyntaxes) checkTransferSyntax(syntax);
  const volume = await createVolume(engine, series.grid, "volume");
  const stop = new AbortController();
  const signal = control.signal ? AbortSignal.any([control.signal, stop.signal]) : stop.signal;
  try {
    const { resampling } = series;
    if (resampling) await uploadResampled(engine, series, resampling, volume, { ...control, signal });
    else await uploadSlices(engine, series, volume, { ...control, signal });
    await engine.idle();
    return volume;
  } catch (error) {
    stop.abort(error);
    volume.destroy();
    throw error;
  }
}

/** Writes slices to the engine's buffer and waits now and then for the device. */
function sliceUpload(engine: CtEngine, volume: CtVolume) {
  const sliceBytes = sliceWords(volume.grid) * 4;
  let pendingBytes = 0;
  return async (z: number, hu: Int16Array): Promise<void> => {
    engine.write(volume.buffer, z * sliceBytes, hu);
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
  { signal, onProgress }: Control,
): Promise<void> {
  const sliceBytes = sliceWords(volume.grid) * 4;
  const decode = sliceDecoder(engine);
  const upload = sliceUpload(engine, volume);
  const total = slices.length;
  let next = 0;
  let done = 0;
  onProgress?.({ stage: "load", done, total });
  const lane = async () => {
    // The same memory for all slices of a lane: new pages cost as much as half a slice's decoding.
    let memory = engine.decoder.createMemory(sliceBytes);
    while (next < total) {
      signal?.throwIfAborted();
      const z = next++;
      const hu = await decode(slices[z], memory, signal);
      memory = hu.buffer;
      onProgress?.({ stage: "load", done: ++done, total });
      await upload(z, hu);
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
  { signal, onProgress }: Control,
): Promise<void> {
  const { grid } = volume;
  const { columns, rows } = slices[0];
  const decode = sliceDecoder(engine);
  const upload = sliceUpload(engine, volume);
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
