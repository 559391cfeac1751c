import { createGpuEngine, type GpuEngine, type GpuEngineOptions } from "../engine/gpu/gpu_engine.js";
import { type CtEngine, withDecoder } from "../volume/ct_engine.js";
import { findGpu } from "./dawn.js";
import { createNodeDecodePool, type NodeDecodePoolOptions } from "./decode_pool.js";

export interface OpenEngineOptions extends GpuEngineOptions, NodeDecodePoolOptions {}

/**
 * Opens the machine's GPU, or SwiftShader where it has none (see `adapter.software`), and the decode workers.
 * Throws `no-gpu` with what to install.
 */
export async function openEngine(options: OpenEngineOptions = {}): Promise<GpuEngine & CtEngine> {
  const { gpu, software } = await findGpu(options);
  const engine = await createGpuEngine(gpu, { ...options, software });
  const decoder = createNodeDecodePool(options);
  return withDecoder(engine, decoder);
}
