import { workerData } from "node:worker_threads";
import { runWorkerLoop } from "../engine/cpu/worker_loop.js";

runWorkerLoop(workerData);
