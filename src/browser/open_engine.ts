import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { ComputeWorkerStart } from "../engine/cpu/shared_control.js";
import type { Engine } from "../engine/engine.js";
import { type CtEngine, type GpuCtEngine, withDecoder } from "../volume/ct_engine.js";
import {
  checkEngineOptions,
  type OpenEngineOptions,
  type OpenGpuEngineOptions,
  openProcessor,
  unlessAborted,
} from "../volume/open_engine_options.js";
import { createBrowserDecodePool } from "./decode_pool.js";
import { scriptUrls } from "./script_urls.js";
import { takesSharedMemory } from "./shared_memory.js";
import { type StartPageWorker, workerStarter } from "./start_worker.js";

/**
 * Opens an engine and its decode workers. Every engine reads, computes, projects and reslices; views need a
 * GPU's: ask `engine.capabilities.rendering`.
 * @throws HounsfieldError `no-gpu` where a GPU is asked for and there is none, with the reason;
 * `no-cpu-engine`
 */
export async function openEngine(options: OpenGpuEngineOptions): Promise<GpuCtEngine>;
/**
 * Opens an engine and its decode workers: the GPU's where there is one, else the CPU's, unless `device` says
 * which. Every engine reads, computes, projects and reslices; views need a GPU's: ask
 * `engine.capabilities.rendering`.
 * @throws HounsfieldError `no-gpu` where a GPU is asked for and there is none, with the reason;
 * `no-cpu-engine`
 */
export async function openEngine(options?: OpenEngineOptions): Promise<CtEngine>;
export async function openEngine(given?: OpenEngineOptions): Promise<CtEngine> {
  const options = checkEngineOptions(given);
  const scripts = scriptUrls();
  const start = workerStarter(options, scripts.worker);
  const { engine, whyCpu } = await openProcessor(
    options,
    () => openGpu(options),
    () => openCpu(options, start),
  );
  const shareMemory = await takesSharedMemory(engine);
  const { workers } = options;
  const decoder = await createBrowserDecodePool({ start, codecs: scripts.codecs, workers, shareMemory });
  return unlessAborted(withDecoder(engine, decoder, whyCpu), options.signal);
}

/** Each engine's modules are loaded when it is opened: the other's kernels are dead weight. */
async function openGpu(options: OpenEngineOptions): Promise<Engine> {
  const { device, software = "never", budget, ...choice } = options;
  const limits = { budgetBytes: budget?.gpuBytes };
  if (typeof device === "object") {
    const { createSharedEngine } = await import("../engine/gpu/shared_device.js");
    return createSharedEngine(device as GPUDevice, options, limits);
  }
  if (!globalThis.navigator?.gpu) {
    throw new HounsfieldError(
      "no-gpu",
      "this browser has no WebGPU, or the page is not served from https or localhost",
    );
  }
  const { createGpuEngine } = await import("../engine/gpu/gpu_engine.js");
  const engine = await createGpuEngine(navigator.gpu, { ...choice, software: software === "only", limits });
  const accepted = software === "only" || (software === "fallback" && device === "gpu");
  if (!engine.adapter.software || accepted) return engine;
  engine.destroy();
  throw new HounsfieldError(
    "no-gpu",
    'only a software WebGPU adapter is available; pass `software: "fallback"` to use it',
  );
}

async function openCpu(
  { threads = navigator.hardwareConcurrency, budget }: OpenEngineOptions,
  start: StartPageWorker,
): Promise<Engine> {
  const { createCpuEngine } = await import("../engine/cpu/cpu_engine.js");
  const budgetBytes = budget?.hostBytes;
  if (!globalThis.crossOriginIsolated) return createCpuEngine({ budgetBytes });
  const startWorker = (compute: ComputeWorkerStart) => startComputeWorker(start, compute);
  return createCpuEngine({ threads, startWorker, budgetBytes });
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
