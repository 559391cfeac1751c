import { parentPort } from "node:worker_threads";
import { codecFor } from "../decode/codec_modules.js";
import { handleDecodeMessages } from "../decode/pool/worker.js";

handleDecodeMessages(
  {
    transfers: true,
    post: (reply, transfer) => parentPort?.postMessage(reply, transfer),
    listen: (handler) => parentPort?.on("message", handler),
  },
  codecFor,
);
