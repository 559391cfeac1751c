import { createDecodePool, type DecodePool } from "../decode/pool/pool.js";
import type { CodecUrls } from "./codec_by_url.js";
import { startDecodeWorker } from "./decode_worker.js";
import type { StartPageWorker } from "./start_worker.js";

export interface BrowserDecodePoolOptions {
  readonly start: StartPageWorker;
  readonly codecs: CodecUrls;
  /** As many as the machine has cores by default; 0 decodes in the page's thread. */
  readonly workers?: number;
  readonly shareMemory?: boolean;
}

/** How long decoding may hold the page's own thread: two frames of its screen. */
const TURN_MS = 30;

/**
 * Decode workers of this page, which may take a quarter of what the browser says the machine has, in GiB;
 * Firefox and Safari do not say.
 */
export async function createBrowserDecodePool(options: BrowserDecodePoolOptions): Promise<DecodePool> {
  if (options.workers === 0) return createInPage();
  const { deviceMemory = 4 } = navigator as Navigator & { deviceMemory?: number };
  return createDecodePool({
    spawn: () => startDecodeWorker(options.start, options.codecs),
    size: options.workers ?? navigator.hardwareConcurrency ?? 2,
    memoryBytes: deviceMemory * 2 ** 28,
    shareMemory: options.shareMemory,
  });
}

/** Loaded when it is asked for: a page with workers needs no codec in its own thread. */
async function createInPage(): Promise<DecodePool> {
  const { decodeInThread } = await import("../decode/pool/inline_worker.js");
  return createDecodePool({ spawn: () => decodeInThread(createTurns()), size: 1 });
}

function createTurns(): () => Promise<void> {
  let endsMs = performance.now() + TURN_MS;
  return async () => {
    if (performance.now() < endsMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    endsMs = performance.now() + TURN_MS;
  };
}
