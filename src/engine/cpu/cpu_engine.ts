import { HounsfieldError } from "../../core/errors.js";
import { checkBudget, isOverBudget } from "../check_budget.js";
import type { AdapterDescription, Engine, EngineBuffer, EngineLimits, Pass } from "../engine.js";
import { MemoryLedger } from "../memory_ledger.js";
import { unknownBuffer } from "../unknown_buffer.js";
import { kernelCallOf, noCpuKernel } from "./kernel_calls.js";
import { type KeptMachine, keepMachine, openMachine } from "./machine.js";
import type { Exports, ThreadPool } from "./single_thread.js";
import type { StartWorker } from "./thread_pool.js";

/** How long passes may follow each other before timers, signals and messages get their turn. */
const TURN_MS = 30;

/**
 * WASM memory grows and never shrinks, so what has grown beyond this is given back whole once nothing is held
 * in it; less is kept, for the next volume's pages are then there.
 */
const MOST_KEPT_BYTES = 2 ** 30;

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
  /** The most that its buffers hold at a time; without it what the machine gives. */
  readonly budgetBytes?: number;
  /** Memory that is kept while nothing is held in it; fewer for tests. */
  readonly keptBytes?: number;
  /** Who does the work instead, on memory of one thread: for tests. */
  readonly pool?: (exports: Exports) => ThreadPool;
}

/**
 * An engine of WASM SIMD kernels: the same passes as the GPU's, on this machine's cores. Where shared memory
 * is refused it has one thread.
 * @throws HounsfieldError `no-cpu-engine` where the machine lacks SIMD, `out-of-memory` where it gives no
 * memory at all, `no-wasm` where a page forbids WebAssembly
 */
export async function createCpuEngine({
  threads = 1,
  startWorker,
  budgetBytes,
  keptBytes = MOST_KEPT_BYTES,
  pool,
}: CpuEngineOptions = {}): Promise<Engine> {
  const open = () => openMachine({ threads, startWorker, pool });
  const first = await open();
  const { maximumBytes } = first;
  const limits: EngineLimits = {
    maxBufferBytes: maximumBytes,
    maxBindingBytes: maximumBytes,
    budgetBytes: Math.min(maximumBytes, budgetBytes ?? maximumBytes),
    ...slabs,
  };
  return engineOn(keepMachine(first, open, keptBytes), limits);
}

function engineOn(machines: KeptMachine, limits: EngineLimits): Engine {
  const ledger = new MemoryLedger();
  const pointers = new Map<EngineBuffer, number>();
  let running = 0;
  let turnEndsMs = performance.now() + TURN_MS;

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
    const address = addressOf(buffer) + offsetBytes;
    return new Uint8Array(machines.current.memory.buffer, address, bytes);
  };
  const runOne = (pass: Pass) => {
    // There is a machine where there are its buffers.
    for (const bound of Object.values(pass.bindings)) addressOf("buffer" in bound ? bound.buffer : bound);
    const { cpuKernels, pool, scratch } = machines.current;
    const body = cpuKernels[pass.kernel];
    if (!body) throw noCpuKernel(pass.kernel);
    return pool.run(kernelCallOf(pass, body, addressOf), scratch(pass, body), bytesOf(pass));
  };
  const giveBack = () => {
    if (pointers.size === 0 && running === 0) machines.unused();
  };
  const giveTurn = async () => {
    if (performance.now() < turnEndsMs) return;
    await new Promise((resolve) => setTimeout(resolve));
    turnEndsMs = performance.now() + TURN_MS;
  };

  return {
    adapter: describe(machines.threads),
    capabilities: { processor: "cpu", threads: machines.threads, rendering: false },
    limits,
    memory: ledger,
    async allocate(label, requested, contents = "zeroed") {
      const bytes = Math.max(4, Math.ceil(requested / 4) * 4);
      const { arena } = await machines.need();
      // Nothing is waited for between here and the ledger where there is room.
      if (isOverBudget(ledger, limits, bytes)) await checkBudget(ledger, limits, label, bytes);
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
          giveBack();
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
      running++;
      try {
        for (const pass of passes) {
          await giveTurn();
          const waiting = runOne(pass);
          if (waiting) await waiting;
        }
      } finally {
        running--;
        giveBack();
      }
    },
    idle: giveTurn,
    destroy() {
      for (const buffer of [...pointers.keys()]) buffer.destroy();
      machines.close();
    },
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
