import type { Control } from "../../core/control.js";
import { dispose } from "../../core/dispose.js";
import { type ErrorCode, HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { FrameDescription } from "../../core/frame.js";
import { checkOptions } from "../../core/options.js";
import { boolean, callback, count, required } from "../../core/rules.js";
import type { StoredValues } from "../codecs/common/codec.js";
import type { DecodeOutput } from "../decode_frame.js";
import { workerFailed } from "../worker_failed.js";
import { workersFor } from "./concurrency.js";
import {
  type DecodeReply,
  type DecodeRequest,
  type DecodeTask,
  fromPlainError,
  transferable,
} from "./messages.js";
import { createTaskQueue } from "./task_queue.js";
import type { WorkerLike } from "./worker_like.js";

/** A frame to be decoded, and as what. */
export interface DecodeJob<Output extends DecodeOutput = DecodeOutput> {
  /**
   * One frame, all its fragments joined. The pool takes it over: its buffer is transferred, so that it is
   * empty afterwards. Where it is only a part of its buffer, that part is copied out first and the rest stays
   * with the caller, unless `wholeBuffer` goes.
   */
  readonly bytes: Uint8Array;
  /** Nobody needs what else the buffer of `bytes` holds: it is taken over uncopied. */
  readonly wholeBuffer?: boolean;
  readonly frame: FrameDescription;
  readonly output: Output;
  /**
   * Where the values go if it is large enough: of `createMemory`, or the buffer of an earlier result. The
   * pool takes it over until the result is there, whose buffer it then is. Memory of a job that failed is not
   * to be used again: the worker may still write to it.
   */
  readonly memory?: ArrayBufferLike;
  /** The file, as errors shall name it. */
  readonly label?: string;
  /** Jobs of a higher priority are sent to a worker first. Default 0. */
  readonly priority?: number;
}

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

/**
 * Tasks a worker has at a time: enough that it never waits for the next message, few enough that priorities
 * matter.
 */
const MOST_IN_WORKER = 4;
/** A worker gets new tasks when it is down to this many. */
const FEW_IN_WORKER = 2;

/** A job with the promise it settles. */
interface Entry {
  readonly id: number;
  readonly job: DecodeJob;
  readonly resolve: (values: Int16Array | StoredValues) => void;
  readonly reject: (reason: unknown) => void;
}

interface Crew {
  readonly worker: WorkerLike;
  readonly entries: Map<number, Entry>;
}

/** A pool of workers that decode frames; each is started when there is work for it. */
export function createDecodePool(options: DecodePoolOptions): DecodePool {
  const { spawn, size, maxQueued, memoryBytes = 2 ** 30, shareMemory = false } = checkPoolOptions(options);
  const mostQueued = maxQueued ?? 4 * size;
  const queue = createTaskQueue<Entry>();
  const crews = new Set<Crew>();
  const held: (() => void)[] = [];
  let nextId = 1;
  let dispatching = false;
  let destroyed = false;

  function decode(job: DecodeJob, control: Control = {}): Promise<Int16Array | StoredValues> {
    const { signal } = control;
    return new Promise((resolve, reject) => {
      if (destroyed) throw destroyedError();
      signal?.throwIfAborted();
      const onAbort = () => {
        entry.reject(signal?.reason);
        if (queue.remove(entry)) releaseHeld();
      };
      const settle = () => signal?.removeEventListener("abort", onAbort);
      const entry: Entry = {
        id: nextId++,
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
      queue.add(entry, job.priority ?? 0);
      scheduleDispatch();
    });
  }

  /** In a microtask, so that jobs given in one go can share a message. */
  function scheduleDispatch(): void {
    if (dispatching) return;
    dispatching = true;
    queueMicrotask(() => {
      dispatching = false;
      dispatch();
    });
  }

  function dispatch(): void {
    try {
      while (queue.length > 0 && !destroyed) {
        const most = workersFor(queue.first.job.frame, size, memoryBytes);
        const crew = nextCrew(most);
        if (!crew) break;
        const fair = Math.ceil(queue.length / most);
        send(crew, withBytes(queue.take(Math.min(fair, MOST_IN_WORKER - crew.entries.size))));
      }
    } catch (cause) {
      const reason = isHounsfieldError(cause) ? cause : workerFailed(undefined, cause);
      for (const entry of queue.take(queue.length)) entry.reject(reason);
    }
    releaseHeld();
  }

  /** An idle worker, else a new one, else one that is about to run dry: with it, at most `most` are busy. */
  function nextCrew(most: number): Crew | undefined {
    const idle = [...crews].find(({ entries }) => entries.size === 0);
    const busy = [...crews].filter(({ entries }) => entries.size > 0);
    if (busy.length < most) return idle ?? hire();
    const [driest] = busy.sort((a, b) => a.entries.size - b.entries.size);
    return busy.length === most && driest.entries.size <= FEW_IN_WORKER ? driest : undefined;
  }

  function hire(): Crew {
    const crew: Crew = { worker: spawn(), entries: new Map() };
    crews.add(crew);
    crew.worker.listen(
      (data) => settle(crew, data as readonly DecodeReply[]),
      (reason) => dismiss(crew, reason),
    );
    return crew;
  }

  function send(crew: Crew, entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const given = new Set<ArrayBufferLike>();
    const tasks = entries.map(({ id, job }): DecodeTask => {
      const { frame, output, memory, wholeBuffer } = job;
      // A buffer that was given away before cannot be posted, and one memory cannot take two frames.
      const usable = memory !== undefined && memory.byteLength > 0 && !given.has(memory);
      if (usable) given.add(memory);
      const bytes = crew.worker.inThread || wholeBuffer ? job.bytes : ownedBytes(job.bytes);
      return { id, bytes, frame, output, memory: usable ? memory : undefined };
    });
    for (const entry of entries) crew.entries.set(entry.id, entry);
    crew.worker.setBusy?.(true);
    const request: DecodeRequest = { tasks };
    try {
      crew.worker.post(request, transferable(tasks.flatMap(({ bytes, memory }) => [bytes.buffer, memory])));
    } catch (cause) {
      for (const { id } of entries) crew.entries.delete(id);
      crew.worker.setBusy?.(crew.entries.size > 0);
      refuse(entries, "decode-failed", "its bytes could not be sent to a decode worker", cause);
    }
  }

  function settle(crew: Crew, replies: readonly DecodeReply[]): void {
    for (const reply of replies) {
      const entry = crew.entries.get(reply.id);
      if (!entry) continue;
      crew.entries.delete(reply.id);
      if ("error" in reply) entry.reject(fromPlainError(reply.error, entry.job.label));
      else entry.resolve(reply.values);
    }
    dispatch();
    if (crew.entries.size === 0) crew.worker.setBusy?.(false);
  }

  /** A worker that failed takes its frames with it; the next job gets a new one. */
  function dismiss(crew: Crew, reason: Error): void {
    if (!crews.delete(crew)) return;
    crew.worker.terminate();
    if (isHounsfieldError(reason)) for (const entry of crew.entries.values()) entry.reject(reason);
    else
      refuse(
        [...crew.entries.values()],
        "decode-failed",
        `the decode worker died (${reason.message})`,
        reason,
      );
    scheduleDispatch();
  }

  function ready(): Promise<void> {
    if (destroyed || queue.length < mostQueued) return Promise.resolve();
    return new Promise((resolve) => held.push(resolve));
  }

  function releaseHeld(): void {
    const room = destroyed ? held.length : mostQueued - queue.length;
    for (const resume of held.splice(0, Math.max(0, room))) resume();
  }

  function destroy(): void {
    if (destroyed) return;
    destroyed = true;
    const unfinished = queue.take(queue.length);
    for (const { worker, entries } of crews) {
      worker.terminate();
      unfinished.push(...entries.values());
      entries.clear();
    }
    crews.clear();
    for (const entry of unfinished) entry.reject(destroyedError());
    releaseHeld();
  }

  return {
    size,
    workersFor: (frame) => workersFor(frame, size, memoryBytes),
    createMemory: (bytes) => (shareMemory ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes)),
    decode: decode as DecodePool["decode"],
    ready,
    destroy,
    [dispose]: destroy,
  };
}

/**
 * Refuses and leaves out the entries without bytes. A buffer that was transferred already looks so, and
 * posting it would be lost.
 */
function withBytes(entries: readonly Entry[]): Entry[] {
  const empty = entries.filter(({ job }) => job.bytes.byteLength === 0);
  refuse(empty, "truncated", "the frame has no bytes, or its buffer was transferred before");
  return entries.filter(({ job }) => job.bytes.byteLength > 0);
}

function refuse(entries: readonly Entry[], code: ErrorCode, message: string, cause?: unknown): void {
  for (const { job, reject } of entries) {
    const fields = { transferSyntax: job.frame.transferSyntax };
    reject(fromPlainError({ code, message, fields }, job.label, cause));
  }
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

function destroyedError(): HounsfieldError {
  return new HounsfieldError("destroyed", "the engine or its decode pool was destroyed");
}

/** The same bytes in a buffer that holds nothing else, so that transferring it takes nothing from anybody. */
function ownedBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
