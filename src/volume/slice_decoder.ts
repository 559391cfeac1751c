import type { ValueScale } from "../core/value_scale.js";
import type { StoredValues } from "../decode/codecs/common/codec.js";
import { frameDescription } from "../dicom/image/frame_description.js";
import { type FrameReader, frameReader } from "../dicom/image/pixel_data.js";
import { paddingOf } from "../dicom/image/pixel_padding.js";
import { recordRescale } from "../dicom/image/record_scale.js";
import { usesModalityLut } from "../dicom/image/rescale.js";
import type { PixelDataLocation, SliceHeader } from "../dicom/image/slice_header.js";
import type { CtEngine } from "./ct_engine.js";

/**
 * Decodes one slice to the int16 record in rows of an even number of voxels, in `memory` where that is large
 * enough.
 */
export type SliceDecoder = (
  header: SliceHeader,
  memory: ArrayBufferLike,
  signal?: AbortSignal,
) => Promise<Int16Array>;

/** What a record is to hold. */
export interface RecordOptions {
  readonly values: ValueScale;
  /** Hold values beyond the record at its ends, where they are refused else. */
  readonly clip?: boolean;
}

/** Reads and decodes slices. */
export function sliceDecoder(engine: CtEngine, record: RecordOptions): SliceDecoder {
  const jobOf = frameJobs();
  const { values, clip } = record;
  return async (header, memory, signal) => {
    const job = await jobOf(header, signal);
    if (isPlain(header, values) && !clip) {
      const output = { kind: "hu", rescale: recordRescale(header, values) } as const;
      return engine.decoder.decode({ ...job, output, memory }, { signal });
    }
    const output = { kind: "stored" } as const;
    const stored = await engine.decoder.decode({ ...job, output }, { signal });
    // Loaded where a header needs it: few do.
    return (await import("./stored_to_hu.js")).storedToHu(stored, header, record);
  };
}

/** Reads slices and decodes them to their stored values, dense. */
export function storedDecoder(
  engine: CtEngine,
): (header: SliceHeader, signal?: AbortSignal) => Promise<StoredValues> {
  const jobOf = frameJobs();
  return async (header, signal) =>
    engine.decoder.decode({ ...(await jobOf(header, signal)), output: { kind: "stored" } }, { signal });
}

/**
 * Reads frames as the decoder takes them; what it takes to find the frames of a multi-frame file is read once
 * for all of them.
 */
function frameJobs() {
  const readers = new Map<PixelDataLocation, FrameReader>();
  const readerOf = (header: SliceHeader) => {
    const reader = readers.get(header.pixelData) ?? frameReader(header);
    // Frames of one file share the location; single frames need no keeping.
    if (header.frame !== undefined) readers.set(header.pixelData, reader);
    return reader;
  };
  return async (header: SliceHeader, signal?: AbortSignal) => {
    const bytes = await readerOf(header).read(header.frame ?? 0, signal);
    return { bytes, wholeBuffer: true, frame: frameDescription(header), label: header.source.name };
  };
}

/** A slope and an intercept for all values: the decoder's own last pass. */
function isPlain(header: SliceHeader, values: ValueScale): boolean {
  return !usesModalityLut(header) && paddingOf(header, values)?.replacement === undefined;
}
