import type { WorkerLike } from "../decode/pool/worker_like.js";
import { workerFailed } from "../decode/worker_failed.js";
import type { CodecUrls } from "./codec_by_url.js";
import type { StartPageWorker } from "./start_worker.js";

/**
 * Starts a decode worker.
 * @throws HounsfieldError `worker-failed`, which is also what it fails with where it dies before its first
 * word
 */
export function startDecodeWorker(start: StartPageWorker, codecs: CodecUrls): WorkerLike {
  const { worker, url } = start({ decode: codecs });
  let hasStarted = false;
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onFailure) {
      worker.addEventListener("message", (event) => {
        hasStarted = true;
        onMessage(event.data);
      });
      worker.addEventListener("messageerror", () => onFailure(new Error("a message could not be read")));
      worker.addEventListener("error", (event) => {
        // It is told to the caller: the page's console need not say it again.
        event.preventDefault();
        const cause = new Error(event.message || "the browser does not say why");
        onFailure(hasStarted ? cause : workerFailed(url, cause));
      });
    },
    terminate: () => worker.terminate(),
  };
}
