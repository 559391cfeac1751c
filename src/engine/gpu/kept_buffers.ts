import type { MemoryLedger } from "../memory_ledger.js";

/**
 * Freed buffers of a device that are kept, while a recipe runs, for who next asks for as many bytes: an
 * allocation waits for the device to say that it had the memory, hundreds of times in a lung mask. What is
 * used and what is kept are together never more than was used at once before, so a recipe's peak is the same
 * with and without; the oldest go first. The ledger knows all of it.
 */
export class KeptBuffers {
  readonly #memory: MemoryLedger;
  readonly #kept = new Map<GPUBuffer, { readonly bytes: number; readonly release: () => void }>();
  #keptBytes = 0;
  #mostUsedBytes = 0;
  #tasks = 0;

  constructor(memory: MemoryLedger) {
    this.#memory = memory;
  }

  /** Keeps what is freed until `task` ends. Tasks may overlap. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    if (this.#tasks++ === 0) this.#mostUsedBytes = this.#memory.bytes;
    try {
      return await task();
    } finally {
      if (--this.#tasks === 0) this.destroyAll();
    }
  }

  /** A kept buffer of just so many bytes, holding anything; undefined where there is none. */
  take(bytes: number): GPUBuffer | undefined {
    for (const [buffer, kept] of this.#kept) {
      if (kept.bytes !== bytes) continue;
      this.#forget(buffer);
      return buffer;
    }
    return undefined;
  }

  /** Makes room for `bytes` that are about to be used besides all that is. */
  makeRoom(bytes: number): void {
    const usedBytes = this.#memory.bytes - this.#keptBytes + bytes;
    this.#mostUsedBytes = Math.max(this.#mostUsedBytes, usedBytes);
    for (const buffer of this.#kept.keys()) {
      if (usedBytes + this.#keptBytes <= this.#mostUsedBytes) return;
      this.#destroy(buffer);
    }
  }

  /** Takes a freed buffer over, of which the ledger knows no more. */
  free(buffer: GPUBuffer, bytes: number): void {
    if (this.#tasks === 0) {
      buffer.destroy();
      return;
    }
    this.#kept.set(buffer, { bytes, release: this.#memory.take("kept for reuse", bytes) });
    this.#keptBytes += bytes;
  }

  destroyAll(): void {
    for (const buffer of this.#kept.keys()) this.#destroy(buffer);
  }

  #destroy(buffer: GPUBuffer): void {
    this.#forget(buffer);
    buffer.destroy();
  }

  #forget(buffer: GPUBuffer): void {
    const kept = this.#kept.get(buffer);
    if (!kept) return;
    this.#kept.delete(buffer);
    this.#keptBytes -= kept.bytes;
    kept.release();
  }
}
