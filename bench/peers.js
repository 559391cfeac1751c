// The decoders that viewers ship, each called as directly as it can be. Of a slice `{ bytes, frame }` they
// give bytes or values in a buffer of their own.
import { createRequire } from "node:module";
import { Decoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import { openDcmjsCodecs } from "./decode_inputs.js";
import { decodeRleByCornerstone } from "./peers_rle.js";

export async function openPeers() {
  const require = createRequire(import.meta.url);
  // OpenJPEG prints a line a frame.
  const open = (name) => require(name)({ print() {}, printErr() {} });
  const charLs = await open("@cornerstonejs/codec-charls/decodewasmjs");
  const openJpeg = await open("@cornerstonejs/codec-openjpeg/decodewasmjs");
  const openJph = await open("@cornerstonejs/codec-openjph/wasmjs");
  const { NativeCodecs, context } = await openDcmjsCodecs();
  const dcmjs =
    (method) =>
    ({ bytes, frame }) =>
      NativeCodecs[method](context(frame, { encodedBuffer: bytes })).getDecodedBuffer();
  return {
    losslessJs: ({ bytes }) => new Decoder().decode(bytes.buffer, bytes.byteOffset, bytes.length, 2),
    rleJs: ({ bytes, frame }) => decodeRleByCornerstone(bytes, frame),
    charLs: ({ bytes }) => decodeForeign(new charLs.JpegLSDecoder(), bytes),
    openJpeg: ({ bytes }) => decodeForeign(new openJpeg.J2KDecoder(), bytes),
    openJph: ({ bytes }) => decodeForeign(new openJph.HTJ2KDecoder(), bytes),
    dcmjsJpeg: dcmjs("decodeJpeg"),
    dcmjsRle: dcmjs("decodeRle"),
    dcmjsJpegLs: dcmjs("decodeJpegLs"),
    dcmjsJpeg2000: dcmjs("decodeJpeg2000"),
    dcmjsHtj2k: dcmjs("decodeHtJpeg2000"),
  };
}

function decodeForeign(decoder, bytes) {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const values = decoder.getDecodedBuffer().slice();
  decoder.delete();
  return values;
}
