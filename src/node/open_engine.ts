import { availableParallelism } from "node:os";
import { createDecodePool } from "../decode/pool.js";
import { createGpuEngine, type GpuEngine, type GpuEngineOptions } from "../engine/gpu/gpu_engine.js";
import type { CtEngine } from "../volume/ct_engine.js";
import { findGpu } from "./dawn.js";
import { spawnNodeWorker } from "./spawn_worker.js";

export interface OpenEngineOptions extends GpuEngineOptions {
  /** Decode workers; as many as the machine has cores by default. */
  readonly workers?: number;
  /** The worker's built file; beside this module by default. */
  readonly workerUrl?: URL;
}

/**
 * Opens the machine's GPU, or SwiftShader where it has none (see `adapter.software`), and the decode workers.
 * Throws `no-gpu` with what to install.
 */
export async function openEngine(options: OpenEngineOptions = {}): Promise<GpuEngine & CtEngine> {
  const { gpu, software } = await findGpu(options);
  const engine = await createGpuEngine(gpu, { ...options, software });
  const url = options.workerUrl ?? new URL(/* @vite-ignore */ "./decode_worker_node.js", import.meta.url);
  const decoder = createDecodePool({
    spawn: () => spawnNodeWorker(url),
    size: options.workers ?? availableParallelism(),
  });
  return {
    ...engine,
    decoder,
    destroy() {
      decoder.destroy();
      engine.destroy();
    },
  };
}
