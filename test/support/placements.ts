import type { Grid } from "../../src/core/grid.js";
import { GRID_TOLERANCE_VOXELS } from "../../src/core/grid_difference.js";
import { reorientedGrid } from "../../src/ops/resample/reorient.js";

/** A grid that all `placements` are about: not a cube, off the origin. */
export const placedGrid: Grid = {
  size: [6, 6, 4],
  spacingMm: [0.7, 0.7, 2.5],
  originMm: [-20, 30, -300],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** The far corner of the box along x is half a voxel beyond the last center. */
const CORNER_VOXELS = 5.5;

/** Where something of as many voxels lies, and whether an operation may take it for the same place. */
export const placements: readonly (readonly [name: string, isSame: boolean, grid: Grid])[] = [
  ["in the same place", true, { ...placedGrid }],
  ["just within the tolerance of the origin", true, moved(0.99)],
  ["just beyond it", false, moved(1.01)],
  ["just within the tolerance of the spacing", true, spaced(0.99)],
  ["just beyond it", false, spaced(1.01)],
  ["just within the tolerance of the direction", true, turned(0.99)],
  ["just beyond it", false, turned(1.01)],
  ["flipped, as by reorient to RAS", false, reorientedGrid(placedGrid, "RAS")],
  ["of another spacing", false, { ...placedGrid, spacingMm: [0.7, 0.7, 5] }],
  ["300 mm higher", false, { ...placedGrid, originMm: [-20, 30, 0] }],
];

function moved(part: number): Grid {
  return { ...placedGrid, originMm: [-20, 30, -300 + part * GRID_TOLERANCE_VOXELS * 2.5] };
}

function spaced(part: number): Grid {
  return { ...placedGrid, spacingMm: [0.7, 0.7 * (1 + (part * GRID_TOLERANCE_VOXELS) / CORNER_VOXELS), 2.5] };
}

function turned(part: number): Grid {
  const angle = (part * GRID_TOLERANCE_VOXELS) / CORNER_VOXELS;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return { ...placedGrid, direction: [c, -s, 0, s, c, 0, 0, 0, 1] };
}
