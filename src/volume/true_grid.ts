import { rowPitch } from "../core/frame.js";
import type { Grid } from "../core/grid.js";
import { roundHalfAway } from "../decode/codecs/common/hu.js";

/**
 * One slice on the plane of the grid: f64 HU, dense, rows of `columns`; NaN where the scanner's field did not
 * reach.
 */
export type PlacedPlane = Float64Array;

/** A slice as it was decoded: rows `rowPitch(columns)` voxels apart. */
export interface DecodedSlice {
  readonly hu: Int16Array;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Moves a slice within its plane onto that of the grid: voxel (x, y) is its pixel (x + shift[0], y +
 * shift[1]), bilinear in f64; whole shifts copy.
 */
export function placeSlice(
  { hu, columns, rows }: DecodedSlice,
  shift: readonly [number, number],
  { size: [gridColumns, gridRows] }: Pick<Grid, "size">,
): PlacedPlane {
  const placed = new Float64Array(gridColumns * gridRows).fill(Number.NaN);
  const pitch = rowPitch(columns);
  const [left, top] = [Math.floor(shift[0]), Math.floor(shift[1])];
  const [fx, fy] = [shift[0] - left, shift[1] - top];
  // The neighbor on the far side is not read where its weight is 0: there may be none.
  const [stepX, stepY] = [fx === 0 ? 0 : 1, fy === 0 ? 0 : pitch];
  const [fromX, toX] = [Math.max(0, -left), Math.min(gridColumns, columns - left - stepX)];
  const [fromY, toY] = [Math.max(0, -top), Math.min(gridRows, rows - top - (fy === 0 ? 0 : 1))];
  for (let y = fromY; y < toY; y++) {
    let at = (y + top) * pitch + fromX + left;
    for (let x = fromX; x < toX; x++, at++) {
      const upper = hu[at] + (hu[at + stepX] - hu[at]) * fx;
      const lower = hu[at + stepY] + (hu[at + stepY + stepX] - hu[at + stepY]) * fx;
      placed[y * gridColumns + x] = upper + (lower - upper) * fy;
    }
  }
  return placed;
}

/**
 * Linear between two planes, `weight` of `above`, rounded half away from zero into rows of an even number of
 * voxels; `outside` where either plane that counts has no value.
 */
export function blendPlanes(
  below: PlacedPlane,
  above: PlacedPlane,
  weight: number,
  outside: number,
  { size: [columns, rows] }: Pick<Grid, "size">,
): Int16Array {
  const pitch = rowPitch(columns);
  const blended = new Int16Array(pitch * rows);
  const other = weight === 0 ? below : above;
  for (let y = 0, at = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, at++) {
      const value = below[at] + (other[at] - below[at]) * weight;
      blended[y * pitch + x] = Number.isNaN(value) ? outside : roundHalfAway(value);
    }
  }
  return blended;
}
