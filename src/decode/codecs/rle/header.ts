import { HounsfieldError } from "../../../core/errors.js";

/** Bytes of one segment in the frame: from `start` up to `end`. */
export interface RleSegment {
  readonly start: number;
  readonly end: number;
}

/** A count and 15 offsets, u32 little-endian (PS3.5 G.5). */
export const RLE_HEADER_BYTES = 64;
const MOST_SEGMENTS = 15;

/**
 * Reads the RLE header: `planes` segments, in ascending order, within the frame.
 * @throws HounsfieldError `truncated`, `decode-failed` with the byte offset; `unsupported-image` for three
 * times the planes (color)
 */
export function parseRleHeader(bytes: Uint8Array, planes: number): RleSegment[] {
  if (bytes.length < RLE_HEADER_BYTES) {
    const message = `an RLE frame has a header of ${RLE_HEADER_BYTES} bytes, got ${bytes.length}`;
    throw new HounsfieldError("truncated", message, { offset: bytes.length, got: bytes.length });
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, RLE_HEADER_BYTES);
  const count = header.getUint32(0, true);
  if (count !== planes) throw countError(count, planes);
  const starts = Array.from({ length: count }, (_, i) => header.getUint32(4 + 4 * i, true));
  return starts.map((start, i) => {
    const least = i === 0 ? RLE_HEADER_BYTES : starts[i - 1] + 1;
    const most = bytes.length - 1;
    if (start < least || start > most) {
      const message = `RLE segment ${i + 1} starts at byte ${start} of a frame of ${bytes.length}`;
      throw new HounsfieldError("decode-failed", message, {
        offset: 4 + 4 * i,
        got: start,
        accepted: [least, most],
      });
    }
    return { start, end: i + 1 < count ? starts[i + 1] : bytes.length };
  });
}

function countError(count: number, planes: number): HounsfieldError {
  const fields = { offset: 0, got: count, accepted: planes };
  if (count === 3 * planes) {
    const message = `${count} RLE segments are those of a color image: color images are not supported`;
    return new HounsfieldError("unsupported-image", message, fields);
  }
  const most = count > MOST_SEGMENTS ? `, more than the ${MOST_SEGMENTS} a header can have` : "";
  const message = `${count} RLE segments${most}; the bits allocated take ${planes}`;
  return new HounsfieldError("decode-failed", message, fields);
}
