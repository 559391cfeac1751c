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
  /** Only in Node: the decode worker's built file, beside the library's by default. */
  readonly workerUrl?: URL;
}

/** Options that ask for a GPU's engine, or for an error. */
export type OpenGpuEngineOptions = OpenEngineOptions &
  ({ readonly device: "gpu" } | { readonly software: "only" });
