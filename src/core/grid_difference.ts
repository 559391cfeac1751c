import { type Grid, positionMm, type Vec3 } from "./grid.js";

/**
 * Two grids are one where no point of the box that their voxels fill is this far apart, in voxels along each
 * axis. Geometry rounded to float32 or to six decimals stays below a third of it over 512 voxels of 0.3 mm, a
 * meter from the origin; what is above it, an interpolation could tell from noise: a thousandth of a voxel at
 * an edge of 1,000 HU is 1 HU.
 */
export const GRID_TOLERANCE_VOXELS = 1e-3;

export interface GridDifference {
  /** For a sentence: "origin 0, 0, 300 mm instead of 0, 0, 0 mm (300 mm apart)". */
  readonly said: string;
  /** What differs, as the second grid has it and as the first has it. */
  readonly got: Partial<Grid>;
  readonly accepted: Partial<Grid>;
}

/** How `other` differs from `grid`; undefined where they are one within `GRID_TOLERANCE_VOXELS`. */
export function gridDifference(grid: Grid, other: Grid): GridDifference | undefined {
  const isOneSize = grid.size.every((count, axis) => count === other.size[axis]);
  const apartVoxels = displacement(grid, other);
  if (isOneSize && apartVoxels <= GRID_TOLERANCE_VOXELS) return undefined;
  const parts = (["spacingMm", "originMm", "direction"] as const).map((part) => ({
    part,
    apart: displacement(grid, { ...grid, [part]: other[part] }),
  }));
  // Where no part alone is beyond the tolerance, their sum is: at least one has more than a quarter of it.
  const least = parts.some(({ apart }) => !(apart <= GRID_TOLERANCE_VOXELS)) ? 1 : 1 / 4;
  const placed = parts
    .filter(({ apart }) => !(apart <= least * GRID_TOLERANCE_VOXELS))
    .map(({ part }) => part);
  const differing = [...(isOneSize ? [] : (["size"] as const)), ...placed];
  return {
    said: differing.map((part) => sentences[part](grid, other)).join(", "),
    got: Object.fromEntries(differing.map((part) => [part, other[part]])),
    accepted: Object.fromEntries(differing.map((part) => [part, grid[part]])),
  };
}

/**
 * The largest distance, along an axis of `grid` in its voxels, between a point of its box and the same index
 * on `other`. Distances of affine maps are largest at corners; outer corners rather than voxel centers, so
 * that the spacing of a single slice counts.
 */
function displacement(grid: Grid, other: Grid): number {
  let largest = 0;
  for (let corner = 0; corner < 8; corner++) {
    const end = (axis: number) => ((corner >> axis) & 1 ? grid.size[axis] - 0.5 : -0.5);
    const index: Vec3 = [end(0), end(1), end(2)];
    const [here, there] = [positionMm(grid, index), positionMm(other, index)];
    for (let axis = 0; axis < 3; axis++) {
      const alongMm = [0, 1, 2].reduce(
        (sum, row) => sum + grid.direction[row * 3 + axis] * (there[row] - here[row]),
        0,
      );
      const voxels = Math.abs(alongMm) / grid.spacingMm[axis];
      // NaN is no place at all.
      largest = Math.max(largest, Number.isNaN(voxels) ? Number.POSITIVE_INFINITY : voxels);
    }
  }
  return largest;
}

const sentences: Readonly<Record<keyof Grid, (grid: Grid, other: Grid) => string>> = {
  size: (grid, other) => `${other.size.join(" x ")} voxels instead of ${grid.size.join(" x ")}`,
  spacingMm: (grid, other) => `spacing ${listed(other.spacingMm)} mm instead of ${listed(grid.spacingMm)} mm`,
  originMm(grid, other) {
    const apartMm = Math.hypot(...grid.originMm.map((mm, axis) => other.originMm[axis] - mm));
    return `origin ${listed(other.originMm)} mm instead of ${listed(grid.originMm)} mm (${short(apartMm)} mm apart)`;
  },
  direction: (grid, other) =>
    `direction ${listed(other.direction)} instead of ${listed(grid.direction)} (axes up to ${short(largestTurn(grid, other))} degrees apart)`,
};

/** Of the axes, in degrees. By the chord, which unlike the cosine resolves small angles. */
function largestTurn({ direction: a }: Grid, { direction: b }: Grid): number {
  const turns = [0, 1, 2].map((axis) => {
    const chord = Math.hypot(...[0, 3, 6].map((row) => b[row + axis] - a[row + axis]));
    return 2 * Math.asin(Math.min(1, chord / 2));
  });
  return (Math.max(...turns) * 180) / Math.PI;
}

function listed(numbers: readonly number[]): string {
  return numbers.map((one) => Number(one.toPrecision(9))).join(", ");
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}
