import type { KernelCall } from "./kernel_calls.js";

/** The exports of the module of CPU kernels, which all take numbers. */
export type Exports = Readonly<Record<string, (...numbers: number[]) => number>>;

/** Those who do the calls: the caller's thread alone, or workers beside it. */
export interface ThreadPool {
  readonly threads: number;
  /**
   * Does the whole of a call. `bytes` is what it reads and writes, roughly: little work is not worth waking
   * anybody.
   */
  run(call: KernelCall, scratch: readonly number[], bytes: number): void | Promise<void>;
  destroy(): void;
}

/** Does part [from, to) of a call. */
export function doPart(exports: Exports, call: KernelCall, from: number, to: number, scratch: number): void {
  const { slots } = call;
  const numbers = [...call.numbers];
  if (slots.from >= 0) numbers[slots.from] = from;
  if (slots.to >= 0) numbers[slots.to] = to;
  if (slots.scratch >= 0) numbers[slots.scratch] = scratch;
  exports[call.name](...numbers);
}

/** The caller's thread alone. */
export function createSingleThread(exports: Exports): ThreadPool {
  return {
    threads: 1,
    run(call, scratch) {
      doPart(exports, call, 0, call.extent, scratch[0] ?? 0);
    },
    destroy() {},
  };
}
