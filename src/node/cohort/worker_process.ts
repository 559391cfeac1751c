import { type ChildProcess, fork } from "node:child_process";
import { HounsfieldError } from "../../core/errors.js";
import type { StudyJob } from "./process_study.js";
import type { WorkerAnswer, WorkerSetup } from "./worker.js";

/** The hidden command that a worker process runs. */
export const WORKER_COMMAND = "cohort-worker";

/** A process that works for this one. */
export interface WorkerProcess {
  /** Resolves to its answer; to "crashed" where the process died on it. */
  work(job: StudyJob): Promise<WorkerAnswer | { readonly kind: "crashed" }>;
  /** Resolves when it is gone. */
  end(): Promise<void>;
  /** At once, whatever it does. */
  kill(): void;
}

/**
 * Starts one; resolves when it takes jobs.
 * @throws HounsfieldError `worker-failed`
 */
export async function startWorker(setup: WorkerSetup): Promise<WorkerProcess> {
  const child = fork(process.argv[1], [WORKER_COMMAND, JSON.stringify(setup)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const first = await nextMessage(child);
  if (first === undefined) {
    const url = process.argv[1];
    throw new HounsfieldError("worker-failed", "a worker process did not start", { url });
  }
  return {
    async work(job) {
      if (!child.connected) return { kind: "crashed" };
      const answer = nextMessage(child);
      child.send(job);
      return ((await answer) as WorkerAnswer | undefined) ?? { kind: "crashed" };
    },
    async end() {
      if (child.connected) child.disconnect();
      await gone;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

/** Undefined where the process ends without a word. */
function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    const onMessage = (message: unknown) => settle(message);
    const onEnd = () => settle(undefined);
    const settle = (message: unknown) => {
      child.off("message", onMessage).off("exit", onEnd).off("error", onEnd);
      resolve(message);
    };
    child.on("message", onMessage).on("exit", onEnd).on("error", onEnd);
  });
}
