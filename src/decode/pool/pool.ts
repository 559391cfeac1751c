import type { Control } from "../../core/control.js";
import { dispose } from "../../core/dispose.js";
import type { FrameDescription } from "../../core/frame.js";
import { checkOptions } from "../../core/options.js";
import { boolean, callback, count, required } from "../../core/rules.js";
import type { StoredValues } from "../codecs/common/codec.js";
import type { DecodeOutput } from "../decode_frame.js";
import { workersFor } from "./concurrency.js";
import type { DecodeJob } from "./decode_job.js";
import { FrameDispatcher } from "./frame_dispatcher.js";
import type { WorkerLike } from "./worker_like.js";

/** Options of createDecodePool. */
export interface DecodePoolOptions {
  /**
   * Starts a worker that answers as `handleDecodeMessages` does. Called when there is work for it, and again
   * where one died.
   */
  readonly spawn: () => WorkerLike;
  /** Most workers at a time. */
  readonly size: number;
  /** Jobs that may wait before `ready` holds callers back. Default 4 a worker. */
  readonly maxQueued?: number;
  /**
   * What the workers may take together: for large frames, fewer of them are kept busy. One always is. Default
   * 1 GiB.
   */
  readonly memoryBytes?: number;
  /**
   * Whether `createMemory` gives memory that workers write to in place. Where not, or not allowed, buffers
   * are transferred. Default false.
   */
  readonly shareMemory?: boolean;
}

/**
 * Decodes frames in workers. Values come back in the memory given with a job, else in buffers of their own;
 * they are never copied.
 */
export interface DecodePool {
  /** Most workers at a time. */
  readonly size: number;
  /** How many of them frames like this may keep busy at a time. */
  workersFor(frame: Pick<FrameDescription, "rows" | "columns">): number;
  /** Memory for `DecodeJob.memory`, to be used for one job after the other. */
  createMemory(bytes: number): ArrayBufferLike;
  /**
   * Resolves to int16 HU in rows of `rowPitch(columns)` voxels, or to stored values without padding. Rejects
   * with the codec's HounsfieldError, `file` in its fields and message; with `decode-failed` where the worker
   * died over it; with `worker-failed` where no worker starts; with `no-wasm`; with the signal's reason.
   */
  decode(job: DecodeJob<{ kind: "hu" } & DecodeOutput>, control?: Control): Promise<Int16Array>;
  decode(job: DecodeJob, control?: Control): Promise<Int16Array | StoredValues>;
  /**
   * Resolves when a job may be added without more than `maxQueued` waiting: await it before reading the next
   * file.
   */
  ready(): Promise<void>;
  /** Ends all workers; what was not decoded rejects with `destroyed`. Idempotent. */
  destroy(): void;
  [dispose](): void;
}

/** A pool of workers that decode frames; each is started when there is work for it. */
export function createDecodePool(options: DecodePoolOptions): DecodePool {
  const { spawn, size, maxQueued, memoryBytes = 2 ** 30, shareMemory = false } = checkPoolOptions(options);
  const mostBusy: DecodePool["workersFor"] = (frame) => workersFor(frame, size, memoryBytes);
  const dispatcher = new FrameDispatcher(() => spawn(), mostBusy, maxQueued ?? 4 * size);
  const destroy = () => dispatcher.destroy();
  return {
    size,
    workersFor: mostBusy,
    createMemory: (bytes) => (shareMemory ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)),
    decode: ((job, control) => dispatcher.decode(job, control)) as DecodePool["decode"],
    ready: () => dispatcher.ready(),
    destroy,
    [dispose]: destroy,
  };
}

function checkPoolOptions(options: DecodePoolOptions): DecodePoolOptions {
  return checkOptions("createDecodePool", options, {
    spawn: required(callback),
    size: required(count),
    maxQueued: count,
    memoryBytes: count,
    shareMemory: boolean,
  });
}
