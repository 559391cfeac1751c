import { HounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import { checkBudget } from "../../engine/check_budget.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { textureUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";

/** Of a display texture: halves or floats, a texel each. */
export type DisplayFormat = "r16float" | "r32float";

/** Slices of texels as `copyBufferToTexture` takes them. */
export interface Staging {
  readonly buffer: EngineBuffer;
  readonly bytesPerRow: number;
  /**
   * Waits until the device has done all that was submitted before the last call: it always has something to
   * do, and never much.
   */
  pace(): Promise<void>;
}

const bytesPerTexel = { r8uint: 1, r16float: 2, r32float: 4 } as const;
/** `copyBufferToTexture` wants rows to start on multiples of it (WebGPU 22.5.2). */
const ROW_ALIGNMENT = 256;
/** Small beside any volume, large enough that the passes, not their number, take the time. */
const STAGING_BYTES = 4 * 2 ** 20;

export function texelBytes(size: Vec3, format: DisplayFormat): number {
  return size[0] * size[1] * size[2] * bytesPerTexel[format];
}

/** @throws HounsfieldError `out-of-memory` with the bytes that were asked for */
export async function allocateDisplay(
  { device, memory, limits }: GpuEngine,
  size: Vec3,
  format: DisplayFormat,
): Promise<GPUTexture> {
  const got = texelBytes(size, format);
  await checkBudget(memory, limits, "display texture", got);
  device.pushErrorScope("out-of-memory");
  const texture = device.createTexture({
    label: "display texture",
    dimension: "3d",
    size: [...size],
    format,
    usage: textureUsage.textureBinding | textureUsage.copyDestination | textureUsage.renderAttachment,
  });
  const error = await device.popErrorScope();
  if (!error) return texture;
  texture.destroy();
  throw new HounsfieldError(
    "out-of-memory",
    `the device has no ${got} bytes for the display texture`,
    { got },
    error,
  );
}

/** Slices of a texture that one pass should fill, where each is made of `voxels` of the record. */
export function slicesAPass({ limits }: GpuEngine, texture: GPUTexture, voxels: number): number {
  const bytes = rowBytes(texture) * texture.height;
  return Math.max(1, Math.floor(Math.min(STAGING_BYTES / bytes, limits.slabVoxels / voxels)));
}

/** Memory for slices of a texture, as long as `use` takes and the device after it. */
export async function withStaging(
  engine: GpuEngine,
  texture: GPUTexture,
  slices: number,
  use: (staging: Staging) => Promise<void>,
): Promise<void> {
  const bytesPerRow = rowBytes(texture);
  const bytes = bytesPerRow * texture.height * slices;
  const buffer = await engine.allocate("display staging", bytes, "zeroed", bytes);
  let before: Promise<unknown> = Promise.resolve();
  const pace = async () => {
    const done = engine.idle();
    // Told to whoever waits for it, if anybody still does.
    done.catch(() => {});
    const earlier = before;
    before = done;
    await earlier;
  };
  try {
    await use({ buffer, bytesPerRow, pace });
    await before;
  } finally {
    buffer.destroy();
  }
}

function rowBytes({ width, format }: GPUTexture): number {
  const bytes = width * bytesPerTexel[format as keyof typeof bytesPerTexel];
  return Math.ceil(bytes / ROW_ALIGNMENT) * ROW_ALIGNMENT;
}

/**
 * Fills a staging by passes and copies its first `depth` slices to slices [z0, z1) of the texture, as often
 * as they fit; what `encode` adds goes by the same submit. Resolves when the device has done what was written
 * before; the staging may be filled anew all the same, for passes and copies keep their order.
 */
export async function writeSlices(
  engine: GpuEngine,
  texture: GPUTexture,
  { buffer, bytesPerRow, pace }: Staging,
  passes: readonly Pass[],
  z0: number,
  z1: number,
  depth = z1 - z0,
  encode?: (encoder: GPUCommandEncoder) => void,
): Promise<void> {
  const { width, height } = texture;
  await engine.run(passes);
  const encoder = engine.device.createCommandEncoder();
  for (let z = z0; z < z1; z += depth) {
    encoder.copyBufferToTexture(
      { buffer: engine.gpuBuffer(buffer), bytesPerRow, rowsPerImage: height },
      { texture, origin: [0, 0, z] },
      [width, height, depth],
    );
  }
  encode?.(encoder);
  engine.device.queue.submit([encoder.finish()]);
  await pace();
}
