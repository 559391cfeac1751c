import { codecFor } from "../codec_modules.js";
import type { DecodeReply, DecodeRequest } from "./messages.js";
import { handleDecodeMessages } from "./worker.js";
import type { WorkerLike } from "./worker_like.js";

/**
 * A "worker" that decodes in the caller's own thread: for a process that is to use one core only, where a
 * second thread and its messages cost a third more than the decoding itself, and for a page that may start
 * none. Nothing is cloned or transferred. `giveTurn` is awaited between frames.
 */
export function decodeInThread(giveTurn?: () => Promise<void>): WorkerLike {
  let handle = (_: DecodeRequest) => {};
  let answer = (_: readonly DecodeReply[]) => {};
  handleDecodeMessages(
    {
      transfers: false,
      giveTurn,
      post: (replies) => answer(replies),
      listen: (handler) => (handle = handler),
    },
    codecFor,
  );
  return {
    inThread: true,
    // The pool makes the messages, and it makes no others.
    post: (message) => handle(message as DecodeRequest),
    listen: (onMessage) => (answer = onMessage),
    terminate() {
      answer = () => {};
    },
  };
}
