import { Worker } from "node:worker_threads";
import type { WorkerLike } from "../decode/pool/worker_like.js";
import { workerFailed } from "../decode/worker_failed.js";

const REMEDY =
  "keep this package out of a server's bundle (Next: serverExternalPackages), or give openEngine a workerUrl, or workers: 0 to decode in the caller's thread";

/**
 * Starts a decode worker from `url`: the built decode_worker.js. Throws, and fails with, `worker-failed`
 * where it does not start.
 */
export function spawnNodeWorker(url: string | URL): WorkerLike {
  const worker = startWorker(url);
  let hasStarted = false;
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onFailure) {
      const onError = (reason: Error) =>
        onFailure(hasStarted ? reason : workerFailed(String(url), reason, REMEDY));
      worker.on("message", (message) => {
        hasStarted = true;
        onMessage(message);
      });
      worker.on("messageerror", onFailure);
      worker.on("error", onError);
      worker.on("exit", (code) => onError(new Error(`it exited with code ${code}`)));
    },
    setBusy: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

/** Without Node's own flags: with --input-type (`node -e`) among them no worker starts. */
function startWorker(url: string | URL): Worker {
  try {
    return new Worker(url, { execArgv: [] });
  } catch (cause) {
    throw workerFailed(String(url), cause, REMEDY);
  }
}
