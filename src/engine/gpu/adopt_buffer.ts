import { HounsfieldError } from "../../core/errors.js";
import { invalidOption } from "../../core/options.js";
import type { GpuBuffer } from "../../core/platform.js";
import type { Engine, EngineBuffer } from "../engine.js";
import { bufferUsage } from "./constants.js";
import type { GpuEngine } from "./gpu_engine.js";

const { storage, copySource, copyDestination } = bufferUsage;
const USAGE = storage | copySource | copyDestination;

/**
 * A buffer of the engine's over `bytes` of one that somebody else has made on its device: it is neither
 * counted nor destroyed here, and its values are gone when the device is.
 * @throws HounsfieldError `no-gpu` on another engine; `invalid-option`, of option `buffer` of `of`, for what
 * is no buffer, is too small, lacks a usage, or cannot be used on this device; `device-lost`
 */
export async function adoptBuffer(
  of: string,
  engine: Engine,
  given: GpuBuffer,
  bytes: number,
  label: string,
): Promise<EngineBuffer> {
  const { device, buffers } = gpuOf(of, engine);
  const buffer = given as GPUBuffer;
  const { size, usage } = (buffer ?? {}) as Partial<GPUBuffer>;
  if (typeof size !== "number" || typeof usage !== "number")
    throw invalidOption(of, "buffer", given, "a GPUBuffer of engine.device");
  if (size < bytes) throw invalidOption(of, "buffer.size", size, `${bytes} or more, as the grid has bytes`);
  if ((usage & USAGE) !== USAGE)
    throw invalidOption(of, "buffer.usage", usage, `STORAGE, COPY_SRC and COPY_DST (${USAGE})`);
  // Refuses where the engine is at its end.
  const probe = await engine.allocate("probe of a host's buffer", 4, "unwritten");
  const target = buffers.get(probe).parts[0];
  const refusal = await refusalOf(device as GPUDevice, buffer, target).finally(() => probe.destroy());
  if (refusal !== undefined)
    throw invalidOption(of, "buffer", refusal, "a GPUBuffer of engine.device, neither mapped nor destroyed");
  const adopted: EngineBuffer = {
    label,
    bytes,
    isCut: false,
    get isDestroyed() {
      return !buffers.has(adopted) && !buffers.isLost(adopted);
    },
    destroy: () => buffers.destroy(adopted),
  };
  // Which no offset leaves, and which is its owner's to free.
  buffers.set(adopted, { parts: [buffer], partBytes: Number.MAX_SAFE_INTEGER, free() {} });
  return adopted;
}

function gpuOf(of: string, engine: Engine): GpuEngine {
  if ("buffers" in engine && "device" in engine) return engine as GpuEngine;
  throw new HounsfieldError(
    "no-gpu",
    `${of}: a GPUBuffer on an engine without a GPU, ${engine.adapter.name}`,
  );
}

/** What the device says of a copy from the buffer; the only way to ask whether it is the device's own. */
async function refusalOf(
  device: GPUDevice,
  buffer: GPUBuffer,
  target: GPUBuffer,
): Promise<string | undefined> {
  device.pushErrorScope("validation");
  let thrown: string | undefined;
  try {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, target, 0, 4);
    device.queue.submit([encoder.finish()]);
  } catch (error) {
    // By WebIDL, for an object that is no GPUBuffer.
    thrown = String(error);
  }
  const error = await device.popErrorScope();
  return thrown ?? error?.message;
}
