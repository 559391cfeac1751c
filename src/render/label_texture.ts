import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import type { EngineBuffer, Pass } from "../engine/engine.js";
import { textureUsage } from "../engine/gpu/constants.js";
import type { GpuEngine } from "../engine/gpu/gpu_engine.js";
import { type BitMask, maskRowWords } from "../volume/bit_mask.js";
import { sliceRange } from "../volume/ct_volume.js";

/** Masks of one grid as a 3D texture of bits, one a mask: what views lay over pictures. */
export interface LabelTexture {
  /** r8uint. */
  readonly texture: GPUTexture;
  /** Of the masks, by bit. */
  readonly names: readonly string[];
  /** Idempotent. */
  destroy(): void;
}

export const mostLabels = 8;
const rowAlignment = 256;
const stagingBytes = 16 * 2 ** 20;

/** Masks by the names that overlays know them by; the same object for all views that share them. */
export type Masks = Readonly<Record<string, BitMask>>;

/**
 * Bit k is the k-th mask's. Throws `invalid-option` for masks of another grid's size and for more than eight; `out-of-memory`, `limit-exceeded`, `device-lost`.
 */
export async function createLabelTexture(engine: GpuEngine, grid: Grid, named: Masks): Promise<LabelTexture> {
  const masks = Object.values(named);
  checkMasks(grid, masks);
  const { device } = engine;
  const bytes = grid.size[0] * grid.size[1] * grid.size[2];
  device.pushErrorScope("out-of-memory");
  const texture = device.createTexture({
    label: "labels",
    dimension: "3d",
    size: [...grid.size],
    format: "r8uint",
    usage: textureUsage.textureBinding | textureUsage.copyDestination,
  });
  const error = await device.popErrorScope();
  const release = engine.memory.take("labels", bytes);
  const destroy = () => {
    texture.destroy();
    release();
  };
  try {
    if (error) {
      const message = `the device has no ${bytes} bytes for labels`;
      throw new HounsfieldError("out-of-memory", message, { got: bytes }, error);
    }
    await fill(engine, grid, masks, texture);
  } catch (failure) {
    destroy();
    throw failure;
  }
  return { texture, names: Object.keys(named), destroy };
}

function checkMasks(grid: Grid, masks: readonly BitMask[]): void {
  if (masks.length > mostLabels) {
    throw new HounsfieldError(
      "invalid-option",
      `masks: got ${masks.length}, accepted ${mostLabels} at most`,
      { got: masks.length, accepted: mostLabels },
    );
  }
  for (const { grid: got } of masks) {
    if (got.size.every((count, axis) => count === grid.size[axis])) continue;
    throw new HounsfieldError(
      "invalid-option",
      `a mask of ${got.size.join(" x ")} voxels was given for a volume of ${grid.size.join(" x ")}`,
      { got: got.size, accepted: grid.size },
    );
  }
}

async function fill(
  engine: GpuEngine,
  grid: Grid,
  masks: readonly BitMask[],
  texture: GPUTexture,
): Promise<void> {
  const [nx, ny, nz] = grid.size;
  const bytesPerRow = Math.ceil(nx / rowAlignment) * rowAlignment;
  const most = Math.min(stagingBytes / (bytesPerRow * ny), engine.limits.slabVoxels / (nx * ny));
  const depth = Math.min(nz, Math.max(1, Math.floor(most)));
  const staging = await engine.allocate("labels staging", bytesPerRow * ny * depth);
  try {
    for (let z0 = 0; z0 < nz; z0 += depth) {
      const z1 = Math.min(nz, z0 + depth);
      await engine.run(masks.map((mask, label) => packPass(mask, label, staging, bytesPerRow, z0, z1)));
      const encoder = engine.device.createCommandEncoder();
      encoder.copyBufferToTexture(
        { buffer: engine.gpuBuffer(staging), bytesPerRow, rowsPerImage: ny },
        { texture, origin: [0, 0, z0] },
        [nx, ny, z1 - z0],
      );
      engine.device.queue.submit([encoder.finish()]);
      await engine.idle();
    }
  } finally {
    staging.destroy();
  }
}

function packPass(
  { grid, buffer }: BitMask,
  label: number,
  staging: EngineBuffer,
  bytesPerRow: number,
  z0: number,
  z1: number,
): Pass {
  const [columns, rows] = grid.size;
  const { range, firstWord } = sliceRange(buffer, maskRowWords(grid) * rows, z0, z1);
  return {
    kernel: "display_pack_labels",
    params: {
      columns,
      rows,
      first_word: firstWord,
      texel_pitch: bytesPerRow / 4,
      label,
      keep: label === 0 ? 0 : 1,
    },
    bindings: { bits: range, texels: staging },
    invocations: [Math.ceil(columns / 4), rows, z1 - z0],
  };
}
