import { type Grid, positionMm } from "../../core/grid.js";
import type { Mesh } from "../../core/mesh.js";
import type { IndexMesh } from "./march.js";
import { smoothed } from "./smooth.js";

/** What marching found on a grid, after rounds of smoothing, in the patient. */
export function patientMesh(found: IndexMesh, grid: Grid, smoothing: number): Mesh {
  return inPatient(smoothing > 0 ? smoothed(found, smoothing) : found, grid);
}

/** From indices to millimeters; a left-handed grid turns what is outside in, and triangles the other way. */
function inPatient({ positions, triangles }: IndexMesh, grid: Grid): Mesh {
  const origin = positionMm(grid, [0, 0, 0]);
  const steps = [positionMm(grid, [1, 0, 0]), positionMm(grid, [0, 1, 0]), positionMm(grid, [0, 0, 1])];
  const [a, b, c] = steps.map((end) => end.map((mm, row) => mm - origin[row]));
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [positions[i], positions[i + 1], positions[i + 2]];
    for (let row = 0; row < 3; row++) positions[i + row] = origin[row] + x * a[row] + y * b[row] + z * c[row];
  }
  const volume =
    a[0] * (b[1] * c[2] - b[2] * c[1]) +
    a[1] * (b[2] * c[0] - b[0] * c[2]) +
    a[2] * (b[0] * c[1] - b[1] * c[0]);
  if (volume < 0) {
    for (let i = 0; i < triangles.length; i += 3) {
      const second = triangles[i + 1];
      triangles[i + 1] = triangles[i + 2];
      triangles[i + 2] = second;
    }
  }
  return { positionsMm: positions, triangles };
}
