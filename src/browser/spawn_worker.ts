import type { WorkerLike } from "../decode/pool/worker_like.js";

/** Starts a decode worker. The pattern of the URL is the one that bundlers know. */
export function spawnBrowserWorker(): WorkerLike {
  const worker = new Worker(new URL("./decode_worker.js", import.meta.url), { type: "module" });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onFailure) {
      worker.addEventListener("message", (event) => onMessage(event.data));
      worker.addEventListener("messageerror", () => onFailure(new Error("a message could not be read")));
      worker.addEventListener("error", (event) =>
        onFailure(new Error(event.message || "it failed to start")),
      );
    },
    terminate: () => worker.terminate(),
  };
}
