import { availableParallelism, totalmem } from "node:os";
import { decodeInThread } from "../decode/pool/inline_worker.js";
import { createDecodePool, type DecodePool } from "../decode/pool/pool.js";
import { spawnNodeWorker } from "./spawn_worker.js";

export interface NodeDecodePoolOptions {
  /** As many as the machine has cores by default; 0 decodes in the caller's thread. */
  readonly workers?: number;
  /** The worker's built file; beside this module by default. */
  readonly workerUrl?: string | URL;
}

/**
 * Decode workers of this process, which may take a quarter of its memory. Theirs is not shared: Dawn's
 * binding for Node ends the process where it is given shared memory, and a copy for it costs more than a
 * transfer.
 */
export function createNodeDecodePool(options: NodeDecodePoolOptions = {}): DecodePool {
  if (options.workers === 0) return createDecodePool({ spawn: decodeInThread, size: 1 });
  const url =
    options.workerUrl ??
    new URL(
      /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ "./decode_worker.js",
      import.meta.url,
    );
  return createDecodePool({
    spawn: () => spawnNodeWorker(url),
    size: options.workers ?? availableParallelism(),
    memoryBytes: Math.floor(Math.min(totalmem(), process.constrainedMemory() || Infinity) / 4),
  });
}
