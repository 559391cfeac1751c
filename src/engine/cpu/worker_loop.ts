import type { KernelCall } from "./kernel_calls.js";
import {
  type ComputeWorkerStart,
  cells,
  MOST_WORKERS,
  type SharedControl,
  sharedControlOf,
  state,
} from "./shared_control.js";
import { doPart, type Exports } from "./single_thread.js";

/**
 * Does parts of the job in `control` until none is left. Whoever is free takes the next, so a slow thread
 * holds nobody up.
 */
export function doParts(
  exports: Exports,
  call: KernelCall,
  { cells: cell }: SharedControl,
  scratch: number,
): void {
  const parts = cell[cells.parts];
  for (let part = Atomics.add(cell, cells.next, 1); part < parts; part = Atomics.add(cell, cells.next, 1)) {
    const from = Math.floor((call.extent * part) / parts);
    const to = Math.floor((call.extent * (part + 1)) / parts);
    doPart(exports, call, from, to, scratch);
  }
}

/**
 * The life of a worker: sleeps until there is a job, helps with it, sleeps again. Returns when the pool is
 * stopped.
 */
export function runWorkerLoop({ module, memory, pointer, worker, names }: ComputeWorkerStart): void {
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  const control = sharedControlOf(memory, pointer);
  const cell = control.cells;
  const own = cells.workers + worker;
  Atomics.store(cell, own, state.idle);
  for (;;) {
    Atomics.wait(cell, own, state.idle);
    if (Atomics.load(cell, own) === state.stopping) return;
    try {
      doParts(exports, jobOf(control, names), control, cell[own + MOST_WORKERS]);
    } catch {
      Atomics.store(cell, cells.failed, 1);
    }
    Atomics.store(cell, own, state.idle);
    if (Atomics.sub(cell, cells.pending, 1) === 1) Atomics.notify(cell, cells.pending);
  }
}

function jobOf({ cells: cell, numbers }: SharedControl, names: readonly string[]): KernelCall {
  return {
    name: names[cell[cells.body]],
    numbers: [...numbers.subarray(0, cell[cells.count])],
    slots: { from: cell[cells.from], to: cell[cells.to], scratch: cell[cells.scratch] },
    extent: cell[cells.extent],
  };
}
