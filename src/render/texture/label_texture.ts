import { HounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import { checkBudget } from "../../engine/check_budget.js";
import type { Pass } from "../../engine/engine.js";
import { textureUsage } from "../../engine/gpu/constants.js";
import type { GpuEngine } from "../../engine/gpu/gpu_engine.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { type Staging, slicesAPass, withStaging, writeSlices } from "./display_target.js";
import { MOST_LABELS } from "./label_style.js";

/** Masks of one grid as a 3D texture of bits, one a mask: what views lay over pictures. */
export interface LabelTexture {
  /** r8uint. */
  readonly texture: GPUTexture;
  /** Of the masks, by bit. */
  readonly names: readonly string[];
  /** Idempotent. */
  destroy(): void;
}

/** Masks by the names that overlays know them by; the same object for all views that share them. */
export type Masks = Readonly<Record<string, BitMask>>;

/**
 * One mask's bits of slices [z0, z1) of a texture into a staging: of the first mask (0) over what it held, of
 * others beside it.
 */
export type LabelPass = (mask: BitMask, label: number, staging: Staging, z0: number, z1: number) => Pass;

/**
 * Bit k is the k-th mask's; texels are those of `texels`, which is the volume's `grid` or a coarser one of
 * the same extent.
 * @throws HounsfieldError `invalid-option` for more than eight masks; `wrong-grid`, `wrong-engine`,
 * `destroyed`; `out-of-memory`, `device-lost`
 */
export async function createLabelTexture(
  engine: GpuEngine,
  grid: Grid,
  named: Masks,
  texels = grid,
): Promise<LabelTexture> {
  checkMasks(engine, grid, named);
  const masks = Object.values(named);
  const { device } = engine;
  const { size } = texels;
  const bytes = size[0] * size[1] * size[2];
  await checkBudget(engine.memory, engine.limits, "labels", bytes);
  device.pushErrorScope("out-of-memory");
  const texture = device.createTexture({
    label: "labels",
    dimension: "3d",
    size: [...size],
    format: "r8uint",
    // As a render attachment it can be cleared where it lies; else Dawn clears it at the first write from a
    // buffer as large as it is, and where the device takes none so large that write is lost.
    usage: textureUsage.textureBinding | textureUsage.copyDestination | textureUsage.renderAttachment,
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
    const isWhole = size.every((count, axis) => count === grid.size[axis]);
    const pass = isWhole
      ? packPass
      : (await import("./downsample/downsampled_labels.js")).downsampledLabels(grid, size);
    await fill(engine, grid, masks, texture, pass);
  } catch (failure) {
    destroy();
    throw failure;
  }
  return { texture, names: Object.keys(named), destroy };
}

function checkMasks(engine: GpuEngine, grid: Grid, masks: Masks): void {
  const count = Object.keys(masks).length;
  if (count > MOST_LABELS) {
    throw new HounsfieldError("invalid-option", `masks: got ${count}, accepted ${MOST_LABELS} at most`, {
      got: count,
      accepted: MOST_LABELS,
    });
  }
  const named = Object.entries(masks).map(([name, mask]) => [`masks.${name}`, mask] as const);
  checkInputs({ volume: { engine, grid }, ...Object.fromEntries(named) });
}

async function fill(
  engine: GpuEngine,
  { size: [nx, ny, nz] }: Grid,
  masks: readonly BitMask[],
  texture: GPUTexture,
  pass: LabelPass,
): Promise<void> {
  const slices = texture.depthOrArrayLayers;
  const depth = Math.min(slices, slicesAPass(engine, texture, nx * ny * Math.ceil(nz / slices)));
  await withStaging(engine, texture, depth, async (staging) => {
    for (let z0 = 0; z0 < slices; z0 += depth) {
      const z1 = Math.min(slices, z0 + depth);
      const passes = masks.map((mask, label) => pass(mask, label, staging, z0, z1));
      await writeSlices(engine, texture, staging, passes, z0, z1);
    }
  });
}

function packPass({ grid, buffer }: BitMask, label: number, staging: Staging, z0: number, z1: number): Pass {
  const [columns, rows] = grid.size;
  const { range, firstWord } = sliceRange(buffer, maskRowWords(grid) * rows, z0, z1);
  return {
    kernel: "display_pack_labels",
    params: {
      columns,
      rows,
      first_word: firstWord,
      texel_pitch: staging.bytesPerRow / 4,
      label,
      keep: label === 0 ? 0 : 1,
    },
    bindings: { bits: range, texels: staging.buffer },
    invocations: [Math.ceil(columns / 4), rows, z1 - z0],
  };
}
