import { Worker } from "node:worker_threads";
import type { WorkerLike } from "../decode/pool/worker_like.js";

/** Starts a decode worker from `url`: the built decode_worker.js. */
export function spawnNodeWorker(url: URL): WorkerLike {
  const worker = new Worker(url);
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onFailure) {
      worker.on("message", onMessage);
      worker.on("messageerror", onFailure);
      worker.on("error", onFailure);
      worker.on("exit", (code) => onFailure(new Error(`it exited with code ${code}`)));
    },
    terminate: () => void worker.terminate(),
  };
}
