import type { FrameDescription } from "../core/frame.js";
import { prefetch } from "../core/prefetch.js";
import type { StoredValues } from "../decode/codecs/common/codec.js";
import { frameDescription } from "../dicom/image/frame_description.js";
import { withFrame } from "../dicom/image/frame_error.js";
import { nativeFrameBytes } from "../dicom/image/native_frame.js";
import { frameReader } from "../dicom/image/pixel_data.js";
import type { ImageHeader } from "../dicom/image/slice_header.js";
import type { ByteBudget } from "./byte_budget.js";

/**
 * Decodes the bytes of one frame, which it may take over; a worker's pool or a codec in place. `label` is the
 * file.
 */
export type DecodeStored = (
  bytes: Uint8Array,
  frame: FrameDescription,
  label: string,
) => Promise<StoredValues>;

export interface StoredFramesOptions {
  readonly decode: DecodeStored;
  /** Frames under way beside the one waited for. */
  readonly ahead: number;
  /** What frames under way may take, together with those of other files. */
  readonly budget: ByteBudget;
  readonly signal?: AbortSignal;
}

/**
 * Stored values of each frame of an image, in order; row-major, [rows, columns]. Only frames under way are in
 * memory.
 * @throws HounsfieldError of reading or decoding, with file and frame; the signal's reason
 */
export async function* storedFrames(
  header: ImageHeader,
  { decode, ahead, budget, signal }: StoredFramesOptions,
): AsyncGenerator<StoredValues, void, undefined> {
  const reader = frameReader(header);
  const description = frameDescription(header);
  // Encoded and decoded; an encoded frame is rarely larger than its values.
  const bytes = 2 * nativeFrameBytes(header);
  const held = new Set<number>();
  let stopped = false;
  const release = (frame: number) => {
    if (held.delete(frame)) budget.giveBack(bytes);
  };
  const decodeOne = async (frame: number): Promise<StoredValues> => {
    await budget.take(bytes);
    held.add(frame);
    try {
      if (stopped) throw new DOMException("an earlier frame failed", "AbortError");
      return await decode(await reader.read(frame, signal), description, header.source.name);
    } catch (error) {
      release(frame);
      throw withFrame(error, header, frame);
    } finally {
      if (stopped) release(frame);
    }
  };
  let frame = 0;
  try {
    for await (const values of prefetch(header.numberOfFrames, ahead, decodeOne)) {
      yield values;
      release(frame++);
    }
  } finally {
    stopped = true;
    for (const one of held) release(one);
  }
}
