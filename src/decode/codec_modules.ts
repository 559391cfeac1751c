import type { CodecName } from "./codec_names.js";
import type { Codec } from "./codecs/common/codec.js";
import { codecNameOf } from "./registry.js";
import { imported } from "./worker_failed.js";

/** How to load each codec, as a module of its own: nothing is loaded before its use. */
const CODEC_MODULES: Readonly<Record<CodecName, () => Promise<Codec>>> = {
  raw: async () => (await imported(import("./codecs/raw/raw.js"))).createRawCodec(),
  bigEndian: async () => (await imported(import("./codecs/raw/big_endian.js"))).createBigEndianCodec(),
  rle: async () => (await imported(import("./codecs/rle/rle.js"))).createRleCodec(),
  jpegDct: async () => (await imported(import("./codecs/jpeg_dct/jpeg_dct.js"))).createJpegDctCodec(),
  jpegLossless: async () =>
    (await imported(import("./codecs/jpeg_lossless/jpeg_lossless.js"))).createJpegLosslessCodec(),
  jpegLs: async () => (await imported(import("./codecs/jpeg_ls/jpeg_ls.js"))).createJpegLsCodec(),
  jpeg2000: async () => (await imported(import("./codecs/jpeg_2000/jpeg_2000.js"))).createJpeg2000Codec(),
  htj2k: async () => (await imported(import("./codecs/jpeg_2000/htj2k.js"))).createHtj2kCodec(),
};

/**
 * A new codec for a transfer syntax, with memory of its own: keep it for as long as there are frames of that
 * kind. Rejects with HounsfieldError `unsupported-transfer-syntax`; `worker-failed` where its module cannot
 * be fetched; `no-wasm`.
 */
export async function codecFor(transferSyntax: string): Promise<Codec> {
  return CODEC_MODULES[codecNameOf(transferSyntax)]();
}
