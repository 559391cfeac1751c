import type { ComputeWorkerStart } from "../engine/cpu/shared_control.js";

/** Starts a thread of the CPU engine and gives back what ends it. The pattern of the URL is the one that bundlers know. */
export function spawnComputeWorker(start: ComputeWorkerStart): () => void {
  const worker = new Worker(new URL("./compute_worker.js", import.meta.url), { type: "module" });
  worker.postMessage(start);
  return () => worker.terminate();
}
