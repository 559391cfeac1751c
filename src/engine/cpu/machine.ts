import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { KernelName, Pass } from "../engine.js";
import { type Arena, createArena } from "./arena.js";
import { type CpuKernel, scratchArguments } from "./kernel_calls.js";
import { controlBytes } from "./shared_control.js";
import { createSingleThread, type Exports, type ThreadPool } from "./single_thread.js";
import { createThreadPool, type StartWorker } from "./thread_pool.js";
import { type CpuMemory, createOwnMemory, createSharedMemory } from "./wasm_memory.js";

/** WASM memory, the kernels on it, and who runs them. */
export interface Machine extends CpuMemory {
  readonly arena: Arena;
  readonly pool: ThreadPool;
  /** What a pass needs beside its bindings: an address a thread. */
  scratch(pass: Pass, body: CpuKernel): readonly number[];
  readonly cpuKernels: Partial<Readonly<Record<KernelName, CpuKernel>>>;
}

export interface MachineOptions {
  readonly threads: number;
  readonly startWorker?: StartWorker;
  readonly pool?: (exports: Exports) => ThreadPool;
}

/** @throws HounsfieldError as `createCpuEngine` */
export async function openMachine({
  threads,
  startWorker,
  pool: makePool = createSingleThread,
}: MachineOptions): Promise<Machine> {
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
  const scratch = createScratch(arena, pool, exports);
  return { memory, maximumBytes, arena, pool, scratch, cpuKernels };
}

/**
 * Memory that the threads need beside the bindings, one piece a thread, kept for the next pass and grown when
 * it needs more.
 */
function createScratch(arena: Arena, pool: ThreadPool, exports: Exports) {
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

/** A machine that is given up with its memory, and another in its place when one is needed again. */
export interface KeptMachine {
  readonly threads: number;
  /** @throws HounsfieldError as `createCpuEngine` */
  need(): Promise<Machine>;
  /** There is one while anything is held in it. */
  readonly current: Machine;
  /** Nothing is held in it, and nothing runs. */
  unused(): void;
  close(): void;
}

/** Gives up what has grown beyond `keptBytes` as soon as it is unused: nothing else shrinks WASM memory. */
export function keepMachine(first: Machine, open: () => Promise<Machine>, keptBytes: number): KeptMachine {
  const { threads } = first.pool;
  // Not `first` below: what holds it holds its memory.
  let machine: Machine | undefined = first;
  let opening: Promise<Machine> | undefined;
  let isClosed = false;
  const giveUp = () => {
    machine?.pool.destroy();
    machine = undefined;
  };
  return {
    threads,
    async need() {
      while (!machine) {
        if (isClosed) throw new HounsfieldError("destroyed", "the CPU engine was used after its destroy()");
        opening ??= open();
        const opened = await opening.finally(() => (opening = undefined));
        machine ??= opened;
      }
      return machine;
    },
    get current() {
      if (!machine) throw new HounsfieldError("internal", "the CPU engine has no memory");
      return machine;
    },
    unused() {
      if (machine && machine.memory.buffer.byteLength > keptBytes) giveUp();
    },
    close() {
      isClosed = true;
      giveUp();
    },
  };
}
