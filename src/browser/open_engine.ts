import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { Engine } from "../engine/engine.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";
import type { CtEngine } from "../volume/ct_engine.js";
import { createBrowserDecodePool } from "./decode_pool.js";
import { takesSharedMemory } from "./shared_memory.js";
import { spawnComputeWorker } from "./spawn_compute_worker.js";

export interface OpenEngineOptions {
  /**
   * "auto", the default: the page's GPU, else the CPU engine, which reads, computes, projects and reslices but draws no views: ask
   * `engine.capabilities.rendering`.
   */
  readonly device?: "auto" | "gpu" | "cpu";
  /**
   * Whether the GPU may be one that a CPU plays (SwiftShader): never, where there is no other, or even where there is. "never" by default, for the
   * CPU engine computes far faster; "fallback" for a page that must draw.
   */
  readonly software?: "never" | "fallback" | "only";
  readonly powerPreference?: GPUPowerPreference;
  /** Threads of the CPU engine, as many as the machine has cores by default; 1 unless the page is cross-origin isolated, for only such pages share memory. */
  readonly threads?: number;
  /** Decode workers; as many as the machine has cores by default. */
  readonly workers?: number;
}

/**
 * Opens an engine and its decode workers. Throws `no-gpu` where a GPU is asked for and the browser has no WebGPU or no adapter;
 * `no-cpu-engine`.
 */
export async function openEngine(
  options: OpenEngineOptions & ({ readonly device: "gpu" } | { readonly software: "only" }),
): Promise<GpuEngine & CtEngine>;
export async function openEngine(options?: OpenEngineOptions): Promise<CtEngine>;
export async function openEngine(options: OpenEngineOptions = {}): Promise<CtEngine> {
  const engine = await openProcessor(options);
  const shareMemory = await takesSharedMemory(engine);
  const decoder = createBrowserDecodePool({ workers: options.workers, shareMemory });
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
  const { device = "auto", software = "never" } = options;
  if (device === "cpu") return openCpu(options);
  try {
    return await openGpu(options);
  } catch (error) {
    if (device === "auto" && software !== "only" && isHounsfieldError(error, "no-gpu"))
      return openCpu(options);
    throw error;
  }
}

async function openGpu({
  device,
  software = "never",
  powerPreference,
}: OpenEngineOptions): Promise<GpuEngine> {
  if (!globalThis.navigator?.gpu) {
    throw new HounsfieldError(
      "no-gpu",
      "this browser has no WebGPU, or the page is not served from https or localhost",
    );
  }
  const { createGpuEngine } = await import("../engine/gpu/gpu_engine.js");
  const engine = await createGpuEngine(navigator.gpu, { software: software === "only", powerPreference });
  const accepted = software === "only" || (software === "fallback" && device === "gpu");
  if (!engine.adapter.software || accepted) return engine;
  engine.destroy();
  throw new HounsfieldError("no-gpu", "this browser's only WebGPU adapter is one that the CPU plays");
}

async function openCpu({ threads = navigator.hardwareConcurrency }: OpenEngineOptions): Promise<Engine> {
  const { createCpuEngine } = await import("../engine/cpu/cpu_engine.js");
  if (!globalThis.crossOriginIsolated) return createCpuEngine();
  return createCpuEngine({ threads, startWorker: spawnComputeWorker });
}
