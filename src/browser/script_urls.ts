import type { CodecUrls } from "./codec_by_url.js";

/** Where the files lie that workers are made of. */
export interface ScriptUrls {
  readonly worker: URL;
  readonly codecs: CodecUrls;
}

/**
 * Beside this module, whatever a bundler makes of it: each is one file that imports nothing, so that a
 * bundler that copies it is as good as one that builds it. Bundlers know an asset by exactly this pattern. In
 * dist/standalone/ there is another such module.
 */
export function scriptUrls(): ScriptUrls {
  return {
    worker: new URL("./worker.js", import.meta.url),
    codecs: {
      rle: new URL("../decode/codecs/rle/rle.js", import.meta.url).href,
      jpegDct: new URL("../decode/codecs/jpeg_dct/jpeg_dct.js", import.meta.url).href,
      jpegLs: new URL("../decode/codecs/jpeg_ls/jpeg_ls.js", import.meta.url).href,
      jpeg2000: new URL("../decode/codecs/jpeg_2000/jpeg_2000.js", import.meta.url).href,
      htj2k: new URL("../decode/codecs/jpeg_2000/htj2k.js", import.meta.url).href,
    },
  };
}
