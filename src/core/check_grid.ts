import type { Grid, Vec3 } from "./grid.js";
import { invalidOption } from "./options.js";

/**
 * How far directions may be from perpendicular unit vectors: cosines that were rounded to three digits, as
 * DICOM's Image Orientation may be, are within.
 */
const COSINE_TOLERANCE = 2e-3;

/**
 * @throws HounsfieldError `invalid-option` unless the value of an option of `of` is a grid: all four fields,
 * finite, its axes perpendicular unit vectors, left- or right-handed
 */
export function checkGrid(of: string, option: string, grid: Grid): void {
  if (typeof grid !== "object" || grid === null)
    throw invalidOption(of, option, grid, "a grid, such as volume.grid");
  // What comes from JSON or from JavaScript may lack what its type promises.
  const { size, spacingMm, originMm, direction }: Partial<Grid> = grid;
  checkSize(of, size, `${option}.size`);
  checkSpacing(of, spacingMm, `${option}.spacingMm`);
  if (!areNumbers(originMm, 3))
    throw invalidOption(of, `${option}.originMm`, originMm, "three finite millimeters");
  if (!areNumbers(direction, 9) || !(cosineError(direction) <= COSINE_TOLERANCE)) {
    const accepted = "9 cosines, row-major, whose columns are perpendicular unit vectors";
    throw invalidOption(of, `${option}.direction`, direction, accepted);
  }
}

export function checkSpacing(
  of: string,
  spacingMm: Vec3 | undefined,
  option = "spacingMm",
): asserts spacingMm is Vec3 {
  if (!areNumbers(spacingMm, 3) || !spacingMm.every((mm) => mm > 0))
    throw invalidOption(of, option, spacingMm, "three positive millimeters");
}

/** 65535: workgroups that a pass may have along y and z. */
export function checkSize(of: string, size: Vec3 | undefined, option = "size"): void {
  const fits = (count: number) => Number.isInteger(count) && count >= 1 && count <= 65535;
  if (!areNumbers(size, 3) || !size.every(fits))
    throw invalidOption(of, option, size, "three whole numbers from 1 to 65535");
}

function areNumbers(values: readonly number[] | undefined, count: number): values is readonly number[] {
  return Array.isArray(values) && values.length === count && values.every((value) => Number.isFinite(value));
}

/**
 * The largest entry of the matrix's product with its transpose, less the identity: 0 for perpendicular unit
 * vectors.
 */
function cosineError(direction: readonly number[]): number {
  const dot = (a: number, b: number) =>
    [0, 3, 6].reduce((sum, row) => sum + direction[row + a] * direction[row + b], 0);
  const lengths = [0, 1, 2].map((axis) => Math.abs(Math.sqrt(dot(axis, axis)) - 1));
  return Math.max(...lengths, Math.abs(dot(0, 1)), Math.abs(dot(0, 2)), Math.abs(dot(1, 2)));
}
