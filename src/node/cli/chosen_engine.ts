import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { Series } from "../../dicom/series/list_series.js";
import type { CtEngine, WhyCpu } from "../../volume/ct_engine.js";
import type { MemoryBudget, OpenEngineOptions } from "../../volume/open_engine_options.js";
import { openEngine } from "../open_engine.js";
import { UsageError } from "./usage_error.js";

/** For the table of options that a command accepts. */
export const engineFlags = {
  device: { type: "string" },
  threads: { type: "string" },
  software: { type: "boolean" },
  memory: { type: "string" },
} as const;

export interface EngineTexts {
  readonly device?: string;
  readonly threads?: string;
  readonly software?: boolean;
  readonly memory?: string;
}

/**
 * What `--device`, `--threads`, `--software` and `--memory` ask for. Throws a usage error, before anything is
 * read.
 */
export function engineOptions({
  device = "auto",
  threads,
  software,
  memory,
}: EngineTexts): OpenEngineOptions {
  if (device !== "auto" && device !== "gpu" && device !== "cpu") {
    throw new UsageError(`--device takes "auto", "gpu" or "cpu", got "${device}"`);
  }
  if (software && device === "cpu") throw new UsageError("--software is a GPU's: not with --device cpu");
  const count = threads === undefined ? undefined : Number(threads);
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 64)) {
    throw new UsageError(`--threads takes a whole number from 1 to 64, got "${threads}"`);
  }
  // One thread is meant of all work: reading and decoding too.
  return {
    device,
    software: software ? "only" : "never",
    threads: count,
    workers: count === 1 ? 0 : count,
    budget: memory === undefined ? undefined : memoryBudget(memory),
  };
}

const unitBytes = { KB: 1e3, MB: 1e6, GB: 1e9 } as const;

/** As "600MB" or "2.5GB", of either engine. */
function memoryBudget(text: string): MemoryBudget {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMG]B)$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(count) * unitBytes[unit.toUpperCase() as keyof typeof unitBytes]);
  if (!(bytes >= 1)) throw new UsageError(`--memory takes a size like 600MB or 2GB, got "${text}"`);
  return { gpuBytes: bytes, hostBytes: bytes };
}

/** Opens it; where auto finds no GPU, one line on stderr says what is used instead. */
export async function openChosenEngine(options: OpenEngineOptions): Promise<CtEngine> {
  const engine = await openEngine(options);
  if (engine.whyCpu) process.stderr.write(`${why(engine.whyCpu)}: using the ${engine.adapter.name}\n`);
  return engine;
}

/**
 * Has `task` done by the engine that was chosen. Where auto finds no GPU, or one that the series does not fit
 * or whose memory runs out, it is the CPU engine that does it, and one line on stderr says so.
 */
export async function withChosenEngine<T>(
  options: OpenEngineOptions,
  series: Series,
  task: (engine: CtEngine, whyCpu: WhyCpu | undefined) => Promise<T>,
): Promise<T> {
  const onCpu = async (ran: HounsfieldError) => {
    const engine = await openEngine({ ...options, device: "cpu" });
    return once(engine, { code: "out-of-memory", reason: ran.message });
  };
  const once = async (engine: CtEngine, whyCpu: WhyCpu | undefined) => {
    try {
      if (whyCpu) process.stderr.write(`${why(whyCpu)}: using the ${engine.adapter.name}\n`);
      return await task(engine, whyCpu);
    } finally {
      engine.destroy();
    }
  };
  const engine = await openEngine({ ...options, series });
  const hasOther = options.device === "auto" && options.software !== "only";
  try {
    return await once(engine, engine.whyCpu);
  } catch (error) {
    const isGpu = engine.capabilities.processor === "gpu";
    if (hasOther && isGpu && isHounsfieldError(error, "out-of-memory")) return onCpu(error);
    throw error;
  }
}

/** The advice how to get a GPU is for who asks for one. */
function why({ code, reason }: WhyCpu): string {
  return code === "no-gpu" ? "no GPU found" : `the GPU does not take it: ${reason}`;
}

/**
 * As `engineOptions`, of a command that draws: there is no CPU engine for that, so auto takes a GPU played by
 * the CPU where there is no other.
 */
export function drawingEngineOptions(texts: EngineTexts) {
  const options = engineOptions(texts);
  if (options.device === "cpu")
    throw new UsageError(
      "rendering needs WebGPU, which the CPU engine has not: --software draws without a GPU, slowly",
    );
  const fallback = options.device === "auto" && !texts.software;
  return { ...options, device: "gpu", software: fallback ? "fallback" : options.software } as const;
}

/**
 * Opens it; where auto finds no GPU, one line on stderr says what draws instead.
 * @throws HounsfieldError `no-gpu`
 */
export async function openDrawingEngine(options: ReturnType<typeof drawingEngineOptions>): Promise<CtEngine> {
  try {
    const engine = await openEngine(options);
    if (options.software === "fallback" && engine.adapter.software) {
      process.stderr.write(`no GPU found: drawing with ${engine.adapter.name}, played by the CPU: slow\n`);
    }
    return engine;
  } catch (error) {
    if (!isHounsfieldError(error, "no-gpu") || options.software !== "never") throw error;
    // What is said to everybody ends with the CPU engine, which is no way out here.
    const message =
      "no GPU was found, and rendering needs WebGPU; without --device gpu one played by the CPU draws, slowly";
    throw new HounsfieldError("no-gpu", message, {}, error);
  }
}
