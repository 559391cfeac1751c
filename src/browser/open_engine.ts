import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { ComputeWorkerStart } from "../engine/cpu/shared_control.js";
import type { Engine } from "../engine/engine.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";
import { type CtEngine, type GpuCtEngine, withDecoder } from "../volume/ct_engine.js";
import {
  checkEngineOptions,
  type OpenEngineOptions,
  type OpenGpuEngineOptions,
  unlessAborted,
} from "../volume/open_engine_options.js";
import { createBrowserDecodePool } from "./decode_pool.js";
import { scriptUrls } from "./script_urls.js";
import { takesSharedMemory } from "./shared_memory.js";
import { type StartPageWorker, workerStarter } from "./start_worker.js";

/**
 * Opens an engine and its decode workers. Every engine reads, computes, projects and reslices; views need a
 * GPU's: ask `engine.capabilities.rendering`. Throws `no-gpu` where a GPU is asked for and there is none,
 * with the reason; `no-cpu-engine`.
 */
export async function openEngine(options: OpenGpuEngineOptions): Promise<GpuCtEngine>;
/**
 * Opens an engine and its decode workers: the GPU's where there is one, else the CPU's, unless `device` says
 * which. Every engine reads, computes, projects and reslices; views need a GPU's: ask
 * `engine.capabilities.rendering`. Throws `no-gpu` where a GPU is asked for and there is none, with the
 * reason; `no-cpu-engine`.
 */
export async function openEngine(options?: OpenEngineOptions): Promise<CtEngine>;
export async function openEngine(given?: OpenEngineOptions): Promise<CtEngine> {
  const options = checkEngineOptions(given);
  const scripts = scriptUrls();
  const start = workerStarter(options, scripts.worker);
  const engine = await openProcessor(options, start);
  const shareMemory = await takesSharedMemory(engine);
  const { workers } = options;
  const decoder = await createBrowserDecodePool({ start, codecs: scripts.codecs, workers, shareMemory });
  return unlessAborted(withDecoder(engine, decoder), options.signal);
}

/** Each engine's modules are loaded when it is opened: the other's kernels are dead weight. */
async function openProcessor(options: OpenEngineOptions, start: StartPageWorker): Promise<Engine> {
  const { device = "auto", software = "never" } = options;
  if (device === "cpu") return openCpu(options, start);
  if (typeof device === "object")
    return (await import("../engine/gpu/shared_device.js")).createSharedEngine(device as GPUDevice, options);
  try {
    return await openGpu(options);
  } catch (error) {
    if (device === "auto" && software !== "only" && isHounsfieldError(error, "no-gpu"))
      return openCpu(options, start);
    throw error;
  }
}

async function openGpu({ device, software = "never", ...choice }: OpenEngineOptions): Promise<GpuEngine> {
  if (!globalThis.navigator?.gpu) {
    throw new HounsfieldError(
      "no-gpu",
      "this browser has no WebGPU, or the page is not served from https or localhost",
    );
  }
  const { createGpuEngine } = await import("../engine/gpu/gpu_engine.js");
  const engine = await createGpuEngine(navigator.gpu, { ...choice, software: software === "only" });
  const accepted = software === "only" || (software === "fallback" && device === "gpu");
  if (!engine.adapter.software || accepted) return engine;
  engine.destroy();
  throw new HounsfieldError(
    "no-gpu",
    'only a software WebGPU adapter is available; pass `software: "fallback"` to use it',
  );
}

async function openCpu(
  { threads = navigator.hardwareConcurrency }: OpenEngineOptions,
  start: StartPageWorker,
): Promise<Engine> {
  const { createCpuEngine } = await import("../engine/cpu/cpu_engine.js");
  if (!globalThis.crossOriginIsolated) return createCpuEngine();
  return createCpuEngine({ threads, startWorker: (compute) => startComputeWorker(start, compute) });
}

/**
 * Starts a thread of the CPU engine and gives back what ends it. One that cannot start is never waited for:
 * the others do its work.
 */
function startComputeWorker(start: StartPageWorker, compute: ComputeWorkerStart): () => void {
  try {
    const { worker } = start({ compute });
    worker.addEventListener("error", (event) => event.preventDefault());
    return () => worker.terminate();
  } catch (error) {
    if (!isHounsfieldError(error, "worker-failed")) throw error;
    return () => {};
  }
}
