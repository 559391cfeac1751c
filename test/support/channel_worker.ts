import { MessageChannel, type MessagePort } from "node:worker_threads";
import { codecFor } from "../../src/decode/codec_modules.js";
import type { DecodeReply, DecodeRequest } from "../../src/decode/pool/messages.js";
import { handleDecodeMessages } from "../../src/decode/pool/worker.js";
import type { WorkerLike } from "../../src/decode/pool/worker_like.js";

/**
 * The worker's handler in this thread, over a real channel: messages are cloned and buffers transferred as
 * between threads.
 */
export function channelWorker(replies: DecodeReply[] = []): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  const port = {
    transfers: true,
    post(some: readonly DecodeReply[], transfer: ArrayBuffer[]) {
      port2.postMessage(some, transfer);
      replies.push(...some);
    },
    listen: (handler: (request: DecodeRequest) => void) => port2.on("message", handler),
  };
  handleDecodeMessages(port, codecFor);
  return overPort(port1);
}

function overPort(port: MessagePort): WorkerLike {
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    listen: (onMessage) => port.on("message", onMessage),
    terminate: () => port.close(),
  };
}
