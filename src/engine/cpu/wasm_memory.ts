import { HounsfieldError } from "../../core/errors.js";

const PAGE_BYTES = 65536;
/**
 * The most that WASM of 32-bit addresses has; then what is asked for where that is refused. Shared memory is
 * reserved whole, and iOS reserves less.
 */
const maximaPages = [65536, 32768, 16384, 8192];

export interface CpuMemory {
  readonly memory: WebAssembly.Memory;
  /** What the memory may grow to, less a page: the end of 4 GiB has no address. */
  readonly maximumBytes: number;
}

/** Shared memory of the largest maximum that is given, or undefined where none is. */
export function createSharedMemory(): CpuMemory | undefined {
  const made = firstGiven(true);
  return made instanceof Error ? undefined : made;
}

/**
 * The same, for one thread.
 * @throws HounsfieldError `out-of-memory`
 */
export function createOwnMemory(): CpuMemory {
  const made = firstGiven(false);
  if (!(made instanceof Error)) return made;
  const accepted = maximaPages[maximaPages.length - 1] * PAGE_BYTES;
  const message = "no WebAssembly memory was given to the CPU engine";
  throw new HounsfieldError("out-of-memory", message, { accepted }, made);
}

function firstGiven(shared: boolean): CpuMemory | Error {
  let refusal = new Error("no memory");
  for (const maximum of maximaPages) {
    try {
      const memory = new WebAssembly.Memory({ initial: 2, maximum, shared });
      return { memory, maximumBytes: (maximum - 1) * PAGE_BYTES };
    } catch (cause) {
      refusal = cause instanceof Error ? cause : new Error(String(cause));
    }
  }
  return refusal;
}
