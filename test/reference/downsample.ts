import type { Vec3 } from "../../src/core/grid.js";

/**
 * Means in f64 of the voxels that each texel of a coarser grid of the same extent covers, by how much of each
 * it covers; z, y, x.
 */
export function referenceMeans(size: Vec3, voxels: ArrayLike<number>, texels: Vec3): number[] {
  const [tx, ty, tz] = texels;
  return Array.from({ length: tx * ty * tz }, (_, i) =>
    referenceMean(size, voxels, texels, [i % tx, Math.floor(i / tx) % ty, Math.floor(i / tx / ty)]),
  );
}

/** Of one texel; of slices for which `counts` says so. */
export function referenceMean(
  size: Vec3,
  voxels: ArrayLike<number>,
  texels: Vec3,
  texel: Vec3,
  counts: (z: number) => boolean = () => true,
): number {
  const low = texel.map((k, axis) => (k * size[axis]) / texels[axis]);
  const high = texel.map((k, axis) => ((k + 1) * size[axis]) / texels[axis]);
  const share = (axis: number, i: number) =>
    Math.max(0, Math.min(i + 1, high[axis]) - Math.max(i, low[axis]));
  let [sum, weights] = [0, 0];
  for (let z = Math.floor(low[2]); z < Math.min(size[2], Math.ceil(high[2])); z++) {
    if (!counts(z)) continue;
    for (let y = Math.floor(low[1]); y < Math.min(size[1], Math.ceil(high[1])); y++) {
      for (let x = Math.floor(low[0]); x < Math.min(size[0], Math.ceil(high[0])); x++) {
        const weight = share(0, x) * share(1, y) * share(2, z);
        sum += weight * voxels[(z * size[1] + y) * size[0] + x];
        weights += weight;
      }
    }
  }
  return sum / weights;
}
