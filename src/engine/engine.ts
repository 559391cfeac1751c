import type { HounsfieldError } from "../core/errors.js";
import type { viewKernels } from "./kernels.generated.js";
import type { MemoryLedger } from "./memory_ledger.js";
import type { onDemandKernels } from "./on_demand_kernels.generated.js";
import type { operationKernels } from "./operation_kernels.generated.js";

/**
 * What computes and holds volumes, on a GPU or a CPU; `openEngine` opens one. Its members that work on
 * buffers are for operations alone, and may change with every version.
 *
 * It is the seam between processors: an operation plans passes (plain data: a kernel's name, its parameters,
 * its buffers, how many invocations); an engine runs them. The GPU engine (gpu/) runs the WGSL of that name,
 * the CPU engine (cpu/) the WASM body of that name. No operation asks which it is on.
 */
export interface Engine {
  readonly adapter: AdapterDescription;
  /** What a caller may ask of this engine, before it asks. */
  readonly capabilities: EngineCapabilities;
  readonly limits: EngineLimits;
  /** Every byte held, by label. */
  readonly memory: MemoryLedger;
  /**
   * @internal A zeroed buffer; with "unwritten" it may hold anything, for who writes all of it before it is
   * read: zeros cost as much as that. `bytes` is rounded up to a multiple of 4. A buffer may be larger than
   * the device's own: then it is several of those, cut between units of `unitBytes` (slices), and nobody who
   * uses it asks; what is one unit is one buffer.
   * @throws HounsfieldError `out-of-memory`, `limit-exceeded` for such a unit
   */
  allocate(
    label: string,
    bytes: number,
    contents?: BufferContents,
    unitBytes?: number,
  ): Promise<EngineBuffer>;
  /** @internal Copies `data` (a multiple of 4 bytes) in; done in order with the passes. */
  write(buffer: EngineBuffer, offsetBytes: number, data: ArrayBufferView): void;
  /**
   * @internal Copies bytes out (offset and length multiples of 4), after all earlier passes; into new memory
   * unless given some of that length or more, which is cheaper for who reads slab after slab: new pages cost
   * more than the copy.
   * @throws HounsfieldError `device-lost`
   */
  read(buffer: EngineBuffer, offsetBytes: number, bytes: number, into?: ArrayBuffer): Promise<ArrayBuffer>;
  /**
   * @internal Hands passes over in order; resolves once submitted, not once done, and waits only while too
   * much is in flight: `work` says how much this is, in voxels that one invocation each handles; their
   * invocations unless given. What goes wrong later is thrown by the next call that can.
   */
  run(passes: readonly Pass[], work?: number): Promise<void>;
  /** Resolves when all handed over is done; throws what went wrong since the last call. */
  idle(): Promise<void>;
  /**
   * @internal Runs a task while freed memory is kept for who allocates next, for recipes of many steps.
   * Absent where allocating costs no round trip.
   */
  keepFreed?<T>(task: () => Promise<T>): Promise<T>;
  /**
   * @internal Runs tasks side by side that read their results in the same round trips; see round_trips.ts.
   * Absent where reading costs none.
   */
  together?<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]>;
  /**
   * Tells of its device's loss and return, until the call it gives is made. Absent where nothing can be lost.
   */
  onDevice?(listener: (event: DeviceEvent) => void): () => void;
  /**
   * @internal Names how a buffer's values are made again after a loss; without it they are gone, and using
   * them throws `device-lost`.
   */
  restoreWith?(buffer: EngineBuffer, restorer: Restorer): void;
  /** Frees everything. Idempotent. */
  destroy(): void;
}

/**
 * "lost": all on the device is gone, and another is being opened. "reopened": there is one, what can be made
 * again has memory, and its values are on their way. "gone": no other could be had; the engine is at its end.
 * "closed": so it is, by `destroy`.
 */
export type DeviceEvent =
  | { readonly kind: "lost" | "gone"; readonly error: HounsfieldError }
  | { readonly kind: "reopened" | "closed" };

/** Makes a buffer's values again. */
export interface Restorer {
  /** The buffer is there again, zeroed; rejects when its values cannot be made. */
  restore(): Promise<void>;
  /**
   * The values are gone for good: `restore` rejected with it, or there is no memory or no device to restore
   * to.
   */
  failed(error: unknown): void;
}

export type BufferContents = "zeroed" | "unwritten";

export interface EngineBuffer {
  readonly label: string;
  readonly bytes: number;
  /** Between which it is cut where it has to be. */
  readonly unitBytes?: number;
  /** Whether it is. */
  readonly isCut?: boolean;
  /** By itself, or with its engine. */
  readonly isDestroyed: boolean;
  /** Idempotent. */
  destroy(): void;
}

/** What an engine runs on, as its driver or its processor says. */
export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly name: string;
  /** True where a CPU plays the GPU (SwiftShader): correct, but tens of times slower. */
  readonly software: boolean;
}

/** Every engine reads, computes, projects along axes and reslices; views on a canvas need a GPU. */
export interface EngineCapabilities {
  readonly processor: "gpu" | "cpu";
  /** Threads that passes are run by; 1 for a GPU, whose threads are its own affair. */
  readonly threads: number;
  /** Whether `createView` and `renderToPixels` work. */
  readonly rendering: boolean;
}

/** The most that an engine's device takes, in bytes and voxels; plans are made by them. */
export interface EngineLimits {
  readonly maxBufferBytes: number;
  /** The most that the engine holds at a time, as it was opened with; without it what there is. */
  readonly budgetBytes?: number;
  /** The largest part of a buffer that one pass may see. */
  readonly maxBindingBytes: number;
  /**
   * Voxels one pass should handle, so that a browser's watchdog never sees a long one and a cancel is felt.
   */
  readonly slabVoxels: number;
  /** Number of voxels to read back per slab. Chosen so that a slab fits in the CPU cache. */
  readonly readVoxels: number;
  /**
   * Preferred size of an intermediate f32 block: one storage-buffer binding on a GPU, the L2/L3 cache on a
   * CPU.
   */
  readonly blockVoxels: number;
}

type Kernels = typeof viewKernels & typeof onDemandKernels & typeof operationKernels;
export type KernelName = keyof Kernels;

/**
 * A part of a buffer; `offsetBytes` is a multiple of 256, the largest alignment a WebGPU device may ask for.
 */
export interface BufferRange {
  readonly buffer: EngineBuffer;
  readonly offsetBytes: number;
  readonly bytes: number;
}

/** One dispatch of kernel `K`, checked by the compiler against the WGSL's own bindings and parameters. */
export interface PassOf<K extends KernelName> {
  readonly kernel: K;
  readonly params: { readonly [F in keyof Kernels[K]["params"]["fields"]]: number };
  readonly bindings: { readonly [B in keyof Kernels[K]["bindings"]]: EngineBuffer | BufferRange };
  /** Invocations along x, y, z; rounded up to whole workgroups, so kernels check their bounds. */
  readonly invocations: readonly [number, number, number];
}

export type Pass = { [K in KernelName]: PassOf<K> }[KernelName];
