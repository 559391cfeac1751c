import { decodeFrame } from "./decode_frame.js";
import type { Codec } from "./frame.js";
import {
  type DecodeReply,
  type DecodeRequest,
  type DecodeTask,
  toPlainError,
  transferable,
} from "./messages.js";
import { codecFor } from "./registry.js";

/** The worker's end of the channel, the same over a browser's `self` and Node's `parentPort`. */
export interface DecodePort {
  post(reply: DecodeReply, transfer: ArrayBuffer[]): void;
  listen(handler: (request: DecodeRequest) => void): void;
}

/** Answers every task of every request, each in a message of its own as soon as it is done. Keeps one codec a transfer syntax. */
export function handleDecodeMessages(port: DecodePort): void {
  const codecs = new Map<string, Promise<Codec>>();

  function codec(transferSyntax: string): Promise<Codec> {
    const present = codecs.get(transferSyntax);
    if (present) return present;
    const loading = codecFor(transferSyntax);
    codecs.set(transferSyntax, loading);
    // A codec that could not be fetched may be had at the next try.
    loading.catch(() => codecs.delete(transferSyntax));
    return loading;
  }

  async function answer({ id, bytes, frame, output, memory }: DecodeTask): Promise<void> {
    try {
      const values = decodeFrame(await codec(frame.transferSyntax), bytes, frame, output, memory);
      port.post({ id, values }, transferable([values.buffer]));
    } catch (error) {
      port.post({ id, error: toPlainError(error) }, []);
    }
  }

  port.listen(async ({ tasks }) => {
    for (const task of tasks) await answer(task);
  });
}
