import { isHounsfieldError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import type { GpuDevice, PlatformWorker } from "../core/platform.js";
import {
  callback,
  controlRules,
  count,
  listOf,
  object,
  oneOf,
  text,
  wholeNotNegative,
  wholeWithin,
} from "../core/rules.js";
import type { Series } from "../dicom/series/list_series.js";
import type { Engine } from "../engine/engine.js";
import type { WhyCpu } from "./ct_engine.js";

/** Of openEngine, in a browser and in Node. */
export interface OpenEngineOptions {
  /**
   * "auto", the default: the page's or the machine's GPU where there is one, else the CPU engine, which
   * reads, computes, projects and reslices but draws no views: ask `engine.capabilities.rendering`. Or a
   * `GPUDevice` of your own, which the engine shares, within its limits and features: it is not destroyed
   * with the engine, its handlers stay yours, and when it is lost the engine is at its end.
   */
  readonly device?: "auto" | "gpu" | "cpu" | GpuDevice;
  /**
   * Whether the GPU may be one that a CPU plays (SwiftShader): never, where there is no other, or even where
   * there is. "never" by default, for the CPU engine computes far faster; "fallback" for a page that must
   * draw.
   */
  readonly software?: "never" | "fallback" | "only";
  /** Which of a machine's GPUs: "high-performance" by default. */
  readonly powerPreference?: "low-power" | "high-performance";
  /**
   * WebGPU features that the GPU engine's device must have, for who shares `engine.device`. Asked for anyway,
   * where the adapter has them: "float32-filterable", "shader-f16", "subgroups", "timestamp-query".
   */
  readonly requiredFeatures?: readonly string[];
  /**
   * Limits that it must reach, by WebGPU's names. As large as the adapter has them anyway: buffers, bindings,
   * 3D textures, workgroups.
   */
  readonly requiredLimits?: Readonly<Record<string, number>>;
  /**
   * Threads of the CPU engine, as many as the machine has cores by default. In a page 1 unless it is
   * cross-origin isolated, for only such pages share memory.
   */
  readonly threads?: number;
  /** Decode workers; as many as the machine has cores by default; 0 decodes in the caller's thread. */
  readonly workers?: number;
  /** The most that the engine holds; without it what the device or the machine gives. */
  readonly budget?: MemoryBudget;
  /**
   * What will be loaded, for "auto": where its slices do not fit the GPU's limits or `budget.gpuBytes`, it
   * takes the CPU engine, and `engine.whyCpu` says why.
   */
  readonly series?: Pick<Series, "grid">;
  /** Ends the opening: it rejects with the signal's reason, and nothing is left open. */
  readonly signal?: AbortSignal;
  /**
   * The script of workers, where the one beside the library cannot be used: in a page the address of a copy
   * of the package's `dist/standalone/hounsfield.js` (or what a Trusted Types policy makes of it), in Node
   * the decode worker's file.
   */
  readonly workerUrl?: string | URL | TrustedUrl;
  /**
   * Only in a page: starts a worker on a copy of that file, whatever it takes. It is called for each worker.
   */
  readonly createWorker?: () => PlatformWorker;
}

/**
 * Bytes that volumes, masks, textures and what operations need on the way may take at a time. What would be
 * more is `out-of-memory`, or where it is a view's texture coarser. Not counted is what is decoded at the
 * moment, some slices a worker.
 */
export interface MemoryBudget {
  /** Of the GPU engine. */
  readonly gpuBytes?: number;
  /** Of the CPU engine. */
  readonly hostBytes?: number;
}

/** A `TrustedScriptURL`, of which a type is in few compilers. */
export interface TrustedUrl {
  /** The address. */
  toJSON(): string;
}

/** Options that ask for a GPU's engine, or for an error. */
export type OpenGpuEngineOptions = OpenEngineOptions &
  ({ readonly device: "gpu" | GpuDevice } | { readonly software: "only" });

/** More threads than any machine has cores. */
const MOST_THREADS = 1024;

/**
 * Gives the options back.
 * @throws HounsfieldError `invalid-option`, and the signal's reason
 */
export function checkEngineOptions(options: OpenEngineOptions | undefined): OpenEngineOptions {
  const checked = checkOptions("openEngine", options, {
    // `createSharedEngine` looks closer.
    device: (value) => (typeof value === "object" ? undefined : oneOf("auto", "gpu", "cpu")(value)),
    software: oneOf("never", "fallback", "only"),
    powerPreference: oneOf("low-power", "high-performance"),
    requiredFeatures: listOf(text, "names"),
    requiredLimits: (value) =>
      typeof value === "object" && Object.values(value ?? {}).every((limit) => limit >= 0)
        ? undefined
        : "limits",
    threads: wholeWithin(1, MOST_THREADS),
    workers: wholeNotNegative,
    workerUrl: (value) => (isAddress(value) ? undefined : "a URL, a string or a TrustedScriptURL"),
    createWorker: callback,
    budget: object("openEngine budget", { gpuBytes: count, hostBytes: count }),
    series: (value) => ((value as Partial<Series> | null)?.grid ? undefined : "one series"),
    signal: controlRules.signal,
  });
  checked.signal?.throwIfAborted();
  return checked;
}

function isAddress(value: unknown): value is NonNullable<OpenEngineOptions["workerUrl"]> {
  if (typeof value === "string") return value !== "";
  return typeof value === "object" && value !== null && "toJSON" in value;
}

/**
 * Gives an engine back, or destroys it and throws the signal's reason where that came while it was opened.
 */
export function unlessAborted<E extends { destroy(): void }>(engine: E, signal: AbortSignal | undefined): E {
  if (signal?.aborted) engine.destroy();
  signal?.throwIfAborted();
  return engine;
}

/** What "auto" found. */
export interface Processor {
  readonly engine: Engine;
  /** Why it is not the GPU's, where that was looked for. */
  readonly whyCpu?: WhyCpu;
}

/**
 * The engine that `device` asks for; of "auto" the GPU's where there is one that the series fits, else the
 * CPU's.
 * @throws HounsfieldError what opening throws
 */
export async function openProcessor(
  { device = "auto", software = "never", series }: OpenEngineOptions,
  openGpu: () => Promise<Engine>,
  openCpu: () => Promise<Engine>,
): Promise<Processor> {
  if (device === "cpu") return { engine: await openCpu() };
  const isAuto = device === "auto" && software !== "only";
  let whyCpu: WhyCpu;
  try {
    const engine = await openGpu();
    if (!isAuto || !series) return { engine };
    const { planStore } = await import("./plan_store.js");
    const { store, reason } = planStore(series.grid, engine.limits);
    if (store !== "none") return { engine };
    engine.destroy();
    whyCpu = { code: "limit-exceeded", reason };
  } catch (error) {
    if (!isAuto || !isHounsfieldError(error, "no-gpu")) throw error;
    whyCpu = { code: error.code, reason: error.message };
  }
  return { engine: await openCpu(), whyCpu };
}
