import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { GpuBuffer, GpuDevice, GpuDeviceLostInfo } from "../../core/platform.js";
import { checkBudget, isOverBudget } from "../check_budget.js";
import type {
  AdapterDescription,
  BufferContents,
  Engine,
  EngineBuffer,
  EngineLimits,
  Pass,
} from "../engine.js";
import { MemoryLedger } from "../memory_ledger.js";
import { type BufferParts, stretchesOf } from "./buffer_parts.js";
import { BufferTable } from "./buffer_table.js";
import { DeviceMemory } from "./device_memory.js";
import { type DeviceRecovery, lossOf, recoverDevice } from "./device_recovery.js";
import { createDispatcher } from "./dispatcher.js";
import { type ErrorWatch, unwatched } from "./error_watch.js";
import type { GatheredReads } from "./gathered_reads.js";
import { type AdapterChoice, openDevice } from "./open_device.js";
import { type Reading, readBuffers, STAGING_BYTES } from "./readback.js";
import { WorkInFlight } from "./work_in_flight.js";

/** An engine on a WebGPU device. Rendering needs the device itself; operations never do. */
export interface GpuEngine extends Engine {
  /** The device in use: another one after a loss. */
  readonly device: GpuDevice;
  /**
   * Resolves, never rejects, when the engine is at its end: destroyed, or its device lost and no other to be
   * had.
   */
  readonly lost: Promise<GpuDeviceLostInfo>;
  /** @internal The WebGPU buffer behind an engine's buffer of one unit. */
  gpuBuffer(buffer: EngineBuffer): GpuBuffer;
  /** @internal The WebGPU buffers behind each of the engine's buffers. */
  readonly buffers: BufferTable;
}

/** Which adapter to take, and what of it. */
export interface GpuEngineOptions extends AdapterChoice {
  /** Less than the device takes. */
  readonly limits?: Partial<EngineLimits>;
}

/**
 * Opens a device of `gpu` (`navigator.gpu`, or Dawn's in Node), and another one when that is lost.
 * @throws HounsfieldError `no-gpu` when there is no adapter, or none that gives a device that works
 */
export async function createGpuEngine(gpu: GPU, options: GpuEngineOptions = {}): Promise<GpuEngine> {
  const holdings: Holdings = { memory: new MemoryLedger(), buffers: new BufferTable() };
  const opened = await recoverDevice(async () => {
    const { device, adapter } = await openDevice(gpu, options);
    return engineOn(device, adapter, holdings, options.limits);
  }, holdings.buffers);
  return engineOver(opened, holdings);
}

/** What outlives a device. */
export interface Holdings {
  readonly memory: MemoryLedger;
  readonly buffers: BufferTable;
}

/** The same engine on whichever device there is. */
export function engineOver(
  opened: DeviceRecovery<ReturnType<typeof engineOn>>,
  { memory, buffers }: Holdings,
): GpuEngine {
  return {
    get adapter() {
      return opened.current.adapter;
    },
    get device() {
      return opened.current.device;
    },
    capabilities: { processor: "gpu", threads: 1, rendering: true },
    get limits() {
      return opened.current.limits;
    },
    memory,
    lost: opened.lost,
    gpuBuffer: (buffer) => buffers.get(buffer).parts[0],
    buffers,
    allocate: (...wanted) => opened.current.allocate(...wanted),
    write: (buffer, offsetBytes, data) => opened.current.write(buffer, offsetBytes, data),
    read: (buffer, offsetBytes, bytes, into) => opened.current.read(buffer, offsetBytes, bytes, into),
    run: (passes, work) => opened.current.run(passes, work),
    idle: () => opened.current.idle(),
    keepFreed: (task) => opened.current.keepFreed(task),
    together: (tasks) => opened.current.together(tasks),
    onDevice: opened.onDevice,
    restoreWith: opened.restoreWith,
    destroy() {
      for (const buffer of buffers.all()) buffer.destroy();
      opened.destroy();
    },
  };
}

/** On a device of ours, or on one that a `watch` says is shared: that one stays its owner's. */
export function engineOn(
  device: GPUDevice,
  adapter: AdapterDescription,
  { memory, buffers }: Holdings,
  less: Partial<EngineLimits> | undefined,
  watch?: ErrorWatch,
) {
  const failures = watch?.failures ?? [];
  const during = watch?.during ?? unwatched;
  if (!watch) device.addEventListener("uncapturederror", ({ error }) => failures.push(error));
  const state = { lost: undefined as GPUDeviceLostInfo | undefined };
  const lost = device.lost.then((info) => (state.lost = info));
  const limits: EngineLimits = {
    maxBufferBytes: device.limits.maxBufferSize,
    maxBindingBytes: device.limits.maxStorageBufferBindingSize,
    // Some 0.1 us a voxel and simple kernel on SwiftShader, 1 ns and less on a GPU: a pass stays under half a
    // second.
    slabVoxels: adapter.software ? 2 ** 22 : 2 ** 26,
    readVoxels: adapter.software ? 2 ** 22 : 2 ** 26,
    // 128 MiB, which every device can bind.
    blockVoxels: 2 ** 25,
    ...less,
  };
  const dispatcher = createDispatcher(device, during, limits);
  const inFlight = new WorkInFlight(device.queue, 2 * limits.slabVoxels);
  const storage = new DeviceMemory(device, limits, memory, inFlight);

  /**
   * @throws HounsfieldError what went wrong since the last call: for what was submitted nobody waits, so that
   * it comes to light here
   */
  const check = () => {
    if (state.lost) throw lossOf(state.lost);
    if (failures.length > 0) throw failureOf(failures.splice(0));
  };
  /** What the device promised; nothing that went wrong meanwhile is kept from who waits. */
  const checked = async <T>(waiting: Promise<T>, what: string): Promise<T> => {
    const value = await waiting.catch((cause) => {
      check();
      throw isHounsfieldError(cause) ? cause : new HounsfieldError("internal", `${what} failed`, {}, cause);
    });
    await watch?.settled();
    check();
    return value;
  };
  const partsOf = (buffer: EngineBuffer): BufferParts => buffers.get(buffer);
  const hold = (buffer: EngineBuffer, held: BufferParts) => {
    buffers.set(buffer, { ...held, free: () => storage.free(held.parts) });
  };
  const readAll = (readings: readonly Reading[]) => {
    const bytes = readings.reduce((sum, reading) => sum + reading.bytes, 0);
    storage.makeRoom(Math.min(bytes, STAGING_BYTES));
    return readBuffers(device, memory, readings, (waiting) => inFlight.after(waiting), during);
  };
  /** Where tasks have ever run side by side: loaded for the first. */
  let gathered: GatheredReads<Reading> | undefined;

  return {
    adapter,
    device,
    limits,
    lost,
    async allocate(label: string, requested: number, contents?: BufferContents, unitBytes?: number) {
      check();
      const bytes = Math.max(4, Math.ceil(requested / 4) * 4);
      const kept = storage.reserve(bytes);
      // Nothing is waited for between here and the ledger where there is room.
      if (!kept && isOverBudget(memory, limits, bytes)) await checkBudget(memory, limits, label, bytes);
      const release = memory.take(label, bytes);
      let held = kept;
      try {
        held ??= await storage.create(label, bytes, unitBytes);
        check();
      } catch (error) {
        release();
        if (held) storage.free(held.parts);
        throw error;
      }
      if (kept && contents !== "unwritten") during(() => storage.clear(kept));
      const buffer: EngineBuffer = {
        label,
        bytes,
        unitBytes,
        get isCut() {
          return buffers.has(buffer) && partsOf(buffer).parts.length > 1;
        },
        get isDestroyed() {
          return !buffers.has(buffer) && !buffers.isLost(buffer);
        },
        destroy() {
          release();
          buffers.destroy(buffer);
        },
      };
      hold(buffer, held);
      return buffer;
    },
    async renew(buffer: EngineBuffer) {
      const held = await storage.create(buffer.label, buffer.bytes, buffer.unitBytes);
      check();
      if (buffers.isLost(buffer)) hold(buffer, held);
      else storage.free(held.parts);
    },
    write(buffer: EngineBuffer, offsetBytes: number, data: ArrayBufferView) {
      const stretches = stretchesOf(partsOf(buffer), offsetBytes, data.byteLength);
      during(() => {
        let at = data.byteOffset;
        for (const { source, offset, bytes } of stretches) {
          device.queue.writeBuffer(source, offset, data.buffer as ArrayBuffer, at, bytes);
          at += bytes;
        }
      });
    },
    async read(buffer: EngineBuffer, offset: number, bytes: number, into = new ArrayBuffer(bytes)) {
      check();
      let at = 0;
      const readings = stretchesOf(partsOf(buffer), offset, bytes).map((stretch) => {
        const part = { ...stretch, into: new Uint8Array(into, at, stretch.bytes) };
        at += stretch.bytes;
        return part;
      });
      const reads = gathered;
      const reading = reads ? Promise.all(readings.map((one) => reads.read(one))) : readAll(readings);
      await checked<unknown>(reading, `reading "${buffer.label}"`);
      return into;
    },
    async run(passes: readonly Pass[], work = invocationsOf(passes)) {
      check();
      await checked(inFlight.room(), "waiting for the device");
      await dispatcher.submit(passes, partsOf, memory);
      inFlight.add(work);
    },
    idle: () => checked(inFlight.after(device.queue.onSubmittedWorkDone()), "waiting for the device"),
    keepFreed: <T>(task: () => Promise<T>) => storage.keepFreed(task),
    async together<T>(tasks: readonly (() => Promise<T>)[]) {
      const { GatheredReads } = await import("./gathered_reads.js");
      gathered ??= new GatheredReads<Reading>(readAll);
      return gathered.together(tasks);
    },
    close() {
      storage.close();
      dispatcher.destroy();
      if (!watch) device.destroy();
    },
  };
}

function invocationsOf(passes: readonly Pass[]): number {
  return passes.reduce((sum, { invocations: [x, y, z] }) => sum + x * y * z, 0);
}

/**
 * What a device reported without being asked, as one error with all of it as the cause: want of memory
 * explains the rest.
 */
function failureOf(errors: readonly GPUError[]): HounsfieldError {
  // In Node the class is no global.
  const memory = errors.find(
    (error) => Object.prototype.toString.call(error) === "[object GPUOutOfMemoryError]",
  );
  const { message } = memory ?? errors[0];
  const cause = errors.length > 1 ? new AggregateError(errors, message) : errors[0];
  return new HounsfieldError(memory ? "out-of-memory" : "internal", `WebGPU: ${message}`, {}, cause);
}
