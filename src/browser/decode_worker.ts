import { handleDecodeMessages } from "../decode/worker_main.js";

handleDecodeMessages({
  transfers: true,
  post: (reply, transfer) => self.postMessage(reply, { transfer }),
  listen: (handler) => self.addEventListener("message", (event) => handler(event.data)),
});
