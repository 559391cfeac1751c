import { HounsfieldError } from "../../core/errors.js";
import type { GpuBuffer, GpuDevice, GpuDeviceLostInfo } from "../../core/platform.js";
import type { AdapterDescription, Engine, EngineBuffer, EngineLimits, Pass } from "../engine.js";
import { MemoryLedger } from "../memory_ledger.js";
import { BufferTable } from "./buffer_table.js";
import { bufferUsage } from "./constants.js";
import { type DeviceRecovery, recoverDevice } from "./device_recovery.js";
import { createDispatcher } from "./dispatcher.js";
import { readBuffer } from "./readback.js";

/** An engine on a WebGPU device. Rendering needs the device itself; operations never do. */
export interface GpuEngine extends Engine {
  /** The device in use: another one after a loss. */
  readonly device: GpuDevice;
  /** Resolves, never rejects, when the engine is at its end: destroyed, or its device lost and no other to be had. */
  readonly lost: Promise<GpuDeviceLostInfo>;
  /** @internal The WebGPU buffer behind an engine's buffer. */
  gpuBuffer(buffer: EngineBuffer): GpuBuffer;
}

export interface GpuEngineOptions {
  /** Take the software adapter even where a real one exists: for tests that must agree everywhere. */
  readonly software?: boolean;
  readonly powerPreference?: GPUPowerPreference;
}

/**
 * Opens a device of `gpu` (`navigator.gpu`, or Dawn's in Node), and another one when that is lost. Throws `no-gpu` when there is
 * no adapter.
 */
export async function createGpuEngine(gpu: GPU, options: GpuEngineOptions = {}): Promise<GpuEngine> {
  const holdings: Holdings = { memory: new MemoryLedger(), buffers: new BufferTable() };
  const opened = await recoverDevice(async () => {
    const adapter = await gpu.requestAdapter({
      powerPreference: options.powerPreference ?? "high-performance",
      forceFallbackAdapter: options.software ?? false,
    });
    if (!adapter) throw new HounsfieldError("no-gpu", "no WebGPU adapter is available");
    return engineOn(await openDevice(adapter), describeAdapter(adapter), holdings);
  }, holdings.buffers);
  return engineOver(opened, holdings);
}

/** What outlives a device. */
interface Holdings {
  readonly memory: MemoryLedger;
  readonly buffers: BufferTable;
}

/** The same engine on whichever device there is. */
function engineOver(
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
    gpuBuffer: (buffer) => buffers.get(buffer),
    allocate: (label, bytes) => opened.current.allocate(label, bytes),
    write: (buffer, offsetBytes, data) => opened.current.write(buffer, offsetBytes, data),
    read: (buffer, offsetBytes, bytes, into) => opened.current.read(buffer, offsetBytes, bytes, into),
    run: (passes) => opened.current.run(passes),
    idle: () => opened.current.idle(),
    onDevice: opened.onDevice,
    restoreWith: opened.restoreWith,
    destroy() {
      for (const buffer of buffers.all()) buffer.destroy();
      opened.destroy();
    },
  };
}

function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { maxBufferSize, maxStorageBufferBindingSize, maxTextureDimension3D } = adapter.limits;
  const optional: GPUFeatureName[] = ["float32-filterable"];
  return adapter.requestDevice({
    label: "hounsfield",
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxTextureDimension3D },
    requiredFeatures: optional.filter((feature) => adapter.features.has(feature)),
  });
}

function describeAdapter({ info }: GPUAdapter): AdapterDescription {
  const name = [info.description, info.device].filter(Boolean)[0] ?? "";
  const software =
    info.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${name}`);
  return { vendor: info.vendor, architecture: info.architecture, name, software };
}

function engineOn(device: GPUDevice, adapter: AdapterDescription, { memory, buffers }: Holdings) {
  const dispatcher = createDispatcher(device);
  const failures: HounsfieldError[] = [];
  const state = { lost: undefined as GPUDeviceLostInfo | undefined };
  const lost = device.lost.then((info) => (state.lost = info));
  device.onuncapturederror = ({ error }) =>
    failures.push(new HounsfieldError("internal", `WebGPU: ${error.message}`));
  const limits: EngineLimits = {
    maxBufferBytes: device.limits.maxBufferSize,
    maxBindingBytes: device.limits.maxStorageBufferBindingSize,
    // Some 0.1 us a voxel and simple kernel on SwiftShader, 1 ns and less on a GPU: a pass stays under half a second.
    slabVoxels: adapter.software ? 2 ** 22 : 2 ** 26,
    readVoxels: adapter.software ? 2 ** 22 : 2 ** 26,
    // 128 MiB, which every device can bind.
    blockVoxels: 2 ** 25,
  };

  const check = () => {
    if (state.lost) {
      throw new HounsfieldError(
        "device-lost",
        `the GPU device was lost: ${state.lost.message || state.lost.reason}`,
      );
    }
    const failure = failures.shift();
    if (failure) throw failure;
  };
  const gpuBuffer = (buffer: EngineBuffer): GPUBuffer => buffers.get(buffer);

  return {
    adapter,
    device,
    limits,
    lost,
    async allocate(label: string, requested: number) {
      check();
      const bytes = Math.max(4, Math.ceil(requested / 4) * 4);
      const held = await allocateBuffer(device, label, bytes, limits);
      check();
      const release = memory.take(label, bytes);
      const buffer: EngineBuffer = {
        label,
        bytes,
        get isDestroyed() {
          return !buffers.has(buffer) && !buffers.isLost(buffer);
        },
        destroy() {
          buffers.destroy(buffer);
          release();
        },
      };
      buffers.set(buffer, held);
      return buffer;
    },
    async renew(buffer: EngineBuffer) {
      const held = await allocateBuffer(device, buffer.label, buffer.bytes, limits);
      check();
      if (buffers.isLost(buffer)) buffers.set(buffer, held);
      else held.destroy();
    },
    write(buffer: EngineBuffer, offsetBytes: number, data: ArrayBufferView) {
      const target = gpuBuffer(buffer);
      // Legal in WebGPU, but Deno's binding ends the process over it.
      if (data.byteLength === 0) return;
      device.queue.writeBuffer(
        target,
        offsetBytes,
        data.buffer as ArrayBuffer,
        data.byteOffset,
        data.byteLength,
      );
    },
    async read(buffer: EngineBuffer, offsetBytes: number, bytes: number, into?: ArrayBuffer) {
      check();
      const result = await readBuffer(device, memory, gpuBuffer(buffer), offsetBytes, bytes, into).catch(
        (cause) => {
          check();
          throw new HounsfieldError("internal", `reading "${buffer.label}" failed`, {}, cause);
        },
      );
      check();
      return result;
    },
    async run(passes: readonly Pass[]) {
      check();
      await dispatcher.submit(passes, gpuBuffer);
    },
    async idle() {
      await device.queue.onSubmittedWorkDone();
      check();
    },
    close() {
      dispatcher.destroy();
      device.destroy();
    },
  };
}

async function allocateBuffer(
  device: GPUDevice,
  label: string,
  bytes: number,
  limits: EngineLimits,
): Promise<GPUBuffer> {
  if (bytes > limits.maxBufferBytes) {
    throw new HounsfieldError(
      "limit-exceeded",
      `"${label}" needs ${bytes} bytes in one buffer; the device takes ${limits.maxBufferBytes}`,
      {
        got: bytes,
        accepted: limits.maxBufferBytes,
      },
    );
  }
  device.pushErrorScope("out-of-memory");
  const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyDestination;
  const buffer = device.createBuffer({ label, size: bytes, usage });
  const error = await device.popErrorScope();
  if (error) {
    buffer.destroy();
    throw new HounsfieldError(
      "out-of-memory",
      `the device has no ${bytes} bytes for "${label}"`,
      { got: bytes },
      error,
    );
  }
  return buffer;
}
