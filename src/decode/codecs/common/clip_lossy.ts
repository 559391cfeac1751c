import type { FrameDescription } from "../../../core/frame.js";
import type { Codec, StoredValues } from "./codec.js";
import { toHu } from "./hu.js";

/**
 * A codec whose code streams may be lossy, with their values clipped to the bits that the header stores: what
 * is a little beyond the brightest value is not to become black, as cutting its upper bits off would make it.
 * Of streams without loss the bits beyond are not of the values (PS3.5 8.1.1), and are cut off.
 * @param lossyPrecision bits of a sample of a lossy stream; undefined for one without loss
 * @throws what decoding it throws
 */
export function clippingLossy(
  codec: Codec,
  lossyPrecision: (bytes: Uint8Array) => number | undefined,
): Codec {
  const wideFrame = (bytes: Uint8Array, frame: FrameDescription): FrameDescription | undefined => {
    // Signed values in samples without a sign go round where they leave their bits: there is nothing to clip.
    if (frame.bitsStored >= frame.bitsAllocated || frame.highBit !== frame.bitsStored - 1) return undefined;
    if (frame.pixelRepresentation === 1) return undefined;
    const precision = lossyPrecision(bytes);
    if (precision === undefined || precision <= frame.bitsStored || precision > frame.bitsAllocated)
      return undefined;
    return { ...frame, bitsStored: precision, highBit: precision - 1 };
  };
  const decode: Codec["decode"] = (bytes, frame, memory) => {
    const wide = wideFrame(bytes, frame);
    if (!wide) return codec.decode(bytes, frame, memory);
    return clip(codec.decode(bytes, wide, memory), 2 ** frame.bitsStored - 1);
  };
  return {
    decode,
    decodeHu(bytes, frame, rescale, memory) {
      if (codec.decodeHu && !wideFrame(bytes, frame)) return codec.decodeHu(bytes, frame, rescale, memory);
      return toHu(decode(bytes, frame), frame, rescale, memory);
    },
  };
}

function clip(values: StoredValues, most: number): StoredValues {
  for (let i = 0; i < values.length; i++) if (values[i] > most) values[i] = most;
  return values;
}
