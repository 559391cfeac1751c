import { type Grid, isGrid, voxelCount } from "../core/grid.js";
import { invalidOption } from "../core/options.js";

/** Arrays of voxels that the programs here share. */
export type SharedData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array;

/**
 * Voxels and where they lie, as `{ grid: volume.grid, data: await volume.read() }` is: z, y, x, x fastest,
 * one value a voxel, in the stored values of the volume.
 */
export interface Voxels<Data extends SharedData = SharedData> {
  readonly grid: Grid;
  readonly data: Data;
}

/** @throws HounsfieldError `invalid-option` for what is no grid, or an array of another length */
export function checkVoxels(of: string, voxels: Voxels): void {
  checkGridOf(of, voxels);
  const { grid, data } = voxels;
  if (ArrayBuffer.isView(data) && data.length === voxelCount(grid)) return;
  throw invalidOption(of, "data", data, `a typed array of ${voxelCount(grid)} values`);
}

/** @throws HounsfieldError `invalid-option` */
export function checkGridOf(of: string, given: { readonly grid: Grid }): void {
  if (given && isGrid(given.grid)) return;
  throw invalidOption(of, "grid", given?.grid, "a grid, such as volume.grid");
}

/** Rows for columns: what has axes as rows where ours are columns (Grid.direction), and back. */
export function transposed(direction: ArrayLike<number>): number[] {
  return [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => direction?.[column * 3 + row]));
}

/**
 * A grid of what another program says.
 * @throws HounsfieldError `invalid-option` where that is none
 */
export function gridOfParts(
  of: string,
  size: ArrayLike<number>,
  spacing: ArrayLike<number>,
  origin: ArrayLike<number>,
  direction: ArrayLike<number>,
): Grid {
  const three = (values: ArrayLike<number>) => [values?.[0], values?.[1], values?.[2]] as const;
  const grid = {
    size: three(size),
    spacingMm: three(spacing),
    originMm: three(origin),
    direction: Array.from(direction ?? []),
  };
  const isPossible =
    isGrid(grid) &&
    grid.size.every((count) => Number.isInteger(count) && count > 0) &&
    grid.spacingMm.every((mm) => mm > 0);
  if (isPossible) return grid;
  throw invalidOption(of, "image", grid, "an image with size, spacing, origin and direction");
}
