import { HounsfieldError } from "../../core/errors.js";
import type { KernelCall } from "./kernel_calls.js";
import {
  type ComputeWorkerStart,
  cells,
  MOST_WORKERS,
  type SharedControl,
  sharedControlOf,
  state,
} from "./shared_control.js";
import { doPart, type Exports, type ThreadPool } from "./single_thread.js";
import { doParts } from "./worker_loop.js";

/** Starts a worker that runs `workInTeam` with what it is given; the result ends it. */
export type StartWorker = (start: ComputeWorkerStart) => () => void;

/** Waking a worker takes some 20 us, in which one thread does this much. */
const LEAST_BYTES = 2 ** 18;
/** Parts a thread: enough that the last to finish is not long alone. */
const PARTS_PER_THREAD = 4;

/**
 * The caller's thread and workers, on one shared memory. Workers start at the first job that is worth it and
 * help once they are up.
 */
export function createThreadPool(
  exports: Exports,
  threads: number,
  { startWorker, ...common }: Omit<ComputeWorkerStart, "worker"> & { readonly startWorker: StartWorker },
): ThreadPool {
  const control = sharedControlOf(common.memory, common.pointer);
  const workers = Math.min(threads - 1, MOST_WORKERS);
  let ends: (() => void)[] | undefined;
  const start = () => Array.from({ length: workers }, (_, worker) => startWorker({ ...common, worker }));
  return {
    threads: workers + 1,
    run(call, scratch, bytes) {
      if (call.extent < 2 || bytes < LEAST_BYTES) {
        doPart(exports, call, 0, call.extent, scratch[0] ?? 0);
        return;
      }
      ends ??= start();
      post(control, call, common.names, scratch, workers);
      doParts(exports, call, control, scratch[0] ?? 0);
      return finish(control);
    },
    destroy() {
      for (let worker = 0; worker < workers; worker++) {
        Atomics.store(control.cells, cells.workers + worker, state.stopping);
        Atomics.notify(control.cells, cells.workers + worker);
      }
      for (const end of ends ?? []) end();
      ends = [];
    },
  };
}

/** Writes the job down and wakes the workers that are there. */
function post(
  { cells: cell, numbers }: SharedControl,
  call: KernelCall,
  names: readonly string[],
  scratch: readonly number[],
  workers: number,
) {
  const idle = Array.from({ length: workers }, (_, i) => i).filter(
    (i) => Atomics.load(cell, cells.workers + i) === state.idle,
  );
  cell[cells.extent] = call.extent;
  cell[cells.parts] = Math.min(call.extent, (idle.length + 1) * PARTS_PER_THREAD);
  cell[cells.next] = 0;
  cell[cells.failed] = 0;
  cell[cells.body] = names.indexOf(call.name);
  cell[cells.from] = call.slots.from;
  cell[cells.to] = call.slots.to;
  cell[cells.scratch] = call.slots.scratch;
  cell[cells.count] = call.numbers.length;
  numbers.set(call.numbers);
  Atomics.store(cell, cells.pending, idle.length);
  for (const i of idle) {
    cell[cells.workers + MOST_WORKERS + i] = scratch[i + 1] ?? 0;
    Atomics.store(cell, cells.workers + i, state.working);
    Atomics.notify(cell, cells.workers + i);
  }
}

/** Until the last worker is done: a page's main thread must not sleep, all others may. */
function finish({ cells: cell }: SharedControl): void | Promise<void> {
  const pending = () => Atomics.load(cell, cells.pending);
  const check = () => {
    if (cell[cells.failed] !== 0) throw new HounsfieldError("internal", "a thread of the CPU engine failed");
  };
  if (!("document" in globalThis)) {
    for (let left = pending(); left > 0; left = pending()) Atomics.wait(cell, cells.pending, left);
    return check();
  }
  // What is left is less than a part's work: to look again and again costs less than a round of the event
  // loop.
  const until = performance.now() + 2;
  while (pending() > 0 && performance.now() < until);
  if (pending() === 0) return check();
  return (async () => {
    while (pending() > 0) await new Promise((resolve) => setTimeout(resolve));
    check();
  })();
}
