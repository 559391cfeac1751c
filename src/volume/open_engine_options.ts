import { checkOptions } from "../core/options.js";
import { controlRules, oneOf, wholeNotNegative, wholeWithin } from "../core/rules.js";

/** Of openEngine, in a browser and in Node. */
export interface OpenEngineOptions {
  /**
   * "auto", the default: the page's or the machine's GPU where there is one, else the CPU engine, which reads, computes, projects and reslices
   * but draws no views: ask `engine.capabilities.rendering`.
   */
  readonly device?: "auto" | "gpu" | "cpu";
  /**
   * Whether the GPU may be one that a CPU plays (SwiftShader): never, where there is no other, or even where there is. "never" by default, for the
   * CPU engine computes far faster; "fallback" for a page that must draw.
   */
  readonly software?: "never" | "fallback" | "only";
  /** Which of a machine's GPUs: "high-performance" by default. */
  readonly powerPreference?: "low-power" | "high-performance";
  /**
   * Threads of the CPU engine, as many as the machine has cores by default. In a page 1 unless it is cross-origin isolated, for only such
   * pages share memory.
   */
  readonly threads?: number;
  /** Decode workers; as many as the machine has cores by default; 0 decodes in the caller's thread. */
  readonly workers?: number;
  /** Ends the opening: it rejects with the signal's reason, and nothing is left open. */
  readonly signal?: AbortSignal;
  /** Only in Node: the decode worker's built file, beside the library's by default. */
  readonly workerUrl?: URL;
}

/** Options that ask for a GPU's engine, or for an error. */
export type OpenGpuEngineOptions = OpenEngineOptions &
  ({ readonly device: "gpu" } | { readonly software: "only" });

/** More threads than any machine has cores. */
const mostThreads = 1024;

/** Gives the options back. Throws `invalid-option`, and the signal's reason. */
export function checkEngineOptions(options: OpenEngineOptions | undefined): OpenEngineOptions {
  const checked = checkOptions("openEngine", options, {
    device: oneOf("auto", "gpu", "cpu"),
    software: oneOf("never", "fallback", "only"),
    powerPreference: oneOf("low-power", "high-performance"),
    threads: wholeWithin(1, mostThreads),
    workers: wholeNotNegative,
    workerUrl: (value) => (value instanceof URL ? undefined : "a URL"),
    signal: controlRules.signal,
  });
  checked.signal?.throwIfAborted();
  return checked;
}

/** Gives an engine back, or destroys it and throws the signal's reason where that came while it was opened. */
export function unlessAborted<E extends { destroy(): void }>(engine: E, signal: AbortSignal | undefined): E {
  if (signal?.aborted) engine.destroy();
  signal?.throwIfAborted();
  return engine;
}
