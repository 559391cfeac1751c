import { readFrame } from "../image/pixel_data.js";
import { rescaleOf } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";

/**
 * Whether two images are the same measurement: alike in size, bits, transfer syntax and rescale, and equal in
 * every encoded byte of their pixels. Two encodings of the same values do not count: nothing is decoded here.
 * @throws HounsfieldError of reading a frame
 */
export async function haveEqualPixels(
  a: SliceHeader,
  b: SliceHeader,
  signal?: AbortSignal,
): Promise<boolean> {
  if (signatureOf(a) !== signatureOf(b)) return false;
  if (a.numberOfFrames === 1 && b.numberOfFrames === 1 && a.pixelData.length !== b.pixelData.length)
    return false;
  const [one, other] = await Promise.all([readFrame(a, undefined, signal), readFrame(b, undefined, signal)]);
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function signatureOf(header: SliceHeader): string {
  const { transferSyntax, rows, columns, bitsAllocated, bitsStored, highBit, pixelRepresentation } = header;
  const { slope, intercept } = rescaleOf(header);
  const table = header.modalityLut;
  return JSON.stringify([
    ...[transferSyntax, rows, columns, bitsAllocated, bitsStored, highBit, pixelRepresentation],
    ...[slope, intercept, header.rescaleType, table?.first, table && [...table.values]],
  ]);
}
