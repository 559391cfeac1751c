import type { Control } from "../../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { StoredValues } from "../codecs/common/codec.js";
import { workerFailed } from "../worker_failed.js";
import { nextAssignment } from "./assign_frames.js";
import type { DecodeJob } from "./decode_job.js";
import type { PendingFrame } from "./pending_frame.js";
import { PoolWorker } from "./pool_worker.js";
import { createTaskQueue } from "./task_queue.js";
import type { WorkerLike } from "./worker_like.js";

/** Whether frames are accepted; "scheduled" where some will be handed out at the end of this task. */
type DispatcherPhase = "open" | "scheduled" | "destroyed";

/**
 * Hands frames that wait to workers, of which `mostBusy` says how many may work on frames like the next one;
 * holds callers back while `mostQueued` wait.
 */
export class FrameDispatcher {
  private readonly spawn: () => WorkerLike;
  private readonly mostBusy: (frame: DecodeJob["frame"]) => number;
  private readonly mostQueued: number;
  private readonly queue = createTaskQueue<PendingFrame>();
  private readonly workers = new Set<PoolWorker>();
  private readonly heldBack: (() => void)[] = [];
  private phase: DispatcherPhase = "open";
  private nextId = 1;

  constructor(spawn: () => WorkerLike, mostBusy: (frame: DecodeJob["frame"]) => number, mostQueued: number) {
    this.spawn = spawn;
    this.mostBusy = mostBusy;
    this.mostQueued = mostQueued;
  }

  decode(job: DecodeJob, { signal }: Control = {}): Promise<Int16Array | StoredValues> {
    return new Promise((resolve, reject) => {
      if (this.phase === "destroyed") throw destroyedError();
      signal?.throwIfAborted();
      const onAbort = () => {
        frame.reject(signal?.reason);
        if (this.queue.remove(frame)) this.releaseHeldBack();
      };
      const settle = () => signal?.removeEventListener("abort", onAbort);
      const frame: PendingFrame = {
        id: this.nextId++,
        job,
        resolve(values) {
          settle();
          resolve(values);
        },
        reject(reason) {
          settle();
          reject(reason);
        },
      };
      signal?.addEventListener("abort", onAbort);
      this.queue.add(frame, job.priority ?? 0);
      this.schedule();
    });
  }

  ready(): Promise<void> {
    if (this.phase === "destroyed" || this.queue.length < this.mostQueued) return Promise.resolve();
    return new Promise((resolve) => this.heldBack.push(resolve));
  }

  destroy(): void {
    if (this.phase === "destroyed") return;
    this.phase = "destroyed";
    const unfinished = this.queue.take(this.queue.length);
    for (const worker of this.workers) unfinished.push(...worker.end());
    this.workers.clear();
    for (const frame of unfinished) frame.reject(destroyedError());
    this.releaseHeldBack();
  }

  /** In a microtask, so that frames given in one go can share a message. */
  private schedule(): void {
    if (this.phase !== "open") return;
    this.phase = "scheduled";
    queueMicrotask(() => {
      if (this.phase !== "scheduled") return;
      this.phase = "open";
      this.dispatch();
    });
  }

  private dispatch(): void {
    try {
      while (this.queue.length > 0 && this.dispatchNext());
    } catch (cause) {
      const reason = isHounsfieldError(cause) ? cause : workerFailed(undefined, cause);
      for (const frame of this.queue.take(this.queue.length)) frame.reject(reason);
    }
    this.releaseHeldBack();
  }

  /** False where all workers have enough. */
  private dispatchNext(): boolean {
    const workers = [...this.workers];
    const counts = workers.map(({ frameCount }) => frameCount);
    const most = this.mostBusy(this.queue.first.job.frame);
    const assignment = nextAssignment(this.queue.length, counts, most);
    if (!assignment) return false;
    const worker = assignment.worker === "new" ? this.start() : workers[assignment.worker];
    worker.send(this.queue.take(assignment.frames));
    return true;
  }

  private start(): PoolWorker {
    const worker = new PoolWorker(this.spawn());
    this.workers.add(worker);
    worker.listen(
      () => this.dispatch(),
      (reason) => this.replace(worker, reason),
    );
    return worker;
  }

  /** The next frame gets a new worker. */
  private replace(worker: PoolWorker, reason: Error): void {
    if (!this.workers.delete(worker)) return;
    worker.fail(reason);
    this.schedule();
  }

  private releaseHeldBack(): void {
    const isDestroyed = this.phase === "destroyed";
    const room = isDestroyed ? this.heldBack.length : this.mostQueued - this.queue.length;
    for (const resume of this.heldBack.splice(0, Math.max(0, room))) resume();
  }
}

function destroyedError(): HounsfieldError {
  return new HounsfieldError("destroyed", "the engine or its decode pool was destroyed");
}
