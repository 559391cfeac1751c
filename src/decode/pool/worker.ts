import type { FrameDescription } from "../../core/frame.js";
import { freeBuffer } from "../../core/free_buffer.js";
import type { Codec } from "../codecs/common/codec.js";
import { type DecodeOutput, decodeFrame } from "../decode_frame.js";
import {
  type DecodeReply,
  type DecodeRequest,
  type DecodeTask,
  toPlainError,
  transferable,
} from "./messages.js";

/** The worker's end of the channel, the same over a browser's `self` and Node's `parentPort`. */
export interface DecodePort {
  /** It is another thread's: what is posted is transferred, so that a frame's bytes are nobody else's. */
  readonly transfers: boolean;
  /** Awaited before each frame: where others have work in this thread. */
  giveTurn?(): Promise<void>;
  post(replies: readonly DecodeReply[], transfer: ArrayBuffer[]): void;
  listen(handler: (request: DecodeRequest) => void): void;
}

/**
 * How long an answer may wait for those of its request that follow: each message wakes the page's thread,
 * some 0.03 ms against 0.8 ms that decoding a slice of JPEG Lossless takes. What takes longer to decode is
 * answered at once.
 */
const HELD_MILLISECONDS = 4;

/** Makes a new codec for a transfer syntax; rejects with a HounsfieldError. */
export type LoadCodec = (transferSyntax: string) => Promise<Codec>;

/**
 * Answers every task of every request, several in a message where they are done soon. Keeps one codec a
 * transfer syntax. An empty answer comes first: it says that the worker has started.
 */
export function handleDecodeMessages(port: DecodePort, loadCodec: LoadCodec): void {
  const codecs = new Map<string, Promise<Codec>>();

  function codec(transferSyntax: string): Promise<Codec> {
    const present = codecs.get(transferSyntax);
    if (present) return present;
    const loading = loadCodec(transferSyntax);
    codecs.set(transferSyntax, loading);
    // A codec that could not be fetched may be had at the next try.
    loading.catch(() => codecs.delete(transferSyntax));
    return loading;
  }

  async function answer({ id, bytes, frame, output, memory }: DecodeTask): Promise<DecodeReply> {
    try {
      const values = await decodeAsIs(bytes, frame, output, memory);
      if (values.buffer !== bytes.buffer) release(bytes.buffer);
      return { id, values };
    } catch (error) {
      release(bytes.buffer);
      return { id, error: toPlainError(error) };
    }
  }

  async function decodeAsIs(
    bytes: Uint8Array,
    frame: FrameDescription,
    output: DecodeOutput,
    memory?: ArrayBufferLike,
  ) {
    const declared = await codec(frame.transferSyntax);
    try {
      return decodeFrame(declared, bytes, frame, output, memory);
    } catch (error) {
      const { decodeOtherwise } = await import("../decode_otherwise.js");
      return decodeOtherwise(error, codec, bytes, frame, output);
    }
  }

  function release(buffer: ArrayBufferLike): void {
    if (port.transfers) freeBuffer(buffer);
  }

  function post(replies: readonly DecodeReply[]): void {
    port.post(
      replies,
      transferable(replies.map((reply) => ("values" in reply ? reply.values.buffer : undefined))),
    );
  }

  port.listen(async ({ tasks }) => {
    let held: DecodeReply[] = [];
    let since = performance.now();
    for (const [i, task] of tasks.entries()) {
      await port.giveTurn?.();
      held.push(await answer(task));
      if (i + 1 < tasks.length && performance.now() - since < HELD_MILLISECONDS) continue;
      post(held);
      held = [];
      since = performance.now();
    }
  });
  if (port.transfers) post([]);
}
