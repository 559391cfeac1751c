import { checkGrid } from "../core/check_grid.js";
import { type Grid, voxelCount } from "../core/grid.js";
import { checkOptions, invalidOption } from "../core/options.js";
import type { GpuBuffer } from "../core/platform.js";
import { anything, bytes, finite, required } from "../core/rules.js";
import type { VoxelArray } from "../core/voxel_array.js";
import type { Engine } from "../engine/engine.js";
import { allocateMask, type BitMask } from "./bit_mask.js";
import { checkEngine } from "./check_argument.js";
import { historyOfArrays } from "./history.js";
import { writeMaskSlices } from "./write_mask_slices.js";
import { voxelArrayRule } from "./write_slices.js";

/**
 * What createMask makes a mask of; without `data` and `bits` it is empty, and `mask.write` puts slices in.
 */
export interface MaskContents {
  /** Where the voxels lie, LPS; that of a volume, `volume.grid`, for a mask of its voxels. */
  readonly grid: Grid;
  /** A number a voxel, dense, z, y, x (x fastest): set where it is not 0, or is `label`. */
  readonly data?: VoxelArray;
  /** The one label of a label volume that makes the mask. */
  readonly label?: number;
  /** In place of `data`: a bit a voxel, dense, lowest bit of a byte first, no padding between rows. */
  readonly bits?: Uint8Array;
  /**
   * In place of `data`: a `GPUBuffer` of `engine.device` that holds the mask itself, which is not copied and
   * stays its owner's: a bit a voxel, 32 along x to a u32, lowest first, rows padded with zeros to whole
   * words, from its start. Its usage is STORAGE, COPY_SRC and COPY_DST. It is to be left alone until the mask
   * is destroyed.
   */
  readonly buffer?: GpuBuffer;
}

/**
 * A mask of voxels that somebody else has: a viewer's segmentation, a model's, a file's. The data are copied
 * and stay the caller's.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`; `no-gpu` for a `buffer` on the
 * CPU engine
 */
export async function createMask(engine: Engine, options: MaskContents): Promise<BitMask> {
  checkEngine("createMask", engine);
  const { grid, data, label, bits, buffer } = checkOptions("createMask", options, {
    grid: required(anything),
    data: voxelArrayRule,
    label: finite,
    bits: bytes,
    buffer: anything,
  });
  checkGrid("createMask", "grid", grid);
  if (buffer !== undefined) {
    const { maskOnBuffer } = await import("./adopted.js");
    return maskOnBuffer(engine, grid, buffer, { data, label, bits });
  }
  const count = voxelCount(grid);
  if (data && bits) throw invalidOption("createMask", "bits", bits, "nothing beside data");
  if (data && data.length !== count)
    throw invalidOption("createMask", "data.length", data.length, `${count}, as the grid has voxels`);
  if (bits && bits.length !== Math.ceil(count / 8))
    throw invalidOption("createMask", "bits.length", bits.length, `${Math.ceil(count / 8)}: a bit a voxel`);
  if (label !== undefined && !data) throw invalidOption("createMask", "label", label, "only beside data");
  const mask = await allocateMask(engine, grid, "mask");
  try {
    if (data) writeMaskSlices("createMask", mask, 0, data, isLabel(label));
    if (bits) writeMaskSlices("createMask", mask, 0, spread(bits, count));
    return mask.withHistory(historyOfArrays(engine, "createMask", { label }));
  } catch (error) {
    mask.destroy();
    throw error;
  }
}

function isLabel(label: number | undefined): ((value: number) => boolean) | undefined {
  return label === undefined ? undefined : (value) => value === label;
}

function spread(bits: Uint8Array, count: number): Uint8Array {
  const voxels = new Uint8Array(count);
  for (let i = 0; i < count; i++) voxels[i] = (bits[i >> 3] >> (i & 7)) & 1;
  return voxels;
}
