import { HounsfieldError } from "../../core/errors.js";
import type { BufferContents } from "../engine.js";

const PAGE_BYTES = 65536;
/** Two cache lines: what vector loads like best, and apart from what another thread writes. */
const ALIGNMENT = 128;
/** After each region: vectors may read, never write, so far past the end of what they were given. */
const SLACK = 128;

export interface Region {
  readonly pointer: number;
  readonly bytes: number;
}

/**
 * Hands out regions of one WASM memory and takes them back: first fit, neighbors joined. The memory grows and
 * never shrinks (WASM knows no way), so what is freed is used again before anything new is touched: the first
 * touch of a page costs more than most kernels do with it.
 */
export function createArena(memory: WebAssembly.Memory, maximumBytes: number) {
  /** Free regions below `top`, by address. */
  let free: { pointer: number; bytes: number }[] = [];
  let top = ALIGNMENT;
  const held = new Map<number, number>();

  /** From free regions, or from new memory, which is still zero. */
  const place = (bytes: number): { pointer: number; fresh: boolean } => {
    const fitting = free.find((region) => region.bytes >= bytes);
    if (fitting) {
      const { pointer } = fitting;
      fitting.pointer += bytes;
      fitting.bytes -= bytes;
      if (fitting.bytes === 0) free = free.filter((region) => region !== fitting);
      return { pointer, fresh: false };
    }
    // A free region at the end is where new memory begins.
    const last = free[free.length - 1];
    const isAtEnd = last !== undefined && last.pointer + last.bytes === top;
    const pointer = isAtEnd ? last.pointer : top;
    growTo(memory, pointer + bytes, maximumBytes);
    if (isAtEnd) free.pop();
    top = pointer + bytes;
    return { pointer, fresh: !isAtEnd };
  };

  return {
    /**
     * A region, zeroed unless its taker will write it.
     * @throws HounsfieldError `out-of-memory`
     */
    take(bytes: number, contents: BufferContents = "zeroed"): number {
      const whole = Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT;
      const { pointer, fresh } = place(whole);
      held.set(pointer, whole);
      if (!fresh && contents === "zeroed") new Uint8Array(memory.buffer, pointer, whole).fill(0);
      return pointer;
    },
    give(pointer: number): void {
      const bytes = held.get(pointer);
      if (bytes === undefined) return;
      held.delete(pointer);
      free = joined([...free, { pointer, bytes }]);
    },
  };
}

export type Arena = ReturnType<typeof createArena>;

function joined(regions: { pointer: number; bytes: number }[]) {
  const sorted = regions.sort((a, b) => a.pointer - b.pointer);
  const result: { pointer: number; bytes: number }[] = [];
  for (const region of sorted) {
    const last = result[result.length - 1];
    if (last && last.pointer + last.bytes === region.pointer) last.bytes += region.bytes;
    else result.push({ ...region });
  }
  return result;
}

function growTo(memory: WebAssembly.Memory, bytes: number, maximumBytes: number): void {
  const present = memory.buffer.byteLength;
  if (bytes <= present) return;
  try {
    if (bytes > maximumBytes) throw new RangeError(`beyond ${maximumBytes} bytes`);
    memory.grow(Math.ceil((bytes - present) / PAGE_BYTES));
  } catch (cause) {
    throw new HounsfieldError(
      "out-of-memory",
      `the CPU engine needs ${bytes} bytes of memory, which could not be had; it has ${present}`,
      { got: bytes, accepted: maximumBytes },
      cause,
    );
  }
}
