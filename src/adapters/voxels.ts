import { checkGrid } from "../core/check_grid.js";
import { type Grid, voxelCount } from "../core/grid.js";
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

/** What a number is called that voxels are of: NumPy's, NIfTI's and ITK's names. */
export type NumberType = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "float32";

const ARRAYS = [
  ["int8", Int8Array],
  ["uint8", Uint8Array],
  ["int16", Int16Array],
  ["uint16", Uint16Array],
  ["int32", Int32Array],
  ["uint32", Uint32Array],
  ["float32", Float32Array],
] as const;

/** By its class, of which it may be a special kind, as Node's Buffer is; undefined for arrays of others. */
function typeOf(data: unknown): NumberType | undefined {
  return ARRAYS.find(([, kind]) => data instanceof kind)?.[0];
}

/**
 * The type of the voxels' numbers.
 * @throws HounsfieldError `invalid-option` for what is no grid, or an array of another length or of other
 * numbers
 */
export function checkVoxels(of: string, voxels: Voxels): NumberType {
  checkGridOf(of, voxels);
  const { grid, data } = voxels;
  const type = typeOf(data);
  if (type && data.length === voxelCount(grid)) return type;
  const types = ARRAYS.map(([name]) => name).join(", ");
  throw invalidOption(of, "data", data, `a typed array of ${voxelCount(grid)} values, of ${types}`);
}

/** @throws HounsfieldError `invalid-option` */
export function checkGridOf(of: string, given: { readonly grid: Grid }): void {
  checkGrid(of, "grid", given?.grid);
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
  checkGrid(of, "image", grid);
  return grid;
}
