import { HounsfieldError } from "../../../core/errors.js";
import type { FrameDescription } from "../../../core/frame.js";
import type { Codec } from "../common/codec.js";
import { copyOut } from "../common/frame_memory.js";
import { toHu } from "../common/hu.js";
import { createPackedCodec, type PackedOutput, type PackedValues } from "../common/packed_codec.js";
import { checkFrame, storedBits } from "../common/stored_bits.js";
import { parseRleHeader, type RleSegment } from "./header.js";
import { compileRle, instantiateRle, type RleKernel } from "./kernel.js";
import { decodeRle32 } from "./rle_32.js";

/** The kernel works in vectors of 16 bytes; it may touch that much behind each region. */
const SLACK = 32;
/** What `unpack` writes for a run that goes beyond the plane. */
const OVERRUN = 0xffffffff;

/**
 * RLE Lossless (DICOM PS3.5 Annex G): transfer syntax 1.2.840.10008.1.2.5, gray, 8 bits in one segment, 16 in
 * two or 32 in four, the one with the most significant bytes first. Errors: `truncated` and `decode-failed`
 * with the byte offset in the frame, `unsupported-image`, `malformed-dicom`.
 */
export async function createRleCodec(): Promise<Codec> {
  const module = await compileRle();
  const packed = createPackedCodec(() => instantiateRle(module), decodeFrame);
  return {
    decode: (bytes, frame, memory) =>
      frame.bitsAllocated === 32 ? decodeRle32(packed, bytes, frame) : packed.decode(bytes, frame, memory),
    decodeHu: (bytes, frame, rescale, memory) =>
      frame.bitsAllocated === 32
        ? toHu(decodeRle32(packed, bytes, frame), frame, rescale, memory)
        : packed.decodeHu(bytes, frame, rescale, memory),
  };
}

function decodeFrame(
  kernel: RleKernel,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: PackedOutput,
): PackedValues {
  checkFrame(frame);
  const count = frame.rows * frame.columns;
  const segments = parseRleHeader(bytes, frame.bitsAllocated / 8);
  for (const segment of segments) checkRoom(segment, count);
  const input = kernel.take(bytes.length + SLACK);
  kernel.bytes().set(bytes, input);
  const planes = segments.map((segment) => unpackSegment(kernel, input, segment, count));
  return joinPlanes(kernel, planes, frame, output);
}

/** Two bytes make at most 128: what a segment cannot hold is refused before memory is taken for it. */
function checkRoom({ start, end }: RleSegment, count: number): void {
  if (count <= (end - start) * 64) return;
  const message = `an RLE segment of ${end - start} bytes cannot hold ${count} values`;
  throw new HounsfieldError("truncated", message, { offset: end, got: end - start });
}

/** Returns where the plane of `count` bytes lies. */
function unpackSegment(kernel: RleKernel, input: number, { start, end }: RleSegment, count: number): number {
  const plane = kernel.take(count + SLACK);
  const stopped = (kernel.run.unpack(input + start, input + end, plane, count, kernel.written) >>> 0) - input;
  const written = new DataView(kernel.bytes().buffer).getUint32(kernel.written, true);
  if (written === count) return plane;
  if (written === OVERRUN) {
    const message = `an RLE run goes beyond the ${count} values of its segment`;
    throw new HounsfieldError("decode-failed", message, { offset: stopped });
  }
  const message = `an RLE segment ends after ${written} of ${count} values`;
  throw new HounsfieldError("truncated", message, { offset: stopped, got: written, accepted: count });
}

function joinPlanes(
  kernel: RleKernel,
  planes: readonly number[],
  frame: FrameDescription,
  output: PackedOutput,
): PackedValues {
  const { rows, columns } = frame;
  const { pitch, slope, intercept, memory } = output;
  const { right, mask, sign } = storedBits(frame, frame.bitsAllocated);
  const values = kernel.take(rows * pitch * 2);
  const [high, low] = planes.length === 2 ? planes : [0, planes[0]];
  kernel.run.join_rows(
    high,
    low,
    values,
    rows,
    columns,
    pitch,
    right,
    mask,
    sign,
    slope,
    intercept,
    kernel.range,
  );
  const { buffer } = kernel.bytes();
  const [least, most] = new Int32Array(buffer, kernel.range, 2);
  return { values: copyOut(new Uint16Array(buffer, values, rows * pitch), memory), low: least, high: most };
}
