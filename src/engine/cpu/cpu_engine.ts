import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { AdapterDescription, Engine, EngineBuffer, EngineLimits, KernelName, Pass } from "../engine.js";
import { MemoryLedger } from "../memory_ledger.js";
import { unknownBuffer } from "../unknown_buffer.js";
import { type Arena, createArena } from "./arena.js";
import { type CpuKernel, kernelCallOf, noCpuKernel, scratchArguments } from "./kernel_calls.js";
import { controlBytes } from "./shared_control.js";
import { createSingleThread, type Exports, type ThreadPool } from "./single_thread.js";
import { createThreadPool, type StartWorker } from "./thread_pool.js";
import { type CpuMemory, createOwnMemory, createSharedMemory } from "./wasm_memory.js";

/** How long passes may follow each other before timers, signals and messages get their turn. */
const turnMs = 30;

const slabs = {
  // 10 to 50 ms of a thread, so that a page answers and a cancel is felt.
  slabVoxels: 2 ** 22,
  // 1 MB of float32: memory that is touched for the first time costs more than the passes that more slabs
  // are.
  readVoxels: 2 ** 18,
  // 64 MiB: half the passes of a spline are then over the halos of its bands, at most; less would be more of
  // them.
  blockVoxels: 2 ** 24,
};

export interface CpuEngineOptions {
  /** Threads that share the work; 1 unless a `startWorker` is given. */
  readonly threads?: number;
  /**
   * Starts a thread beside the caller's; needs shared memory, which a page has only when it is cross-origin
   * isolated.
   */
  readonly startWorker?: StartWorker;
  /** Who does the work instead, on memory of one thread: for tests. */
  readonly pool?: (exports: Exports) => ThreadPool;
}

/**
 * An engine of WASM SIMD kernels: the same passes as the GPU's, on this machine's cores. Where shared memory
 * is refused it has one thread. Throws `no-cpu-engine` where the machine lacks SIMD, `out-of-memory` where it
 * gives no memory at all, `no-wasm` where a page forbids WebAssembly.
 */
export async function createCpuEngine({
  threads = 1,
  startWorker,
  pool: makePool = createSingleThread,
}: CpuEngineOptions = {}): Promise<Engine> {
  const sharedMemory = threads > 1 && startWorker ? createSharedMemory() : undefined;
  const { cpuKernels, compileBodies } = await import("./wasm/ops.generated.js");
  const module = await compileBodies(sharedMemory !== undefined).catch((cause) => {
    if (isHounsfieldError(cause)) throw cause;
    throw new HounsfieldError("no-cpu-engine", "this machine runs no WebAssembly with SIMD", {}, cause);
  });
  const { memory, maximumBytes } = sharedMemory ?? createOwnMemory();
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  const arena = createArena(memory, maximumBytes);
  const names = Object.keys(cpuKernels);
  const pool =
    sharedMemory && startWorker
      ? createThreadPool(exports, threads, {
          startWorker,
          module,
          memory,
          pointer: arena.take(controlBytes),
          names,
        })
      : makePool(exports);
  return engineOn({ memory, maximumBytes, exports, arena, pool, cpuKernels });
}

interface Machine extends CpuMemory {
  readonly exports: Exports;
  readonly arena: Arena;
  readonly pool: ThreadPool;
  readonly cpuKernels: Partial<Readonly<Record<KernelName, CpuKernel>>>;
}

function engineOn(machine: Machine): Engine {
  const { memory, maximumBytes, arena, pool } = machine;
  const limits: EngineLimits = { maxBufferBytes: maximumBytes, maxBindingBytes: maximumBytes, ...slabs };
  const ledger = new MemoryLedger();
  const pointers = new Map<EngineBuffer, number>();
  const scratch = createScratch(machine);
  let turnEndsMs = performance.now() + turnMs;

  const addressOf = (buffer: EngineBuffer): number => {
    const pointer = pointers.get(buffer);
    if (pointer !== undefined) return pointer;
    throw unknownBuffer(buffer);
  };
  const bytesAt = (buffer: EngineBuffer, offsetBytes: number, bytes: number) => {
    if (offsetBytes < 0 || offsetBytes + bytes > buffer.bytes) {
      const message = `bytes ${offsetBytes} to ${offsetBytes + bytes} are not in "${buffer.label}", which has ${buffer.bytes}`;
      throw new HounsfieldError("internal", message, { got: offsetBytes + bytes, accepted: buffer.bytes });
    }
    return new Uint8Array(memory.buffer, addressOf(buffer) + offsetBytes, bytes);
  };
  const runOne = (pass: Pass) => {
    const body = machine.cpuKernels[pass.kernel];
    if (!body) throw noCpuKernel(pass.kernel);
    return pool.run(kernelCallOf(pass, body, addressOf), scratch(pass, body), bytesOf(pass));
  };
  const giveTurn = async () => {
    if (performance.now() < turnEndsMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    turnEndsMs = performance.now() + turnMs;
  };

  return {
    adapter: describe(pool.threads),
    capabilities: { processor: "cpu", threads: pool.threads, rendering: false },
    limits,
    memory: ledger,
    async allocate(label, requested, contents = "zeroed") {
      const bytes = Math.max(4, Math.ceil(requested / 4) * 4);
      const pointer = arena.take(bytes, contents);
      const release = ledger.take(label, bytes);
      const buffer: EngineBuffer = {
        label,
        bytes,
        get isDestroyed() {
          return !pointers.has(buffer);
        },
        destroy() {
          if (!pointers.delete(buffer)) return;
          arena.give(pointer);
          release();
        },
      };
      pointers.set(buffer, pointer);
      return buffer;
    },
    write(buffer, offsetBytes, data) {
      const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      bytesAt(buffer, offsetBytes, data.byteLength).set(source);
    },
    async read(buffer, offsetBytes, bytes, into = new ArrayBuffer(bytes)) {
      new Uint8Array(into).set(bytesAt(buffer, offsetBytes, bytes));
      return into;
    },
    async run(passes) {
      for (const pass of passes) {
        await giveTurn();
        const waiting = runOne(pass);
        if (waiting) await waiting;
      }
    },
    idle: giveTurn,
    destroy() {
      for (const buffer of [...pointers.keys()]) buffer.destroy();
      pool.destroy();
    },
  };
}

/**
 * Memory that the threads need beside the bindings, one piece a thread, kept for the next pass and grown when
 * it needs more.
 */
function createScratch({ arena, pool, exports }: Machine) {
  let pointers: number[] = [];
  let held = 0;
  return (pass: Pass, body: CpuKernel): readonly number[] => {
    if (!body.scratch) return pointers;
    const bytes = exports[`${pass.kernel}_scratch`](...scratchArguments(pass, body.scratch)) >>> 0;
    if (bytes > held) {
      pointers.forEach(arena.give);
      // Named by nobody until all are there: taking may fail.
      pointers = [];
      held = 0;
      for (let thread = 0; thread < pool.threads; thread++) pointers.push(arena.take(bytes));
      held = bytes;
    }
    return pointers;
  };
}

/** What a pass may touch: an upper bound of its work, as all kernels are linear in it. */
function bytesOf(pass: Pass): number {
  return Object.values(pass.bindings).reduce((sum, bound) => sum + bound.bytes, 0);
}

function describe(threads: number): AdapterDescription {
  const name = `CPU, ${threads} ${threads === 1 ? "thread" : "threads"}, WASM SIMD`;
  return { vendor: "", architecture: "wasm-simd", name, software: false };
}
