import { liveAsWorker } from "../src/browser/worker_life.js";
import { codecFor } from "../src/decode/codec_modules.js";

liveAsWorker(() => codecFor);
