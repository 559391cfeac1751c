import type { IndexMesh } from "./march.js";

/** Taubin's filter (1995), which passes low frequencies: a step in, a longer one out. */
const IN = 0.5;
const OUT = -0.53;
/** Along each axis, in voxels. */
const FURTHEST = 0.5;

/**
 * A mesh whose vertices have moved toward their neighbors' mean, none further than half a voxel from its
 * place.
 */
export function smoothed({ positions, triangles }: IndexMesh, rounds: number): IndexMesh {
  const now = Float32Array.from(positions);
  const sums = new Float32Array(positions.length);
  const counts = new Float32Array(positions.length / 3);
  for (let i = 0; i < triangles.length; i++) counts[triangles[i]] += 2;
  for (let step = 0; step < 2 * rounds; step++) {
    sums.fill(0);
    // Each neighbor of a closed mesh is met in two triangles.
    for (let i = 0; i < triangles.length; i += 3) {
      for (let corner = 0; corner < 3; corner++) {
        const own = 3 * triangles[i + corner];
        const one = 3 * triangles[i + ((corner + 1) % 3)];
        const other = 3 * triangles[i + ((corner + 2) % 3)];
        for (let row = 0; row < 3; row++) sums[own + row] += now[one + row] + now[other + row];
      }
    }
    const by = step % 2 === 0 ? IN : OUT;
    for (let i = 0; i < now.length; i++) {
      const mean = sums[i] / counts[Math.floor(i / 3)];
      const moved = now[i] + by * (mean - now[i]);
      now[i] = Math.min(positions[i] + FURTHEST, Math.max(positions[i] - FURTHEST, moved));
    }
  }
  return { positions: now, triangles };
}
