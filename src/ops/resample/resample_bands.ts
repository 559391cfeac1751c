import type { Vec3 } from "../../core/grid.js";
import type { Engine } from "../../engine/engine.js";
import { tooLarge } from "./resample_batches.js";
import type { TapTable } from "./resample_taps.js";

/** Output rows [y0, y1) and the source rows [from, to) that they are made of. */
export interface Band {
  readonly y0: number;
  readonly y1: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Samples that a spline's coefficients need on either side to forget that there is an edge: 0.268^20 = 4e-12.
 */
export const SPLINE_HALO = 20;

/**
 * The most rows that a band holds, and the bands: the fewest whose rows, of `columns` and all source slices,
 * are what a block should hold.
 */
export interface BandPlan {
  readonly bands: readonly Band[];
  readonly rows: number;
}

/**
 * `table` is that of y. Bands of less than twice the halo would be made of it for the most part: sooner they
 * are more than a block should hold, up to what can be bound.
 * @throws HounsfieldError `limit-exceeded` where not even one row fits
 */
export function planBands(
  { limits }: Engine,
  table: TapTable,
  source: Vec3,
  outputRows: number,
  columns: number,
  halo: number,
): BandPlan {
  const most = Math.floor(limits.maxBindingBytes / 4);
  for (let depth = outputRows; ; depth = Math.ceil(depth / 2)) {
    const bands = Array.from({ length: Math.ceil(outputRows / depth) }, (_, i) =>
      bandOf(table, i * depth, Math.min(outputRows, (i + 1) * depth), source[1], halo),
    );
    const rows = Math.max(...bands.map(({ y0, y1, from, to }) => Math.max(y1 - y0, to - from)));
    const voxels = rows * columns * source[2];
    const isSmall = voxels <= limits.blockVoxels || depth <= Math.max(1, 2 * halo);
    if (voxels <= most && isSmall) return { bands, rows };
    if (depth === 1) tooLarge("one row of all slices", voxels * 4, most * 4);
  }
}

function bandOf({ first, taps }: TapTable, y0: number, y1: number, sourceRows: number, halo: number): Band {
  const firsts = first.subarray(y0, y1);
  const lowest = firsts.reduce((a, b) => Math.min(a, b));
  const highest = firsts.reduce((a, b) => Math.max(a, b));
  return { y0, y1, from: Math.max(0, lowest - halo), to: Math.min(sourceRows, highest + taps + halo) };
}
