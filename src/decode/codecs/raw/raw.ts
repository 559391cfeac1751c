import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";
import type { Codec, StoredValues } from "../common/codec.js";
import { checkFrame, createStoredValues, storedBits } from "../common/stored_bits.js";

/**
 * Uncompressed little-endian frames (PS3.5 A.1, A.2), 8, 16 or 32 bits allocated. Bytes beyond the frame
 * (padding to an even length) are left alone. Where the container holds nothing but the stored value and lies
 * on its boundary, the result is a view of `bytes`. Errors: `truncated` with the byte offset,
 * `unsupported-image`, `malformed-dicom`.
 */
export async function createRawCodec(): Promise<Codec> {
  return { decode };
}

function decode(bytes: Uint8Array, frame: FrameDescription): StoredValues {
  checkFrame(frame, [8, 16, 32]);
  const needed = (frame.rows * frame.columns * frame.bitsAllocated) / 8;
  if (bytes.length < needed) {
    const message = `${frame.rows} x ${frame.columns} values of ${frame.bitsAllocated} bits take ${needed} bytes, got ${bytes.length}`;
    throw new HounsfieldError("truncated", message, {
      offset: bytes.length,
      got: bytes.length,
      accepted: needed,
    });
  }
  return isPlain(bytes, frame) ? viewOf(bytes, frame) : extract(bytes, frame);
}

/** A view does where host and file agree on the order of bytes, which they do wherever WebGPU runs. */
function isPlain(bytes: Uint8Array, frame: FrameDescription): boolean {
  if (frame.bitsStored !== frame.bitsAllocated) return false;
  return (
    frame.bitsAllocated === 8 || (bytes.byteOffset % (frame.bitsAllocated / 8) === 0 && isLittleEndian())
  );
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}

function viewOf(bytes: Uint8Array, frame: FrameDescription): StoredValues {
  const signed = frame.pixelRepresentation === 1;
  const { buffer, byteOffset } = bytes;
  const count = frame.rows * frame.columns;
  if (frame.bitsAllocated === 8) {
    return signed ? new Int8Array(buffer, byteOffset, count) : new Uint8Array(buffer, byteOffset, count);
  }
  if (frame.bitsAllocated === 16) {
    return signed ? new Int16Array(buffer, byteOffset, count) : new Uint16Array(buffer, byteOffset, count);
  }
  return signed ? new Int32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count);
}

function extract(bytes: Uint8Array, frame: FrameDescription): StoredValues {
  const { right, mask, sign } = storedBits(frame, frame.bitsAllocated);
  const values = createStoredValues(frame);
  if (frame.bitsAllocated === 8) {
    for (let i = 0; i < values.length; i++) values[i] = (((bytes[i] >> right) & mask) ^ sign) - sign;
    return values;
  }
  if (frame.bitsAllocated === 16) {
    for (let i = 0; i < values.length; i++) {
      const sample = bytes[2 * i] | (bytes[2 * i + 1] << 8);
      values[i] = (((sample >> right) & mask) ^ sign) - sign;
    }
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < values.length; i++) {
    // Numbers modulo 2^32, which the container takes as they are meant.
    values[i] = (((view.getUint32(4 * i, true) >>> right) & mask) ^ sign) - sign;
  }
  return values;
}
