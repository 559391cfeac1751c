import { type Grid, positionMm, type Vec3 } from "../../../core/grid.js";

/** Voxels to texels along an axis in lowest terms, as shaders/render/common/covered.wgsl takes it. */
export interface Ratio {
  readonly voxels: number;
  readonly texels: number;
}

/** The smallest whole factors that bring every axis to `most` texels at most. */
export function leastFactors(size: Vec3, most: number): Vec3 {
  const along = (axis: 0 | 1 | 2) => Math.ceil(size[axis] / most);
  return [along(0), along(1), along(2)];
}

/**
 * Twice the factor of each axis that has more than half as many texels as the longest: a rod is halved along
 * itself, a cube along all three.
 */
export function coarser(size: Vec3, factors: Vec3): Vec3 {
  const texels = texelCounts(size, factors);
  const longest = Math.max(...texels);
  const along = (axis: 0 | 1 | 2) => factors[axis] * (2 * texels[axis] > longest && longest > 1 ? 2 : 1);
  return [along(0), along(1), along(2)];
}

/**
 * The grid of a texture that is coarser by whole factors. The extent is the volume's, face to face: where a
 * factor does not divide an axis, every texel covers as much less as makes them fit, and none hangs over the
 * edge.
 */
export function texelGrid(grid: Grid, factors: Vec3): Grid {
  const size = texelCounts(grid.size, factors);
  const voxels = (axis: 0 | 1 | 2) => grid.size[axis] / size[axis];
  const [x, y, z] = [voxels(0), voxels(1), voxels(2)];
  const [sx, sy, sz] = grid.spacingMm;
  return {
    size,
    spacingMm: [sx * x, sy * y, sz * z],
    originMm: positionMm(grid, [(x - 1) / 2, (y - 1) / 2, (z - 1) / 2]),
    direction: grid.direction,
  };
}

function texelCounts(size: Vec3, factors: Vec3): Vec3 {
  const along = (axis: 0 | 1 | 2) => Math.ceil(size[axis] / factors[axis]);
  return [along(0), along(1), along(2)];
}

/** Of each axis. */
export function ratiosOf(size: Vec3, texels: Vec3): readonly [Ratio, Ratio, Ratio] {
  const along = (axis: 0 | 1 | 2): Ratio => {
    const divisor = greatestCommonDivisor(size[axis], texels[axis]);
    return { voxels: size[axis] / divisor, texels: texels[axis] / divisor };
  };
  return [along(0), along(1), along(2)];
}

/** The voxels that texels [first, end) cover, in whole or in part: from the first to before the last. */
export function coveredBy({ voxels, texels }: Ratio, first: number, end: number): readonly [number, number] {
  return [Math.floor((first * voxels) / texels), Math.ceil((end * voxels) / texels)];
}

/** The texels that cover some of voxels [first, end). */
export function coveringOf({ voxels, texels }: Ratio, first: number, end: number): readonly [number, number] {
  return [Math.floor((first * texels) / voxels), Math.ceil((end * texels) / voxels)];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
