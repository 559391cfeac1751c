import type { ScriptUrls } from "./script_urls.js";

/**
 * In place of script_urls.ts in dist/standalone/: its one file is the worker's script too, and has all
 * codecs.
 */
export function scriptUrls(): ScriptUrls {
  return {
    worker: new URL(import.meta.url),
    codecs: { rle: "", jpegDct: "", jpegLs: "", jpeg2000: "", htj2k: "" },
  };
}
