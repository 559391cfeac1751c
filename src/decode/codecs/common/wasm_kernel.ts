import { HounsfieldError } from "../../../core/errors.js";

const PAGE_BYTES = 65536;
/** Regions start on a cache line pair: what the vector loads of the kernels like best. */
const ALIGNMENT = 128;

/**
 * An instance of a kernel module with the memory it works on. The host says what lies where: `take` hands out
 * regions in order.
 */
export interface WasmKernel<Exports> {
  readonly run: Exports;
  /** Its whole memory, at its present size: fetch it anew after each `take`. */
  bytes(): Uint8Array;
  /** Reserves a region and returns its pointer. Nothing is freed but by `release`. */
  take(byteLength: number): number;
  /** The pointer the next region would have; `release` of it gives back all regions taken since. */
  mark(): number;
  release(mark: number): void;
}

export function instantiateKernel<Exports extends WebAssembly.Exports>(
  module: WebAssembly.Module,
): WasmKernel<Exports> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  let next = ALIGNMENT;
  return {
    run: instance.exports as Exports,
    bytes: () => new Uint8Array(memory.buffer),
    take(byteLength) {
      const pointer = next;
      next = Math.ceil((pointer + byteLength) / ALIGNMENT) * ALIGNMENT;
      if (next > memory.buffer.byteLength) grow(memory, next);
      return pointer;
    },
    mark: () => next,
    release(mark) {
      next = mark;
    },
  };
}

function grow(memory: WebAssembly.Memory, byteLength: number): void {
  try {
    memory.grow(Math.ceil((byteLength - memory.buffer.byteLength) / PAGE_BYTES));
  } catch (cause) {
    const message = `decoding this frame needs ${byteLength} bytes of memory, which could not be had`;
    throw new HounsfieldError("out-of-memory", message, { got: byteLength }, cause);
  }
}
