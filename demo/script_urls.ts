import worker from "./worker.ts?worker&url";

/**
 * In place of the library's own, which names files of dist/: the worker from source, whose codecs are modules
 * that Vite builds with it.
 */
export function scriptUrls() {
  return {
    worker: new URL(worker, location.href),
    codecs: { jpegDct: "", jpegLs: "", jpeg2000: "", htj2k: "" },
  };
}
