/**
 * What the threads of a team tell each other, in the memory they share: i32 cells, then f64 arguments. A
 * worker sleeps on its own cell, so that it joins no job that was not counted for it.
 */
export const cells = {
  /** Next part to be done, and how many there are. */
  next: 0,
  parts: 1,
  extent: 2,
  /** Workers not yet done with the job. */
  pending: 3,
  /** Set by a worker whose call trapped. */
  failed: 4,
  body: 5,
  from: 6,
  to: 7,
  scratch: 8,
  count: 9,
  /** One a worker: its state; then one a worker: the address of its scratch. */
  workers: 16,
} as const;

export const state = { starting: 0, idle: 1, working: 2, stopping: 3 } as const;

export const MOST_WORKERS = 64;
const MOST_NUMBERS = 40;
const numbersOffset = (cells.workers + 2 * MOST_WORKERS) * 4;
export const controlBytes = numbersOffset + MOST_NUMBERS * 8;

/** What a worker is started with. */
export interface ComputeWorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Of the control block. */
  readonly pointer: number;
  /** From 0. */
  readonly worker: number;
  /** Exports by number. */
  readonly names: readonly string[];
}

export function sharedControlOf(memory: WebAssembly.Memory, pointer: number) {
  return {
    cells: new Int32Array(memory.buffer, pointer, cells.workers + 2 * MOST_WORKERS),
    numbers: new Float64Array(memory.buffer, pointer + numbersOffset, MOST_NUMBERS),
  };
}

export type SharedControl = ReturnType<typeof sharedControlOf>;
