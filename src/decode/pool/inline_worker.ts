import type { DecodeReply, DecodeRequest } from "./messages.js";
import { handleDecodeMessages } from "./worker.js";
import type { WorkerLike } from "./worker_like.js";

/**
 * A "worker" that decodes in the caller's own thread: for a process that is to use one core only, where a second thread and its messages cost a third more than the
 * decoding itself. Nothing is cloned or transferred.
 */
export function decodeInThread(): WorkerLike {
  let handle = (_: DecodeRequest) => {};
  let answer = (_: readonly DecodeReply[]) => {};
  handleDecodeMessages({
    transfers: false,
    post: (replies) => answer(replies),
    listen: (handler) => (handle = handler),
  });
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
