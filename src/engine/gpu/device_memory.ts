import { HounsfieldError } from "../../core/errors.js";
import type { EngineLimits } from "../engine.js";
import type { MemoryLedger } from "../memory_ledger.js";
import { bufferUsage } from "./constants.js";
import { KeptBuffers } from "./kept_buffers.js";
import type { WorkInFlight } from "./work_in_flight.js";

const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyDestination;

/** Storage buffers of one device. */
export class DeviceMemory {
  readonly #device: GPUDevice;
  readonly #limits: EngineLimits;
  readonly #inFlight: WorkInFlight;
  readonly #kept: KeptBuffers;

  constructor(device: GPUDevice, limits: EngineLimits, memory: MemoryLedger, inFlight: WorkInFlight) {
    this.#device = device;
    this.#limits = limits;
    this.#inFlight = inFlight;
    this.#kept = new KeptBuffers(memory);
  }

  /**
   * A kept buffer of so many bytes, or room for a new one: for the ledger to note at once, before another is
   * asked for. Throws `limit-exceeded`.
   */
  reserve(label: string, bytes: number): GPUBuffer | undefined {
    const { maxBufferBytes } = this.#limits;
    if (bytes > maxBufferBytes) {
      throw new HounsfieldError(
        "limit-exceeded",
        `"${label}" needs ${bytes} bytes in one buffer; the device takes ${maxBufferBytes}`,
        { got: bytes, accepted: maxBufferBytes },
      );
    }
    const kept = this.#kept.take(bytes);
    if (!kept) this.#kept.makeRoom(bytes);
    return kept;
  }

  /** A new buffer, zeroed. Throws `out-of-memory`. */
  async create(label: string, bytes: number): Promise<GPUBuffer> {
    const first = await this.#tryToCreate(label, bytes);
    if (!("error" in first)) return first;
    // What was freed is the device's again only when the work that used it is done.
    this.#kept.destroyAll();
    await this.#inFlight.after(this.#device.queue.onSubmittedWorkDone());
    const second = await this.#tryToCreate(label, bytes);
    if (!("error" in second)) return second;
    throw new HounsfieldError(
      "out-of-memory",
      `the device has no ${bytes} bytes for "${label}"`,
      { got: bytes },
      second.error,
    );
  }

  /** Makes a kept buffer as new: it may hold anything. */
  clear(buffer: GPUBuffer): void {
    const encoder = this.#device.createCommandEncoder();
    encoder.clearBuffer(buffer);
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Notes that so many bytes are used beside buffers of `allocate`. */
  makeRoom(bytes: number): void {
    this.#kept.makeRoom(bytes);
  }

  /**
   * The end of a buffer, which the ledger has forgotten; it may still be in use by work that was submitted.
   */
  free(buffer: GPUBuffer, bytes: number): void {
    this.#kept.free(buffer, bytes);
  }

  keepFreed<T>(task: () => Promise<T>): Promise<T> {
    return this.#kept.during(task);
  }

  close(): void {
    this.#kept.destroyAll();
  }

  async #tryToCreate(label: string, bytes: number): Promise<GPUBuffer | { readonly error: GPUError }> {
    this.#device.pushErrorScope("out-of-memory");
    const buffer = this.#device.createBuffer({ label, size: bytes, usage });
    const error = await this.#device.popErrorScope();
    if (!error) return buffer;
    buffer.destroy();
    return { error };
  }
}
