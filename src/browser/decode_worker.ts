import { handleDecodeMessages } from "../decode/pool/worker.js";

handleDecodeMessages({
  transfers: true,
  post: (reply, transfer) => self.postMessage(reply, { transfer }),
  listen: (handler) => self.addEventListener("message", (event) => handler(event.data)),
});
