import { frameDescription } from "../dicom/image/frame_description.js";
import { type FrameReader, frameReader } from "../dicom/image/pixel_data.js";
import { paddingOf } from "../dicom/image/pixel_padding.js";
import { rescaleOf, usesModalityLut } from "../dicom/image/rescale.js";
import type { PixelDataLocation, SliceHeader } from "../dicom/image/slice_header.js";
import type { CtEngine } from "./ct_engine.js";
import { storedToHu } from "./stored_to_hu.js";

/** Decodes one slice to int16 HU in rows of an even number of voxels, in `memory` where that is large enough. */
export type SliceDecoder = (
  header: SliceHeader,
  memory: ArrayBufferLike,
  signal?: AbortSignal,
) => Promise<Int16Array>;

/** Reads and decodes slices; what it takes to find the frames of a multi-frame file is read once for all of them. */
export function sliceDecoder(engine: CtEngine): SliceDecoder {
  const readers = new Map<PixelDataLocation, FrameReader>();
  const readerOf = (header: SliceHeader) => {
    const reader = readers.get(header.pixelData) ?? frameReader(header);
    // Frames of one file share the location; single frames need no keeping.
    if (header.frame !== undefined) readers.set(header.pixelData, reader);
    return reader;
  };
  return async (header, memory, signal) => {
    const bytes = await readerOf(header).read(header.frame ?? 0, signal);
    const frame = frameDescription(header);
    const label = header.source.name;
    const job = { bytes, wholeBuffer: true, frame, label };
    if (isPlain(header)) {
      const output = { kind: "hu", rescale: rescaleOf(header) } as const;
      return engine.decoder.decode({ ...job, output, memory }, { signal });
    }
    const output = { kind: "stored" } as const;
    return storedToHu(await engine.decoder.decode({ ...job, output }, { signal }), header);
  };
}

/** A slope and an intercept for all values: the decoder's own last pass. */
function isPlain(header: SliceHeader): boolean {
  return !usesModalityLut(header) && paddingOf(header)?.replacement === undefined;
}
