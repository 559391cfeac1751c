import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { isOverBudget } from "../check_budget.js";
import type { EngineLimits } from "../engine.js";
import type { MemoryLedger } from "../memory_ledger.js";
import type { BufferParts } from "./buffer_parts.js";
import { bufferUsage } from "./constants.js";
import type { KeptBuffers } from "./kept_buffers.js";
import type { WorkInFlight } from "./work_in_flight.js";

const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyDestination;

/** One buffer, which no offset leaves. */
const whole = (buffer: GPUBuffer): BufferParts => ({
  parts: [buffer],
  partBytes: Number.MAX_SAFE_INTEGER,
});

/** Storage buffers of one device. */
export class DeviceMemory {
  readonly #device: GPUDevice;
  readonly #limits: EngineLimits;
  readonly #memory: MemoryLedger;
  readonly #inFlight: WorkInFlight;
  /** Where a recipe has ever run: loaded for the first. */
  #kept: KeptBuffers | undefined;

  constructor(device: GPUDevice, limits: EngineLimits, memory: MemoryLedger, inFlight: WorkInFlight) {
    this.#device = device;
    this.#limits = limits;
    this.#memory = memory;
    this.#inFlight = inFlight;
  }

  /**
   * A kept buffer of so many bytes, or room for new ones: for the ledger to note at once, before another is
   * asked for.
   */
  reserve(bytes: number): BufferParts | undefined {
    const kept = this.#kept?.take(bytes);
    if (kept) return whole(kept);
    this.#kept?.makeRoom(bytes);
    if (isOverBudget(this.#memory, this.#limits, bytes)) this.#kept?.destroyAll();
    return undefined;
  }

  /**
   * New memory, zeroed, of bytes that the ledger knows already: one buffer where the device takes one so
   * large and has memory for it, else several that are cut between units of `unitBytes`.
   * @throws HounsfieldError `out-of-memory`, `limit-exceeded` for one unit that the device does not take
   */
  async create(label: string, bytes: number, unitBytes?: number): Promise<BufferParts> {
    const limits = this.#limits;
    const isUnit = bytes === unitBytes;
    const { maxBufferSize } = this.#device.limits;
    if (isUnit && bytes > maxBufferSize)
      throw (await import("../over_limit.js")).overBuffer(label, bytes, maxBufferSize);
    if (isUnit || bytes <= limits.maxBufferBytes) {
      try {
        return whole(await this.#createOne(label, bytes));
      } catch (error) {
        if (isUnit || bytes <= limits.maxBindingBytes / 2 || !isHounsfieldError(error, "out-of-memory"))
          throw error;
      }
    }
    // Loaded where a volume is too large for one buffer: few are.
    const { createParts } = await import("./create_parts.js");
    return createParts(limits, bytes, unitBytes, (part) => this.#createOne(label, part, bytes));
  }

  /** Makes a kept buffer as new: it may hold anything. */
  clear({ parts }: BufferParts): void {
    const encoder = this.#device.createCommandEncoder();
    for (const part of parts) encoder.clearBuffer(part);
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Notes that so many bytes are used beside buffers of `allocate`. */
  makeRoom(bytes: number): void {
    this.#kept?.makeRoom(bytes);
  }

  /**
   * The end of buffers, which the ledger has forgotten; they may still be in use by work that was submitted.
   */
  free(parts: readonly GPUBuffer[]): void {
    for (const part of parts) {
      if (this.#kept) this.#kept.free(part, part.size);
      else part.destroy();
    }
  }

  async keepFreed<T>(task: () => Promise<T>): Promise<T> {
    const { KeptBuffers } = await import("./kept_buffers.js");
    this.#kept ??= new KeptBuffers(this.#memory);
    return this.#kept.during(task);
  }

  close(): void {
    this.#kept?.destroyAll();
  }

  /** @throws HounsfieldError `out-of-memory`, of `wanted` bytes in all */
  async #createOne(label: string, bytes: number, wanted = bytes): Promise<GPUBuffer> {
    const first = await this.#tryToCreate(label, bytes);
    if (!("error" in first)) return first;
    // What was freed is the device's again only when the work that used it is done.
    this.#kept?.destroyAll();
    await this.#inFlight.after(this.#device.queue.onSubmittedWorkDone());
    const second = await this.#tryToCreate(label, bytes);
    if (!("error" in second)) return second;
    throw new HounsfieldError(
      "out-of-memory",
      `the device has no ${wanted} bytes for "${label}"`,
      { got: wanted },
      second.error,
    );
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
