import { workerFailed } from "../decode/worker_failed.js";
import type { OpenEngineOptions } from "../volume/open_engine_options.js";
import { trustedUrl } from "./trusted_url.js";
import type { WorkerStart } from "./worker_life.js";

/** Of every worker, in a debugger; and how a worker whose script is imported by a Blob's knows what it is. */
export const WORKER_NAME = "hounsfield";

/** A worker of the page, and what errors call it. */
export interface StartedWorker {
  readonly worker: Worker;
  readonly url: string | undefined;
}

/**
 * Starts a worker of this page; it is told what it is for.
 * @throws HounsfieldError `worker-failed`
 */
export type StartPageWorker = (start: WorkerStart) => StartedWorker;

export function workerStarter(
  { workerUrl, createWorker }: Pick<OpenEngineOptions, "workerUrl" | "createWorker">,
  scriptUrl: URL,
): StartPageWorker {
  const given = workerUrl ?? scriptUrl;
  const url = createWorker ? undefined : absolute(String(given));
  const create = () => {
    if (createWorker) return createWorker() as Worker;
    // A caller's own object of Trusted Types goes to the browser as it is; our own script's address is made
    // one.
    const isTrusted = typeof given !== "string" && !(given instanceof URL);
    const address = isTrusted ? (given as URL) : scriptAddress(url!, workerUrl === undefined);
    return new Worker(address, { type: "module", name: WORKER_NAME });
  };
  return (start) => {
    try {
      const worker = create();
      worker.postMessage(start);
      return { worker, url };
    } catch (cause) {
      throw workerFailed(url, cause);
    }
  };
}

/**
 * What a browser takes as a worker's script. From another origin it takes none, but a worker of this page's
 * origin may import what the other origin allows to be read (CORS).
 */
function scriptAddress(url: string, isOurs: boolean): string | URL {
  const isElsewhere = /^https?:/.test(url) && new URL(url).origin !== globalThis.origin;
  return trustedUrl(url, isElsewhere, isOurs);
}

/** Read from the page, or from the worker that this is; as it is where there is neither. */
function absolute(url: string): string {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  try {
    return new URL(url, base).href;
  } catch {
    return url;
  }
}
