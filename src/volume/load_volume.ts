import type { Control } from "../core/control.js";
import { checkTransferSyntax } from "../decode/registry.js";
import { frameDescription } from "../dicom/frame_description.js";
import { readFrame } from "../dicom/pixel_data.js";
import { rescaleOf } from "../dicom/rescale.js";
import type { Series } from "../dicom/series.js";
import type { SliceHeader } from "../dicom/slice.js";
import type { CtEngine } from "./ct_engine.js";
import { type CtVolume, createVolume, sliceWords } from "./ct_volume.js";

/** Slices under way: one being decoded, one waiting in the worker, two being read; they then travel in pairs, which halves the cost of messages. */
const SLICES_A_WORKER = 4;
/** Uploaded bytes between waits for the device: what a driver holds in staging stays below it. */
const uploadBytes = 16 * 2 ** 20;

/**
 * Reads, decodes and uploads a series as it arrives: at any time only a few slices a worker are in memory besides the
 * engine's own volume. HU = stored * slope + intercept, slice by slice, int16 (PS3.3 C.11.1.1.2).
 * Progress counts slices, stage "load". Throws what reading, decoding and the engine throw, naming the file; nothing is left behind.
 */
export async function loadVolume(engine: CtEngine, series: Series, control: Control = {}): Promise<CtVolume> {
  for (const syntax of series.transferSyntaxes) checkTransferSyntax(syntax);
  const volume = await createVolume(engine, series.grid, "volume");
  const stop = new AbortController();
  const signal = control.signal ? AbortSignal.any([control.signal, stop.signal]) : stop.signal;
  try {
    await uploadSlices(engine, series.slices, volume, { ...control, signal });
    await engine.idle();
    return volume;
  } catch (error) {
    stop.abort(error);
    volume.destroy();
    throw error;
  }
}

async function uploadSlices(
  engine: CtEngine,
  slices: readonly SliceHeader[],
  volume: CtVolume,
  { signal, onProgress }: Control,
): Promise<void> {
  const sliceBytes = sliceWords(volume.grid) * 4;
  const total = slices.length;
  let next = 0;
  let done = 0;
  let pendingBytes = 0;
  onProgress?.({ stage: "load", done, total });
  const lane = async () => {
    // The same memory for all slices of a lane: new pages cost as much as half a slice's decoding.
    let memory = engine.decoder.createMemory(sliceBytes);
    while (next < total) {
      signal?.throwIfAborted();
      const z = next++;
      const hu = await decodeSlice(engine, slices[z], memory, signal);
      engine.write(volume.buffer, z * sliceBytes, hu);
      memory = hu.buffer;
      onProgress?.({ stage: "load", done: ++done, total });
      pendingBytes += sliceBytes;
      if (pendingBytes >= uploadBytes) {
        pendingBytes = 0;
        await engine.idle();
      }
    }
  };
  const lanes = Math.min(total, engine.decoder.workersFor(slices[0]) * SLICES_A_WORKER);
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function decodeSlice(
  engine: CtEngine,
  header: SliceHeader,
  memory: ArrayBufferLike,
  signal?: AbortSignal,
): Promise<Int16Array> {
  const bytes = await readFrame(header, 0, signal);
  const job = {
    bytes,
    frame: frameDescription(header),
    output: { kind: "hu", rescale: rescaleOf(header) },
    memory,
    label: header.source.name,
  } as const;
  return engine.decoder.decode(job, { signal });
}
