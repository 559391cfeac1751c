import { createDecodePool, type DecodePool } from "../decode/pool/pool.js";
import { spawnBrowserWorker } from "./spawn_worker.js";

export interface BrowserDecodePoolOptions {
  /** As many as the machine has cores by default. */
  readonly workers?: number;
  readonly shareMemory?: boolean;
}

/** Decode workers of this page, which may take a quarter of what the browser says the machine has, in GiB; Firefox and Safari do not say. */
export function createBrowserDecodePool(options: BrowserDecodePoolOptions = {}): DecodePool {
  const { deviceMemory = 4 } = navigator as Navigator & { deviceMemory?: number };
  return createDecodePool({
    spawn: spawnBrowserWorker,
    size: options.workers ?? navigator.hardwareConcurrency ?? 2,
    memoryBytes: deviceMemory * 2 ** 28,
    shareMemory: options.shareMemory,
  });
}
