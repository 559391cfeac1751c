import { parentPort } from "node:worker_threads";
import { handleDecodeMessages } from "../decode/worker_main.js";

handleDecodeMessages({
  transfers: true,
  post: (reply, transfer) => parentPort?.postMessage(reply, transfer),
  listen: (handler) => parentPort?.on("message", handler),
});
