import type { Grid } from "../../src/core/grid.js";

/** The distance in mm from each voxel to the nearest set one, by trying all; Infinity beyond `maximumMm`. */
export function distanceVoxels(
  voxels: Uint8Array,
  { size: [nx, ny], spacingMm: [sx, sy, sz] }: Grid,
  maximumMm = Number.POSITIVE_INFINITY,
): Float64Array {
  const placeOf = (i: number) => [
    (i % nx) * sx,
    (Math.floor(i / nx) % ny) * sy,
    Math.floor(i / nx / ny) * sz,
  ];
  const places = [...voxels.keys()].filter((i) => voxels[i]).map(placeOf);
  return Float64Array.from(voxels, (_, i) => {
    const [x, y, z] = placeOf(i);
    let least = Number.POSITIVE_INFINITY;
    for (const [u, v, w] of places) least = Math.min(least, (x - u) ** 2 + (y - v) ** 2 + (z - w) ** 2);
    const distance = Math.sqrt(least);
    return distance <= maximumMm * (1 + 1e-7) ? distance : Number.POSITIVE_INFINITY;
  });
}
