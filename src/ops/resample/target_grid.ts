import { checkGrid, checkSize, checkSpacing } from "../../core/check_grid.js";
import type { Control } from "../../core/control.js";
import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { checkArgument, checkOptions } from "../../core/options.js";
import {
  alignRule,
  type GridAlignment,
  type ResampleOptions,
  type ResampleTarget,
  refuse,
  resampleRules,
} from "./resample_options.js";

/**
 * The grid aligned by "origin" (ITK's and SimpleITK's habit): voxel 0 stays where it is, the spacing is
 * exactly `spacingMm`, and the size is the samples that fit between the first and the last source voxel:
 * floor((n - 1) * source / output) + 1.
 * @throws HounsfieldError `invalid-option`
 */
export function originGrid(source: Grid, spacingMm: Vec3): Grid {
  checkSpacing("resample", spacingMm);
  const size = vec3((axis) => {
    const extent = ((source.size[axis] - 1) * source.spacingMm[axis]) / spacingMm[axis];
    return Math.floor(extent + EXTENT_SLACK) + 1;
  });
  return { ...source, size, spacingMm };
}

/**
 * The grid aligned by "edges" (textures, torch without align_corners): the outer edges of the outermost
 * voxels are kept, so the spacing is n * source / m for the size m = round(n * source / output), halves to
 * even.
 * @throws HounsfieldError `invalid-option`
 */
export function edgeGrid(source: Grid, spacingMm: Vec3): Grid {
  return sizedGrid(source, roundedSize(source, spacingMm), "edges");
}

/**
 * The grid aligned by "corners" (scipy.ndimage.zoom, torch with align_corners): the centers of the corner
 * voxels are kept, so the spacing is (n - 1) * source / (m - 1) for the size m = round(n * source / output),
 * halves to even. An axis of one voxel stays one.
 * @throws HounsfieldError `invalid-option`
 */
export function cornerGrid(source: Grid, spacingMm: Vec3): Grid {
  const size = roundedSize(source, spacingMm);
  return sizedGrid(
    source,
    vec3((axis) => (source.size[axis] === 1 ? 1 : size[axis])),
    "corners",
  );
}

/**
 * A grid of `size` voxels. "edges" and "corners" as above; "origin" keeps voxel 0 and spaces by n * source /
 * m, as SimpleITK's recipe does.
 * @throws HounsfieldError `invalid-option`, also for "corners" where one voxel should become several
 */
export function sizedGrid(source: Grid, size: Vec3, align: GridAlignment): Grid {
  checkSize("resample", size);
  const ratio = vec3((axis) => source.size[axis] / size[axis]);
  if (align === "corners") {
    const spacingMm = vec3((axis) => cornerSpacing(source.size[axis], source.spacingMm[axis], size[axis]));
    return { ...source, size, spacingMm };
  }
  const spacingMm = vec3((axis) => source.spacingMm[axis] * ratio[axis]);
  const first = vec3((axis) => (align === "edges" ? (ratio[axis] - 1) / 2 : 0));
  return { ...source, size, spacingMm, originMm: positionMm(source, first) };
}

/**
 * The grid that options ask for.
 * @throws HounsfieldError `invalid-option`
 */
export function targetGrid(source: Grid, target: ResampleTarget): Grid {
  checkGrid("resample", "source", source);
  return gridOf(source, checkOptions<ResampleOptions & Control>("targetGrid", target, resampleRules));
}

/** The same of a source that is known to be a grid. */
export function gridOf(source: Grid, { spacingMm, size, onto, align = "origin" }: ResampleTarget): Grid {
  const given = [spacingMm, size, onto].filter((target) => target !== undefined);
  if (given.length !== 1) refuse("target", given, "one of spacingMm, size, onto");
  checkArgument("resample", "align", align, alignRule);
  if (onto !== undefined) {
    checkGrid("resample", "onto", onto);
    return onto;
  }
  if (size) return sizedGrid(source, size, align);
  const spacing = typeof spacingMm === "number" ? vec3(() => spacingMm) : spacingMm;
  checkSpacing("resample", spacing);
  return gridsBySpacing[align](source, spacing);
}

const gridsBySpacing: Readonly<Record<GridAlignment, (source: Grid, spacingMm: Vec3) => Grid>> = {
  origin: originGrid,
  edges: edgeGrid,
  corners: cornerGrid,
};

/**
 * Spacings in headers are decimal fractions: 3 voxels of 0.7 mm are 2.0999999999999996 mm in f64, and must
 * hold the sample at 2.1. A billionth of a voxel is far below what any header resolves.
 */
const EXTENT_SLACK = 1e-9;

function roundedSize(source: Grid, spacingMm: Vec3): Vec3 {
  checkSpacing("resample", spacingMm);
  return vec3((axis) =>
    Math.max(1, roundHalfEven((source.size[axis] * source.spacingMm[axis]) / spacingMm[axis])),
  );
}

/** As Python rounds, whose recipes these grids are. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

function cornerSpacing(length: number, spacingMm: number, size: number): number {
  if (size === 1) return spacingMm;
  if (length === 1) refuse('size with align "corners"', size, "1 where the source has 1 voxel");
  return spacingMm * ((length - 1) / (size - 1));
}

function vec3(of: (axis: 0 | 1 | 2) => number): Vec3 {
  return [of(0), of(1), of(2)];
}
