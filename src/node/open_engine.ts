import { availableParallelism } from "node:os";
import { isHounsfieldError } from "../core/errors.js";
import type { Engine } from "../engine/engine.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";
import type { CtEngine } from "../volume/ct_engine.js";
import type { SoftwareAdapter } from "./dawn.js";
import { createNodeDecodePool, type NodeDecodePoolOptions } from "./decode_pool.js";
import { spawnComputeWorker } from "./spawn_compute_worker.js";

export interface OpenEngineOptions extends NodeDecodePoolOptions {
  /** "auto", the default: the machine's GPU where it has one, else the CPU engine. See `engine.capabilities`. */
  readonly device?: "auto" | "gpu" | "cpu";
  /** Whether the GPU may be one that a CPU plays; "never" by default, for the CPU engine is far faster. */
  readonly software?: SoftwareAdapter;
  readonly powerPreference?: GPUPowerPreference;
  /** Threads of the CPU engine; as many as the machine has cores by default. */
  readonly threads?: number;
}

/**
 * Opens an engine and its decode workers. Every engine reads, computes and projects; views need a GPU's.
 * Throws `no-gpu` where a GPU is asked for and none is there, with what to install; `no-cpu-engine`.
 */
export async function openEngine(
  options: OpenEngineOptions & ({ readonly device: "gpu" } | { readonly software: "only" }),
): Promise<GpuEngine & CtEngine>;
export async function openEngine(options?: OpenEngineOptions): Promise<CtEngine>;
export async function openEngine(options: OpenEngineOptions = {}): Promise<CtEngine> {
  const engine = await openProcessor(options);
  const decoder = createNodeDecodePool(options);
  return {
    ...engine,
    decoder,
    destroy() {
      decoder.destroy();
      engine.destroy();
    },
  };
}

/** Each engine's modules are loaded when it is opened: the other's kernels are dead weight. */
async function openProcessor(options: OpenEngineOptions): Promise<Engine> {
  const { device = "auto", software = "never", powerPreference } = options;
  if (device === "cpu") return openCpu(options);
  try {
    const { findGpu } = await import("./dawn.js");
    const { createGpuEngine } = await import("../engine/gpu/gpu_engine.js");
    const found = await findGpu(device === "auto" && software === "fallback" ? "never" : software);
    return await createGpuEngine(found.gpu, { software: found.software, powerPreference });
  } catch (error) {
    if (device === "auto" && software !== "only" && isHounsfieldError(error, "no-gpu"))
      return openCpu(options);
    throw error;
  }
}

async function openCpu({ threads = availableParallelism() }: OpenEngineOptions): Promise<Engine> {
  const { createCpuEngine } = await import("../engine/cpu/cpu_engine.js");
  const url = new URL(/* @vite-ignore */ "./compute_worker_node.js", import.meta.url);
  return createCpuEngine({ threads, startWorker: (start) => spawnComputeWorker(url, start) });
}
