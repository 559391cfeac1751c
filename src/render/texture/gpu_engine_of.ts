import { HounsfieldError } from "../../core/errors.js";
import { checkArgument } from "../../core/options.js";
import type { GpuBuffer } from "../../core/platform.js";
import { either } from "../../core/rules.js";
import type { Engine } from "../../engine/engine.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { maskRule, volumeRule } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";

/**
 * Drawing needs the device behind an engine.
 * @throws HounsfieldError `no-gpu` for an engine that has none: ask `engine.capabilities.rendering` first
 */
export function gpuEngineOf(engine: Engine): GpuEngine {
  if (isGpuEngine(engine)) return engine;
  throw new HounsfieldError(
    "no-gpu",
    `views need a GPU; the volume is on the engine ${engine.adapter.name}, which reads, computes and reslices`,
  );
}

/** Bytes of a volume or a mask, from `offsetBytes` of all its slices on, in one WebGPU buffer. */
export interface GpuRange {
  /** These bytes, from its start. */
  readonly buffer: GpuBuffer;
  readonly offsetBytes: number;
  readonly bytes: number;
}

/**
 * The WebGPU buffers of a volume or a mask on `engine.device`, for shaders of one's own, to be read and never
 * written: one, unless it is larger than the device's buffers; then several, in order, cut between slices
 * where their size allows (slices of whole multiples of 256 bytes, as 512 x 512 are, always). Of a volume:
 * int16 HU, two to a u32, the even x in its low half, rows padded to an even width, z slowest. Of a mask: 32
 * voxels along x to a u32, the lowest bit first, rows padded to whole words. They are others after the device
 * was lost.
 * @throws HounsfieldError `no-gpu`, `destroyed`
 */
export function gpuRangesOf(voxels: CtVolume | BitMask): readonly GpuRange[] {
  checkArgument("gpuRangesOf", "voxels", voxels, either(volumeRule, maskRule));
  const { parts, partBytes } = gpuEngineOf(voxels.engine).buffers.get(voxels.buffer);
  return parts.map((buffer, i) => {
    const offsetBytes = i * partBytes;
    return { buffer, offsetBytes, bytes: Math.min(partBytes, voxels.buffer.bytes - offsetBytes) };
  });
}

function isGpuEngine(engine: Engine): engine is GpuEngine {
  return "device" in engine && "gpuBuffer" in engine;
}
