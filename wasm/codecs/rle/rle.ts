// RLE (DICOM PS3.5 Annex G): PackBits segments to byte planes, and planes to samples.
// The RLE header, memory layout and every error are the host's (src/decode/codecs/rle/rle.ts).
// No data segment, no state, no allocation: pointers in, numbers out.

export { unpack } from "./unpack";
export { join_rows } from "./join";
