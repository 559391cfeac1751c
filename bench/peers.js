// The decoders that viewers ship, each called as directly as it can be. Of a slice `{ bytes, frame }` they
// give bytes or values in a buffer of their own.
import { createRequire } from "node:module";
import { Decoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import { openDcmjsCodecs } from "./decode_inputs.js";
import { decodeRleByCornerstone } from "./peers_rle.js";

/** @typedef {import("./decode_inputs.js").Slice} Slice */
/**
 * @typedef {"decodeJpeg" | "decodeRle" | "decodeJpegLs" | "decodeJpeg2000"
 * | "decodeHtJpeg2000"} DcmjsMethod
 */

/**
 * A decoder of `@cornerstonejs`, compiled by emscripten.
 * @typedef {{ getEncodedBuffer(bytes: number): Uint8Array, decode(): void, getDecodedBuffer(): Uint8Array,
 * delete(): void }} ForeignDecoder
 */

export async function openPeers() {
  const require = createRequire(import.meta.url);
  // OpenJPEG prints a line a frame.
  /** @param {string} name @returns {Promise<Readonly<Record<string, new () => ForeignDecoder>>>} */
  const open = (name) => require(name)({ print() {}, printErr() {} });
  const charLs = await open("@cornerstonejs/codec-charls/decodewasmjs");
  const openJpeg = await open("@cornerstonejs/codec-openjpeg/decodewasmjs");
  const openJph = await open("@cornerstonejs/codec-openjph/wasmjs");
  const { NativeCodecs, context } = await openDcmjsCodecs();
  const dcmjs =
    (/** @type {DcmjsMethod} */ method) =>
    (/** @type {Slice} */ { bytes, frame }) =>
      NativeCodecs[method](context(frame, { encodedBuffer: bytes })).getDecodedBuffer();
  return {
    losslessJs: (/** @type {Slice} */ { bytes }) =>
      new Decoder().decode(bytes.buffer, bytes.byteOffset, bytes.length, 2),
    rleJs: (/** @type {Slice} */ { bytes, frame }) => decodeRleByCornerstone(bytes, frame),
    charLs: (/** @type {Slice} */ { bytes }) => decodeForeign(new charLs.JpegLSDecoder(), bytes),
    openJpeg: (/** @type {Slice} */ { bytes }) => decodeForeign(new openJpeg.J2KDecoder(), bytes),
    openJph: (/** @type {Slice} */ { bytes }) => decodeForeign(new openJph.HTJ2KDecoder(), bytes),
    dcmjsJpeg: dcmjs("decodeJpeg"),
    dcmjsRle: dcmjs("decodeRle"),
    dcmjsJpegLs: dcmjs("decodeJpegLs"),
    dcmjsJpeg2000: dcmjs("decodeJpeg2000"),
    dcmjsHtj2k: dcmjs("decodeHtJpeg2000"),
  };
}

/** @param {ForeignDecoder} decoder @param {Uint8Array} bytes */
function decodeForeign(decoder, bytes) {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const values = decoder.getDecodedBuffer().slice();
  decoder.delete();
  return values;
}
