import type { Grid } from "../../src/core/grid.js";

const size = [5, 4, 3] as const;
const spacingMm = [0.75, 1.25, 2.5] as const;
const originMm = [-120.5, 33.25, 1024.125] as const;

/** Grids that files of images must carry: axis-aligned, turned over, permuted, oblique; all right-handed. */
export const formatGrids: Readonly<Record<string, Grid>> = {
  "axis-aligned": { size, spacingMm, originMm, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
  "feet first, prone": { size, spacingMm, originMm, direction: [-1, 0, 0, 0, 1, 0, 0, 0, -1] },
  "turned over in two axes": { size, spacingMm, originMm, direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] },
  sagittal: { size, spacingMm, originMm, direction: [0, 0, -1, 1, 0, 0, 0, -1, 0] },
  coronal: { size, spacingMm, originMm, direction: [1, 0, 0, 0, 0, 1, 0, -1, 0] },
  oblique: { size, spacingMm, originMm, direction: turned(0.4, -0.3, 0.9) },
  "half a turn about an oblique axis": { size, spacingMm, originMm, direction: halfTurn(0.6, 0.48, 0.64) },
};

/** Rotations about x, y and z by angles in radians, row-major. */
function turned(x: number, y: number, z: number): number[] {
  const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((a) => [Math.cos(a), Math.sin(a)]);
  return [
    cz * cy,
    cz * sy * sx - sz * cx,
    cz * sy * cx + sz * sx,
    sz * cy,
    sz * sy * sx + cz * cx,
    sz * sy * cx - cz * sx,
    -sy,
    cy * sx,
    cy * cx,
  ];
}

/** By 180 degrees: a quaternion whose real part is 0. */
function halfTurn(x: number, y: number, z: number): number[] {
  return [
    2 * x * x - 1,
    2 * x * y,
    2 * x * z,
    2 * x * y,
    2 * y * y - 1,
    2 * y * z,
    2 * x * z,
    2 * y * z,
    2 * z * z - 1,
  ];
}
