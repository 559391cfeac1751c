import { runWorkerLoop } from "../engine/cpu/worker_loop.js";

self.addEventListener("message", ({ data }) => runWorkerLoop(data), { once: true });
