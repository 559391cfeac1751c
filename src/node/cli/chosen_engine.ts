import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { CtEngine } from "../../volume/ct_engine.js";
import type { OpenEngineOptions } from "../../volume/open_engine_options.js";
import { openEngine } from "../open_engine.js";
import { UsageError } from "./usage_error.js";

/** For the table of options that a command accepts. */
export const engineFlags = {
  device: { type: "string" },
  threads: { type: "string" },
  software: { type: "boolean" },
} as const;

export interface EngineTexts {
  readonly device?: string;
  readonly threads?: string;
  readonly software?: boolean;
}

/** What `--device`, `--threads` and `--software` ask for. Throws a usage error, before anything is read. */
export function engineOptions({ device = "auto", threads, software }: EngineTexts): OpenEngineOptions {
  if (device !== "auto" && device !== "gpu" && device !== "cpu") {
    throw new UsageError(`--device takes "auto", "gpu" or "cpu", got "${device}"`);
  }
  if (software && device === "cpu") throw new UsageError("--software is a GPU's: not with --device cpu");
  const count = threads === undefined ? undefined : Number(threads);
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 64)) {
    throw new UsageError(`--threads takes a whole number from 1 to 64, got "${threads}"`);
  }
  // One thread is meant of all work: reading and decoding too.
  return { device, software: software ? "only" : "never", threads: count, workers: count === 1 ? 0 : count };
}

/** Opens it; where auto finds no GPU, one line on stderr says what is used instead. */
export async function openChosenEngine(options: OpenEngineOptions): Promise<CtEngine> {
  const engine = await openEngine(options);
  if (options.device === "auto" && engine.capabilities.processor === "cpu") {
    process.stderr.write(`no GPU found: using the ${engine.adapter.name}\n`);
  }
  return engine;
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

/** Opens it; where auto finds no GPU, one line on stderr says what draws instead. Throws `no-gpu`. */
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
