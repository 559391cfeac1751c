import type { DecodeRequest } from "../decode/pool/messages.js";
import { handleDecodeMessages, type LoadCodec } from "../decode/pool/worker.js";
import type { ComputeWorkerStart } from "../engine/cpu/shared_control.js";
import { runWorkerLoop } from "../engine/cpu/worker_loop.js";
import type { CodecUrls } from "./codec_by_url.js";

/** The first message to a worker of the page: what it is for. */
export type WorkerStart = { readonly decode: CodecUrls } | { readonly compute: ComputeWorkerStart };

/**
 * The life of a worker of the page, of both kinds: one script, so that one address is all that a page may
 * have to give.
 */
export function liveAsWorker(codecsBy: (urls: CodecUrls) => LoadCodec): void {
  const begin = ({ data: start }: MessageEvent<WorkerStart>) => {
    if ("compute" in start) return runWorkerLoop(start.compute);
    const port = {
      transfers: true,
      post: (reply: unknown, transfer: ArrayBuffer[]) => self.postMessage(reply, { transfer }),
      listen: (handler: (request: DecodeRequest) => void) =>
        self.addEventListener("message", (event) => handler(event.data)),
    };
    handleDecodeMessages(port, codecsBy(start.decode));
  };
  self.addEventListener("message", begin, { once: true });
}
