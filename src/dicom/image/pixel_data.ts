import type { Extent } from "../../core/byte_source.js";
import { ownsItsBuffer, readExactly } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkArgument } from "../../core/options.js";
import { wholeNotNegative } from "../../core/rules.js";
import { checkHeader } from "./check_header.js";
import { type FragmentIndex, indexFragments, type Reader, windowReader } from "./encapsulated_frames.js";
import { withFrame } from "./frame_error.js";
import { nativeFrameBytes } from "./native_frame.js";
import type { ImageHeader } from "./slice_header.js";

/**
 * The frames of one image. What it takes to find them is read once, so that many cost no more than one each.
 */
export interface FrameReader {
  /**
   * As readFrame, but the array may be a part of a buffer, of which nobody else needs the rest.
   * @throws as readFrame does
   */
  read(frame: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/**
 * The bytes of one frame as the transfer syntax encodes it: samples of uncompressed data, else the code
 * stream, its fragments joined (with the pad byte that may end it). Only this frame and the items' headers
 * are read.
 * @param frame from 0; by default the one that the header describes
 * @returns a fresh array over its own buffer, so that it can be transferred
 * @throws HounsfieldError `truncated`, `malformed-dicom`, `io`, all with file and frame; `invalid-option` for
 * no such frame
 */
export async function readFrame(
  header: ImageHeader,
  frame?: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  checkHeader("readFrame", header);
  const bytes = await frameReader(header).read(frame ?? header.frame ?? 0, signal);
  return ownsItsBuffer(bytes) ? bytes : new Uint8Array(bytes);
}

/** Reads frames of `header` one by one, in any order; see readFrame. */
export function frameReader(header: ImageHeader): FrameReader {
  checkHeader("frameReader", header);
  const readPixels = header.pixelData.encapsulated ? fragmentReader(header) : nativeReader(header);
  return {
    async read(frame, signal) {
      signal?.throwIfAborted();
      requireFrame(header, frame);
      try {
        return await readPixels(frame, signal);
      } catch (error) {
        throw withFrame(error, header, frame);
      }
    },
  };
}

type PixelReader = (frame: number, signal?: AbortSignal) => Promise<Uint8Array>;

function nativeReader(header: ImageHeader): PixelReader {
  const { source, pixelData } = header;
  const frameBytes = nativeFrameBytes(header);
  return async (frame) => {
    const start = pixelData.offset + frame * frameBytes;
    if (pixelData.swapped) return readSwapped(header, start, start + frameBytes);
    return readExactly(source, start, start + frameBytes);
  };
}

/**
 * Bytes [start, end) of pixel data whose bytes have changed places by twos, counted from the first of all
 * frames.
 */
async function readSwapped(
  { source, pixelData }: ImageHeader,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const evenStart = start - ((start - pixelData.offset) % 2);
  const evenEnd = end + ((end - pixelData.offset) % 2);
  const bytes = await readExactly(source, evenStart, evenEnd);
  const skipped = start - evenStart;
  return Uint8Array.from({ length: end - start }, (_, i) => bytes[(i + skipped) ^ 1]);
}

function fragmentReader(header: ImageHeader): PixelReader {
  const read = windowReader(header);
  let frames: Promise<readonly (readonly Extent[])[]> | undefined;
  return async (frame, signal) => {
    frames ??= indexFragments(header, read, signal).then((index) => framesOf(header, index, read));
    const extents = await frames.catch((error: unknown) => {
      // Aborted or unread: the next caller may fare better.
      frames = undefined;
      throw error;
    });
    signal?.throwIfAborted();
    const parts = extents[frame];
    // What was read with it are items' headers, and it need not be copied out from between them.
    if (header.numberOfFrames === 1 && parts.length === 1) return read(parts[0].offset, parts[0].length);
    return join(parts, read);
  };
}

function requireFrame({ source, numberOfFrames }: ImageHeader, frame: number): void {
  if (Number.isInteger(frame) && frame >= 0 && frame < numberOfFrames) return;
  checkArgument("readFrame", "frame", frame, wholeNotNegative);
  const message = `${source.name}: has no frame ${frame}; accepted is 0 to ${numberOfFrames - 1}`;
  const fields = { file: source.name, frame, accepted: numberOfFrames };
  throw new HounsfieldError("invalid-option", message, fields);
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
 * Which fragments make which frame (PS3.5 A.4): all of them make the only one, or there is one for each,
 * where the item before them is the offset table that it is to be; all else is loaded when a file needs it.
 */
async function framesOf(
  header: ImageHeader,
  index: FragmentIndex,
  read: Reader,
): Promise<readonly (readonly Extent[])[]> {
  const { first, fragments } = index;
  const frames = header.numberOfFrames;
  if (!first?.length || first.length === 4 * frames) {
    if (frames === 1 && fragments.length > 0) return [fragments];
    if (frames === fragments.length) return fragments.map((fragment) => [fragment]);
  }
  return (await import("./group_fragments.js")).groupFragments(header, index, read);
}
