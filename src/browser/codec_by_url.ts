import { HounsfieldError } from "../core/errors.js";
import { type CodecName, codecNames } from "../decode/codec_names.js";
import type { Codec } from "../decode/codecs/common/codec.js";
import { createJpegLosslessCodec } from "../decode/codecs/jpeg_lossless/jpeg_lossless.js";
import { createBigEndianCodec } from "../decode/codecs/raw/big_endian.js";
import { createRawCodec } from "../decode/codecs/raw/raw.js";
import type { LoadCodec } from "../decode/pool/worker.js";
import { imported } from "../decode/worker_failed.js";

/**
 * Addresses of the modules of those codecs that are not in the worker's own file: larger, and less often
 * needed.
 */
export type CodecUrls = Readonly<Record<"rle" | "jpegDct" | "jpegLs" | "jpeg2000" | "htj2k", string>>;

type MakeCodec = () => Codec | Promise<Codec>;
type CodecModule =
  | typeof import("../decode/codecs/rle/rle.js")
  | typeof import("../decode/codecs/jpeg_dct/jpeg_dct.js")
  | typeof import("../decode/codecs/jpeg_ls/jpeg_ls.js")
  | typeof import("../decode/codecs/jpeg_2000/jpeg_2000.js")
  | typeof import("../decode/codecs/jpeg_2000/htj2k.js");
type KeysOf<T> = T extends unknown ? keyof T : never;
/** The names under which codecs are exported. */
type MakerName = Extract<KeysOf<CodecModule>, `create${string}Codec`>;

/**
 * The maker of a codec in the module at `url`. Where a bundler took that file for a script and dropped its
 * exports (Parcel), it is what the file left on globalThis (scripts/build-bundles.js).
 */
async function codecAt(url: string, name: MakerName): Promise<Codec> {
  const loading = import(/* @vite-ignore */ url).then((module) => {
    const make: unknown = module[name] ?? Reflect.get(globalThis, Symbol.for("hounsfield.codecs"))?.[name];
    if (typeof make !== "function") throw new Error(`it has no ${name}`);
    return make as MakeCodec;
  });
  return (await imported(loading, url))();
}

/**
 * Codecs for a worker of one file. It cannot find others by itself, since bundlers give them names of their
 * own: the page tells it where they are. What it loads so has no imports either.
 */
export function codecByUrl(urls: CodecUrls): LoadCodec {
  const codecs: Readonly<Record<CodecName, MakeCodec>> = {
    raw: createRawCodec,
    bigEndian: createBigEndianCodec,
    jpegLossless: createJpegLosslessCodec,
    rle: () => codecAt(urls.rle, "createRleCodec"),
    jpegDct: () => codecAt(urls.jpegDct, "createJpegDctCodec"),
    jpegLs: () => codecAt(urls.jpegLs, "createJpegLsCodec"),
    jpeg2000: () => codecAt(urls.jpeg2000, "createJpeg2000Codec"),
    htj2k: () => codecAt(urls.htj2k, "createHtj2kCodec"),
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
