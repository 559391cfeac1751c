/** `hounsfield` in one file, which is its workers' script as well. */
import { codecFor } from "../decode/codec_modules.js";
import { WORKER_NAME } from "./start_worker.js";
import { liveAsWorker } from "./worker_life.js";

export * from "./index.js";

// Started as a worker, not imported by a page's own: this file is then the worker's script, or the Blob's
// that imports it.
const isWorker = typeof document === "undefined" && globalThis.self !== undefined;
if (isWorker && (self.location?.href === import.meta.url || self.name === WORKER_NAME))
  liveAsWorker(() => codecFor);
