import { isHounsfieldError } from "../../core/errors.js";
import {
  type DecodeReply,
  type DecodeRequest,
  type DecodeTask,
  fromPlainError,
  transferable,
} from "./messages.js";
import { type PendingFrame, rejectFrames } from "./pending_frame.js";
import type { WorkerLike } from "./worker_like.js";

/** A worker and the frames it has; busy as long as it has any. */
export class PoolWorker {
  private readonly worker: WorkerLike;
  private readonly frames = new Map<number, PendingFrame>();

  constructor(worker: WorkerLike) {
    this.worker = worker;
  }

  /** Called once. `onReply` comes after each message from the worker, `onGone` when it answers no more. */
  listen(onReply: () => void, onGone: (reason: Error) => void): void {
    this.worker.listen((data) => {
      this.settle(data as readonly DecodeReply[]);
      onReply();
      if (this.frameCount === 0) this.worker.setBusy?.(false);
    }, onGone);
  }

  get frameCount(): number {
    return this.frames.size;
  }

  /** Those without bytes are rejected: a buffer that was transferred already looks so. */
  send(frames: readonly PendingFrame[]): void {
    const isEmpty = ({ job }: PendingFrame) => job.bytes.byteLength === 0;
    const empty = frames.filter(isEmpty);
    rejectFrames(empty, "truncated", "the frame has no bytes, or its buffer was transferred before");
    const sent = frames.filter((frame) => !isEmpty(frame));
    if (sent.length === 0) return;
    const request: DecodeRequest = { tasks: tasksOf(sent, this.worker) };
    const buffers = request.tasks.flatMap(({ bytes, memory }) => [bytes.buffer, memory]);
    for (const frame of sent) this.frames.set(frame.id, frame);
    this.worker.setBusy?.(true);
    try {
      this.worker.post(request, transferable(buffers));
    } catch (cause) {
      for (const { id } of sent) this.frames.delete(id);
      this.worker.setBusy?.(this.frameCount > 0);
      rejectFrames(sent, "decode-failed", "its bytes could not be sent to a decode worker", cause);
    }
  }

  private settle(replies: readonly DecodeReply[]): void {
    for (const reply of replies) {
      const frame = this.frames.get(reply.id);
      if (!frame) continue;
      this.frames.delete(reply.id);
      if ("error" in reply) frame.reject(fromPlainError(reply.error, frame.job.label));
      else frame.resolve(reply.values);
    }
  }

  /** A worker that failed takes its frames with it. */
  fail(reason: Error): void {
    const lost = this.end();
    if (isHounsfieldError(reason)) for (const frame of lost) frame.reject(reason);
    else rejectFrames(lost, "decode-failed", `the decode worker died (${reason.message})`, reason);
  }

  /** Gives the frames that it did not answer. */
  end(): PendingFrame[] {
    this.worker.terminate();
    const unanswered = [...this.frames.values()];
    this.frames.clear();
    return unanswered;
  }
}

function tasksOf(frames: readonly PendingFrame[], { inThread }: WorkerLike): DecodeTask[] {
  const given = new Set<ArrayBufferLike>();
  return frames.map(({ id, job }) => {
    const { frame, output, memory, wholeBuffer } = job;
    // A buffer that was given away before cannot be posted, and one memory cannot take two frames.
    const usable = memory !== undefined && memory.byteLength > 0 && !given.has(memory);
    if (usable) given.add(memory);
    const bytes = inThread || wholeBuffer ? job.bytes : ownedBytes(job.bytes);
    return { id, bytes, frame, output, memory: usable ? memory : undefined };
  });
}

/** The same bytes in a buffer that holds nothing else, so that transferring it takes nothing from anybody. */
function ownedBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
