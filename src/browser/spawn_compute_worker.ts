import type { TeamStart } from "../engine/cpu/team_control.js";

/** Starts a thread of the CPU engine and gives back what ends it. The pattern of the URL is the one that bundlers know. */
export function spawnComputeWorker(start: TeamStart): () => void {
  const worker = new Worker(new URL("./compute_worker.js", import.meta.url), { type: "module" });
  worker.postMessage(start);
  return () => worker.terminate();
}
