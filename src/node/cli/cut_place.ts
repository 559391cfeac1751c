import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import type { MprState } from "../../render/state/mpr_state.js";
import { planeAxes, toIndexStep, voxelAt } from "../../render/state/plane.js";
import { numbers, oneNumber, wholeNumber } from "./arguments.js";
import { UsageError } from "./usage_error.js";

export interface PlaceTexts {
  readonly slice?: string;
  readonly position?: string;
}

/** Axes of LPS that the named planes are moved along. */
const axisOf = { axial: 2, coronal: 1, sagittal: 0 } as const;

/**
 * The point that a cut goes through, by `--slice` or `--position`.
 * @throws a usage error, for places beside the volume too
 */
export function cutPoint(grid: Grid, mpr: MprState, { slice, position }: PlaceTexts): Vec3 {
  if (slice !== undefined && position !== undefined)
    throw new UsageError("--slice and --position say the same: give one of them");
  if (slice !== undefined) return pointOfSlice(grid, mpr, slice);
  return position === undefined ? mpr.pointMm : pointOfPosition(grid, mpr, position);
}

/** Slices of an array's axis: the one that the cut's normal follows most. */
function pointOfSlice(grid: Grid, { plane }: MprState, text: string): Vec3 {
  const along = toIndexStep(grid, planeAxes(plane).normal).map(
    (step, i) => Math.abs(step) * grid.spacingMm[i],
  );
  const axis = along.indexOf(Math.max(...along));
  const number = wholeNumber(text, [0, grid.size[axis] - 1], "--slice");
  const [x, y, z] = grid.size.map((count, i) => (i === axis ? number : count >> 1));
  return positionMm(grid, [x, y, z]);
}

function pointOfPosition(grid: Grid, mpr: MprState, text: string): Vec3 {
  const point = text.includes(",") ? threeNumbers(text) : alongNormal(mpr, text);
  if (voxelAt(grid, point)) return point;
  const [x, y, z] = [0, 1, 2].map((axis) => extent(grid, axis));
  throw new UsageError(
    `--position ${text} lies beside the volume, which reaches over x ${x}, y ${y} and z ${z} mm`,
  );
}

function threeNumbers(text: string): Vec3 {
  const [x, y, z] = numbers(text, 3, "--position");
  return [x, y, z];
}

function alongNormal({ plane, pointMm }: MprState, text: string): Vec3 {
  if (typeof plane !== "string")
    throw new UsageError(`--position takes X,Y,Z of an oblique cut, got "${text}"`);
  const mm = oneNumber(text, "--position");
  const [x, y, z] = pointMm.map((value, axis) => (axis === axisOf[plane] ? mm : value));
  return [x, y, z];
}

/** Of the voxels' centers along an axis of LPS, in mm. */
function extent(grid: Grid, axis: number): string {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
    const [i, j, k] = grid.size.map((count, one) => (corner & (1 << one) ? count - 1 : 0));
    return positionMm(grid, [i, j, k])[axis];
  });
  return `${Math.min(...corners).toFixed(1)}..${Math.max(...corners).toFixed(1)}`;
}
