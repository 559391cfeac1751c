import type { Vec3 } from "../../src/core/grid.js";
import { type AxisMap, sourceIndex } from "../../src/ops/resample/resample_map.js";

/**
 * What `exact: "integer"` must give before rounding to whole HU, in 256ths: trilinear, x before y before z,
 * fractions of 21 bits, each product rounded to a 256th, halves upward. In f64, which holds every product
 * here exactly.
 */
export function resampleIntegerReference(
  voxels: ArrayLike<number>,
  source: Vec3,
  axes: readonly AxisMap[],
  size: Vec3,
): Int32Array {
  const [x, y, z] = axes.map((map, axis) => tapsOf(map, source[axis], size[axis]));
  const along = (axis: number) => (axis === 0 ? 1 : axis === 1 ? source[0] : source[0] * source[1]);
  const at = (corner: number, axis: number) => (corner + 1 < source[axis] ? along(axis) : 0);
  const result = new Int32Array(size[0] * size[1] * size[2]);
  let n = 0;
  for (const tz of z) {
    for (const ty of y) {
      for (const tx of x) {
        const first = tx.first + ty.first * along(1) + tz.first * along(2);
        const [dx, dy, dz] = [at(tx.first, 0), at(ty.first, 1), at(tz.first, 2)];
        const row = (start: number) => mix(voxels[start] * 256, voxels[start + dx] * 256, tx.fraction);
        const plane = (start: number) => mix(row(start), row(start + dy), ty.fraction);
        result[n++] = mix(plane(first), plane(first + dz), tz.fraction);
      }
    }
  }
  return result;
}

/** To whole HU, halves away from zero. */
export function roundFixed(value: number): number {
  return Math.sign(value) * Math.floor((Math.abs(value) + 128) / 256);
}

function mix(a: number, b: number, fraction: number): number {
  return a + Math.floor((b - a) * (fraction / 2 ** 21) + 0.5);
}

function tapsOf(map: AxisMap, length: number, count: number): { first: number; fraction: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const index = Math.min(Math.max(sourceIndex(map, i), 0), length - 1);
    const first = Math.min(Math.floor(index), Math.max(0, length - 2));
    return { first, fraction: Math.round((index - first) * 2 ** 21) };
  });
}
