import { availableParallelism } from "node:os";
import { invalidOption } from "../core/options.js";
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
import { createNodeDecodePool } from "./decode_pool.js";
import { spawnComputeWorker } from "./spawn_compute_worker.js";

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
  const { engine, whyCpu } = await openProcessor(
    options,
    () => openGpu(options),
    () => openCpu(options),
  );
  const decoder = createNodeDecodePool({ workers: options.workers, workerUrl: nodeWorkerUrl(options) });
  return unlessAborted(withDecoder(engine, decoder, whyCpu), options.signal);
}

function nodeWorkerUrl({ workerUrl, createWorker }: OpenEngineOptions): string | URL | undefined {
  if (createWorker)
    throw invalidOption("openEngine", "createWorker", createWorker, "nothing in Node, but in a page");
  if (workerUrl === undefined || workerUrl instanceof URL) return workerUrl;
  const text = String(workerUrl);
  return text.startsWith("file:") ? new URL(text) : text;
}

/** Each engine's modules are loaded when it is opened: the other's kernels are dead weight. */
async function openGpu(options: OpenEngineOptions): Promise<Engine> {
  const { device, software = "never", budget } = options;
  const limits = { budgetBytes: budget?.gpuBytes };
  if (typeof device === "object") {
    const { createSharedEngine } = await import("../engine/gpu/shared_device.js");
    return createSharedEngine(device as GPUDevice, options, limits);
  }
  const { findGpu } = await import("./dawn.js");
  const { createGpuEngine } = await import("../engine/gpu/gpu_engine.js");
  const found = await findGpu(device !== "gpu" && software === "fallback" ? "never" : software);
  return createGpuEngine(found.gpu, { ...options, software: found.software, limits });
}

async function openCpu({ threads = availableParallelism(), budget }: OpenEngineOptions): Promise<Engine> {
  const { createCpuEngine } = await import("../engine/cpu/cpu_engine.js");
  const url = new URL(
    /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ "./compute_worker.js",
    import.meta.url,
  );
  const startWorker = (start: ComputeWorkerStart) => spawnComputeWorker(url, start);
  return createCpuEngine({ threads, startWorker, budgetBytes: budget?.hostBytes });
}
