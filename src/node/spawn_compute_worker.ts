import { Worker } from "node:worker_threads";
import type { ComputeWorkerStart } from "../engine/cpu/shared_control.js";

/**
 * Starts a thread of the CPU engine from `url`, the built compute_worker.js; gives back what ends it. It
 * keeps no process alive.
 */
export function spawnComputeWorker(url: URL, start: ComputeWorkerStart): () => void {
  // No flags: see spawn_worker.ts.
  const worker = new Worker(url, { workerData: start, execArgv: [] });
  // One that cannot start is never idle, so never waited for: the others do its work.
  worker.on("error", () => {});
  worker.unref();
  return () => void worker.terminate();
}
