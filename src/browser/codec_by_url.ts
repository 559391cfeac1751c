import { HounsfieldError } from "../core/errors.js";
import { type CodecName, codecNames } from "../decode/codec_names.js";
import type { Codec } from "../decode/codecs/common/codec.js";
import { createJpegLosslessCodec } from "../decode/codecs/jpeg_lossless/jpeg_lossless.js";
import { createBigEndianCodec } from "../decode/codecs/raw/big_endian.js";
import { createRawCodec } from "../decode/codecs/raw/raw.js";
import type { LoadCodec } from "../decode/pool/worker.js";
import { imported } from "../decode/worker_failed.js";

/** Addresses of the modules of those codecs that are not in the worker's own file: larger, and less often needed. */
export type CodecUrls = Readonly<Record<"rle" | "jpegDct" | "jpegLs" | "jpeg2000" | "htj2k", string>>;

type Rle = typeof import("../decode/codecs/rle/rle.js");
type JpegDct = typeof import("../decode/codecs/jpeg_dct/jpeg_dct.js");
type JpegLs = typeof import("../decode/codecs/jpeg_ls/jpeg_ls.js");
type Jpeg2000 = typeof import("../decode/codecs/jpeg_2000/jpeg_2000.js");
type Htj2k = typeof import("../decode/codecs/jpeg_2000/htj2k.js");

/**
 * Codecs for a worker of one file. It cannot find others by itself, since bundlers give them names of their own: the page tells it where
 * they are. What it loads so has no imports either.
 */
export function codecByUrl(urls: CodecUrls): LoadCodec {
  const load = <Module>(url: string): Promise<Module> => imported(import(/* @vite-ignore */ url), url);
  const codecs: Readonly<Record<CodecName, () => Codec | Promise<Codec>>> = {
    raw: createRawCodec,
    bigEndian: createBigEndianCodec,
    jpegLossless: createJpegLosslessCodec,
    rle: async () => (await load<Rle>(urls.rle)).createRleCodec(),
    jpegDct: async () => (await load<JpegDct>(urls.jpegDct)).createJpegDctCodec(),
    jpegLs: async () => (await load<JpegLs>(urls.jpegLs)).createJpegLsCodec(),
    jpeg2000: async () => (await load<Jpeg2000>(urls.jpeg2000)).createJpeg2000Codec(),
    htj2k: async () => (await load<Htj2k>(urls.htj2k)).createHtj2kCodec(),
  };
  return async (transferSyntax) => {
    const name = codecNames.get(transferSyntax);
    if (name) return codecs[name]();
    // The page has checked it, with more words, before it asked.
    const message = `transfer syntax ${transferSyntax} is not supported`;
    throw new HounsfieldError("unsupported-transfer-syntax", message, {
      transferSyntax,
      got: transferSyntax,
      accepted: [...codecNames.keys()],
    });
  };
}
