import { codecByUrl } from "./codec_by_url.js";
import { liveAsWorker } from "./worker_life.js";

liveAsWorker(codecByUrl);
