import { HounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import type { Engine } from "../../engine/engine.js";
import { cutSlabs, type PacedSlab, type Slab } from "../../volume/slabs.js";

/** What a filter needs beyond the voxel itself. */
export interface FilterCost {
  /** Bytes of the largest binding, a slice. */
  readonly bytesPerSlice: number;
  /** Slices on either side of a slab that must be bound with it. */
  readonly halo: number;
  /** Work a voxel, in simple kernels (a load and a store). */
  readonly work: number;
}

/**
 * The most bytes of one binding of a filter: its scratch stays small beside the volume, and slabs stay deep
 * beside their halo.
 */
const SLAB_BYTES = 64 * 2 ** 20;

/**
 * As `slabsOf`, for filters whose slabs see their neighbors and whose voxels cost more than one.
 * @throws HounsfieldError `limit-exceeded`
 */
export function filterSlabs(
  { limits }: Engine,
  grid: Grid,
  { bytesPerSlice, halo, work }: FilterCost,
): PacedSlab[] {
  const [nx, ny, nz] = grid.size;
  const bindable = Math.floor((limits.maxBindingBytes - 256) / bytesPerSlice) - 2 * halo;
  if (bindable < 1) {
    throw new HounsfieldError(
      "limit-exceeded",
      `${2 * halo + 1} slices of ${nx} x ${ny} need ${(2 * halo + 1) * bytesPerSlice} bytes in one binding; the device takes ${limits.maxBindingBytes}`,
      { got: (2 * halo + 1) * bytesPerSlice, accepted: limits.maxBindingBytes },
    );
  }
  const affordable = Math.floor(Math.min(SLAB_BYTES / bytesPerSlice, limits.slabVoxels / (work * nx * ny)));
  const depth = Math.max(1, Math.min(bindable, affordable));
  return cutSlabs(nz, depth, work * nx * ny);
}

/** A slab and its neighbors, as far as there are any. */
export function widened({ z0, z1 }: Slab, halo: number, { size }: Grid): Slab {
  return { z0: Math.max(0, z0 - halo), z1: Math.min(size[2], z1 + halo) };
}
