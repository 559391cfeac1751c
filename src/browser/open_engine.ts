import { HounsfieldError } from "../core/errors.js";
import { createGpuEngine, type GpuEngine, type GpuEngineOptions } from "../engine/gpu/gpu_engine.js";
import { type CtEngine, withDecoder } from "../volume/ct_engine.js";
import { createBrowserDecodePool } from "./decode_pool.js";
import { takesSharedMemory } from "./shared_memory.js";

export interface OpenEngineOptions extends GpuEngineOptions {
  /** Decode workers; as many as the machine has cores by default. */
  readonly workers?: number;
}

/** Opens the page's GPU and its decode workers. Throws `no-gpu` where the browser has no WebGPU or no adapter. */
export async function openEngine(options: OpenEngineOptions = {}): Promise<GpuEngine & CtEngine> {
  if (!globalThis.navigator?.gpu) {
    throw new HounsfieldError(
      "no-gpu",
      "this browser has no WebGPU, or the page is not served from https or localhost",
    );
  }
  const engine = await createGpuEngine(navigator.gpu, options);
  const shareMemory = await takesSharedMemory(engine);
  const decoder = createBrowserDecodePool({ workers: options.workers, shareMemory });
  return withDecoder(engine, decoder);
}
