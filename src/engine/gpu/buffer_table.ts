import { HounsfieldError } from "../../core/errors.js";
import type { EngineBuffer } from "../engine.js";
import { unknownBuffer } from "../unknown_buffer.js";
import type { BufferParts } from "./buffer_parts.js";

/** A device's memory of one of the engine's buffers, and how that device takes it back. */
interface HeldBuffer extends BufferParts {
  free(): void;
}

/**
 * Which WebGPU buffers stand behind each of an engine's buffers. It outlives a device: when one is lost, all
 * that it held is lost with it, and what can be made again gets a new buffer of the next device under the
 * same name.
 */
export class BufferTable {
  readonly #held = new Map<EngineBuffer, HeldBuffer>();
  /** Buffers whose values went with their device, and why they were not made again. */
  readonly #lost = new Map<EngineBuffer, unknown>();

  /**
   * @throws HounsfieldError `device-lost` for a buffer whose values are lost, `destroyed`, `wrong-engine` for
   * another engine's
   */
  get(buffer: EngineBuffer): BufferParts {
    const held = this.#held.get(buffer);
    if (held) return held;
    if (!this.#lost.has(buffer)) throw unknownBuffer(buffer);
    throw new HounsfieldError(
      "device-lost",
      `the values of "${buffer.label}" went with the lost GPU device and cannot be made again`,
      {},
      this.#lost.get(buffer),
    );
  }

  has(buffer: EngineBuffer): boolean {
    return this.#held.has(buffer);
  }

  isLost(buffer: EngineBuffer): boolean {
    return this.#lost.has(buffer);
  }

  set(buffer: EngineBuffer, held: HeldBuffer): void {
    this.#held.set(buffer, held);
    this.#lost.delete(buffer);
  }

  /** Gives the buffer back to its device and forgets it. Idempotent. */
  destroy(buffer: EngineBuffer): void {
    this.#held.get(buffer)?.free();
    this.#held.delete(buffer);
    this.#lost.delete(buffer);
  }

  /** Notes that a buffer's values are gone. */
  lose(buffer: EngineBuffer, cause?: unknown): void {
    this.#held.delete(buffer);
    this.#lost.set(buffer, cause);
  }

  loseAll(): void {
    for (const buffer of this.#held.keys()) this.lose(buffer);
  }

  /** Those not destroyed whose values are gone. */
  lost(): EngineBuffer[] {
    return [...this.#lost.keys()];
  }

  /** All that are not destroyed. */
  all(): EngineBuffer[] {
    return [...this.#held.keys(), ...this.#lost.keys()];
  }
}
