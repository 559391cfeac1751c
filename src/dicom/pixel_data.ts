import { HounsfieldError } from "../core/errors.js";
import { readExactly } from "./byte_source.js";
import { type Extent, type FragmentIndex, indexFragments, type Reader, windowReader } from "./fragments.js";
import { nativeFrameBytes } from "./native_frame.js";
import type { SliceHeader } from "./slice.js";

/**
 * The bytes of one frame as the transfer syntax encodes it: samples of uncompressed data, else the code stream, its
 * fragments joined (with the pad byte that may end it). Only this frame and the items' headers are read.
 * @param frame from 0
 * @returns a fresh array over its own buffer, so that it can be transferred
 * @throws HounsfieldError `truncated`, `malformed-dicom`, `io`, all with file and frame; `invalid-option` for no such frame
 */
export async function readFrame(header: SliceHeader, frame = 0, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const { source, numberOfFrames, pixelData } = header;
  if (!Number.isInteger(frame) || frame < 0 || frame >= numberOfFrames) {
    const message = `${source.name}: has no frame ${frame}; accepted is 0 to ${numberOfFrames - 1}`;
    throw new HounsfieldError("invalid-option", message, {
      file: source.name,
      frame,
      accepted: numberOfFrames,
    });
  }
  try {
    return pixelData.encapsulated
      ? await readFragments(header, frame, signal)
      : await readNative(header, frame);
  } catch (error) {
    if (!(error instanceof HounsfieldError) || error.fields.frame !== undefined) throw error;
    const message =
      numberOfFrames === 1 ? error.message : `${error.message} (frame ${frame} of ${numberOfFrames})`;
    throw new HounsfieldError(error.code, message, { ...error.fields, frame }, error.cause);
  }
}

function readNative(header: SliceHeader, frame: number): Promise<Uint8Array> {
  const bytes = nativeFrameBytes(header);
  const start = header.pixelData.offset + frame * bytes;
  return readExactly(header.source, start, start + bytes);
}

async function readFragments(header: SliceHeader, frame: number, signal?: AbortSignal): Promise<Uint8Array> {
  const read = windowReader(header);
  const index = await indexFragments(header, read, signal);
  const extents = framesOf(header, index)[frame];
  signal?.throwIfAborted();
  return join(extents, read);
}

async function join(extents: readonly Extent[], read: Reader): Promise<Uint8Array> {
  const joined = new Uint8Array(extents.reduce((bytes, extent) => bytes + extent.length, 0));
  let at = 0;
  for (const { offset, length } of extents) {
    joined.set(await read(offset, length), at);
    at += length;
  }
  return joined;
}

/**
 * Which fragments make which frame (PS3.5 A.4): all of them make the only one, or there is one for each; else the
 * Basic Offset Table tells where it fits the fragments; else each frame begins with a start of a JPEG or JPEG 2000
 * stream, whose two bytes cannot stand inside entropy-coded data (T.81 B.1.1.5, T.800 A.3).
 * @throws HounsfieldError `malformed-dicom`, `truncated` where none of these gives as many frames as declared
 */
export function framesOf(header: SliceHeader, index: FragmentIndex): readonly (readonly Extent[])[] {
  const { fragments, starts } = index;
  const frames = header.numberOfFrames;
  if (frames === 1 && fragments.length > 0) return [fragments];
  if (frames === fragments.length) return fragments.map((fragment) => [fragment]);
  const inTable = tableOffsets(index);
  const byTable = fragments.map((fragment) => inTable.has(fragment.offset));
  if (byTable.filter(Boolean).length === frames && byTable[0]) return groupedAt(fragments, byTable);
  const byMarker = starts.map((start) => start === 0xffd8 || start === 0xff4f);
  if (byMarker.filter(Boolean).length === frames && byMarker[0]) return groupedAt(fragments, byMarker);
  const file = header.source.name;
  const message = `${file}: ${frames} frames are declared, but ${fragments.length} fragments of pixel data are there`;
  const code = fragments.length < frames ? "truncated" : "malformed-dicom";
  const fields = { file, offset: header.pixelData.offset, got: fragments.length, accepted: frames };
  throw new HounsfieldError(code, message, fields);
}

/** The offset table as offsets in the file, of first bytes rather than of item tags. */
function tableOffsets({ offsetTable, fragments }: FragmentIndex): ReadonlySet<number> {
  return new Set(offsetTable.map((offset) => (fragments[0]?.offset ?? 0) + offset));
}

function groupedAt(fragments: readonly Extent[], isStart: readonly boolean[]): Extent[][] {
  const frames: Extent[][] = [];
  fragments.forEach((fragment, i) => {
    if (isStart[i]) frames.push([fragment]);
    else frames[frames.length - 1].push(fragment);
  });
  return frames;
}
