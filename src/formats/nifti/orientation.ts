import type { Grid } from "../../core/grid.js";

/** The upper three rows of an affine: index (i, j, k, 1) to RAS millimeters. */
export type Affine = readonly (readonly [number, number, number, number])[];

/** LPS, in which grids lie, to NIfTI's RAS: x and y change their sign. Without negative zeros. */
const TO_RAS = [-1, -1, 1] as const;

/** The sform of a grid. */
export function affineOf({ direction, spacingMm, originMm }: Grid): Affine {
  return TO_RAS.map((sign, row) => {
    const axis = (column: number) => sign * direction[row * 3 + column] * spacingMm[column] + 0;
    return [axis(0), axis(1), axis(2), sign * originMm[row] + 0] as const;
  });
}

/**
 * A grid's direction as a unit quaternion (b, c, d; a is not below 0 and follows) with the sign of the third
 * axis (nifti1.h, "METHOD 2").
 */
export function quaternionOf({ direction }: Grid): {
  quaternion: readonly [number, number, number];
  qfac: 1 | -1;
} {
  const r = TO_RAS.map((sign, row) => [0, 1, 2].map((column) => sign * direction[row * 3 + column]));
  const qfac = determinant(r) < 0 ? -1 : 1;
  for (const row of r) row[2] *= qfac;
  return { quaternion: rotationToQuaternion(r), qfac };
}

/**
 * The affine that a qform says: rotation by (b, c, d), spacing, third axis turned over where qfac is -1,
 * offset.
 */
export function affineOfQuaternion(
  [b, c, d]: readonly number[],
  qfac: number,
  spacing: readonly number[],
  offset: readonly number[],
): Affine {
  const square = sumOfSquares([b, c, d]);
  // Half a turn, whose real part float32 leaves as noise: it is 0, as nifti1_io's nifti_quatern_to_mat44 has
  // it.
  const isHalfTurn = 1 - square < 1e-7;
  const a = isHalfTurn ? 0 : Math.sqrt(1 - square);
  const one = isHalfTurn ? 1 / Math.sqrt(square) : 1;
  const [x, y, z] = [b * one, c * one, d * one];
  const rotation = [
    [a * a + x * x - y * y - z * z, 2 * (x * y - a * z), 2 * (x * z + a * y)],
    [2 * (x * y + a * z), a * a + y * y - x * x - z * z, 2 * (y * z - a * x)],
    [2 * (x * z - a * y), 2 * (y * z + a * x), a * a + z * z - x * x - y * y],
  ];
  return rotation.map(
    ([i, j, k], row) => [i * spacing[0], j * spacing[1], k * spacing[2] * qfac, offset[row]] as const,
  );
}

/**
 * A quaternion as float32 holds it. Of half a turn the squares' sum stays at 1 or above, so that readers find
 * a real part of exactly 0 instead of the root of a rounding error (3e-4, which nibabel takes as it is).
 */
export function float32Quaternion(quaternion: readonly [number, number, number]): number[] {
  const rounded = quaternion.map(Math.fround);
  const isHalfTurn = 1 - sumOfSquares(quaternion) < 1e-7;
  const largest = rounded.map(Math.abs).indexOf(Math.max(...rounded.map(Math.abs)));
  while (isHalfTurn && sumOfSquares(rounded) < 1)
    rounded[largest] = Math.fround(rounded[largest] * (1 + 2 ** -23));
  return rounded;
}

function sumOfSquares(vector: readonly number[]): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}

function determinant([a, b, c]: readonly (readonly number[])[]): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}

/** By the largest of the four squares, so that nothing small is divided by (Shepperd 1978). */
function rotationToQuaternion(r: readonly (readonly number[])[]): readonly [number, number, number] {
  const trace = r[0][0] + r[1][1] + r[2][2];
  const squares = [1 + trace, ...[0, 1, 2].map((i) => 1 - trace + 2 * r[i][i])];
  const largest = squares.indexOf(Math.max(...squares));
  const half = Math.sqrt(squares[largest]) / 2;
  const by = 1 / (4 * half);
  const [x, y, z] = [r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]];
  const [xy, xz, yz] = [r[0][1] + r[1][0], r[0][2] + r[2][0], r[1][2] + r[2][1]];
  const all = [
    [half, x * by, y * by, z * by],
    [x * by, half, xy * by, xz * by],
    [y * by, xy * by, half, yz * by],
    [z * by, xz * by, yz * by, half],
  ][largest];
  const sign = all[0] < 0 ? -1 : 1;
  return [all[1] * sign + 0, all[2] * sign + 0, all[3] * sign + 0];
}
