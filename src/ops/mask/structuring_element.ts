import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid, Vec3 } from "../../core/grid.js";
import { checkArgument, checkOptions } from "../../core/options.js";
import { controlRules, listOf, number, oneOf, required } from "../../core/rules.js";

/**
 * What a mask is dilated or eroded by: all voxels around a voxel that are
 * - `ball`: within `radiusMm` of its center, whatever the spacing;
 * - `disc`: so, within its slice;
 * - `box`: within that many voxels along x, y and z, each;
 * - `cross`: within that many steps along the axes: 1 is the voxel and its 6 neighbors, more an octahedron.
 */
export type StructuringElement =
  | { readonly shape: "ball" | "disc"; readonly radiusMm: number }
  | { readonly shape: "box"; readonly reachVoxels: Vec3 }
  | { readonly shape: "cross"; readonly reachVoxels: number };

/** One row of an element, `dy` rows and `dz` slices away: columns -reach to reach. */
export interface ElementRow {
  readonly dy: number;
  readonly dz: number;
  readonly reach: number;
}

/** A dilation by an element is one by each of these parts, in order. */
export type ElementPart = readonly ElementRow[];

/** How far a part reaches along x, y and z, in voxels. */
export function partReach(part: ElementPart): Vec3 {
  const farthest = (of: (row: ElementRow) => number) =>
    part.reduce((most, row) => Math.max(most, of(row)), 0);
  return [farthest(({ reach }) => reach), farthest(({ dy }) => dy), farthest(({ dz }) => dz)];
}

/** A box of more rows goes axis by axis: each part costs what some ten steps of 8 rows do. */
const MANY_ROWS = 100;

/** 0.3 is not 3 * 0.1 in binary: what is this little too far, relatively, still belongs to a ball. */
const TOLERANCE = 1e-9;

/**
 * Each shape has its own measure: the other's would be ignored.
 * @throws HounsfieldError `invalid-option`
 */
export function checkElement(of: string, element: StructuringElement & Control): void {
  const shapes = required(oneOf("ball", "disc", "box", "cross"));
  const { shape } = element ?? {};
  checkArgument(of, "shape", shape, shapes);
  const measures = shape === "box" ? listOf(number, "3 whole numbers", 3) : number;
  const measure = shape === "ball" || shape === "disc" ? "radiusMm" : "reachVoxels";
  checkOptions<object>(of, element, { ...controlRules, shape: shapes, [measure]: required(measures) });
}

/**
 * Cut to the size of `grid`, beyond which nothing changes.
 * @throws HounsfieldError `invalid-option`
 */
export function elementParts(element: StructuringElement, grid: Grid): ElementPart[] {
  const longest = grid.size.map((length) => length - 1);
  if (element.shape === "box") {
    const [x, y, z] = element.reachVoxels.map((reach, axis) => Math.min(wholeReach(reach), longest[axis]));
    if ((2 * y + 1) * (2 * z + 1) <= MANY_ROWS) return [rowsOf(y, z, () => x)];
    const parts = [rowsOf(0, 0, () => x), rowsOf(y, 0, () => 0), rowsOf(0, z, () => 0)];
    return parts.filter((_, axis) => [x, y, z][axis] > 0);
  }
  const [columns, rows, slices] = longest;
  if (element.shape === "cross") {
    const reach = wholeReach(element.reachVoxels);
    const narrow = (dy: number, dz: number) => Math.min(reach - Math.abs(dy) - Math.abs(dz), columns);
    return [rowsOf(Math.min(reach, rows), Math.min(reach, slices), narrow)];
  }
  const radius = distanceMm(element.radiusMm);
  const [sx, sy, sz] = grid.spacingMm;
  const squared = radius * radius * (1 + TOLERANCE);
  // The root, taken down to a whole number, may be one off either way at an exact fit: so try one more, and
  // come down.
  const halfWidth = (dy: number, dz: number) => {
    const left = squared - (dy * sy) ** 2 - (dz * sz) ** 2;
    if (left < 0) return -1;
    let reach = Math.min(columns, Math.floor(Math.sqrt(left) / sx) + 1);
    while ((reach * sx) ** 2 > left) reach--;
    return reach;
  };
  const across = Math.min(rows, Math.ceil(radius / sy));
  const along = element.shape === "disc" ? 0 : Math.min(slices, Math.ceil(radius / sz));
  return [rowsOf(across, along, halfWidth)];
}

/** The rows of an element that are not empty: those whose half-width is 0 or more. */
function rowsOf(across: number, along: number, halfWidth: (dy: number, dz: number) => number): ElementPart {
  const rows: ElementRow[] = [];
  for (let dz = -along; dz <= along; dz++) {
    for (let dy = -across; dy <= across; dy++) {
      const reach = halfWidth(dy, dz);
      if (reach >= 0) rows.push({ dy, dz, reach });
    }
  }
  return rows;
}

function wholeReach(reach: number): number {
  if (Number.isInteger(reach) && reach >= 0) return reach;
  throw new HounsfieldError("invalid-option", `reachVoxels is 0 or a whole number above; got ${reach}`, {
    got: reach,
    accepted: "0, 1, 2 ...",
  });
}

function distanceMm(radius: number): number {
  if (radius >= 0 && radius < Number.POSITIVE_INFINITY) return radius;
  throw new HounsfieldError("invalid-option", `radiusMm is 0 or more, and finite; got ${radius}`, {
    got: radius,
    accepted: [0, Number.MAX_VALUE],
  });
}
