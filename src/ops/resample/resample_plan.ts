import type { Grid } from "../../core/grid.js";
import { type AxisMap, axisMaps, type IndexMap, indexMap, isWhole, sourceIndex } from "./resample_map.js";
import {
  type Border,
  checkSampling,
  type ResampleKernel,
  type ResampleOptions,
  refuse,
} from "./resample_options.js";
import { isOutside } from "./resample_taps.js";
import { gridOf } from "./target_grid.js";

/** What one resampling is, decided before anything runs. */
export type ResamplePlan = ResampleSampling & ResampleMethod;

interface ResampleSampling {
  readonly source: Grid;
  readonly grid: Grid;
  readonly kernel: ResampleKernel;
  readonly antialias: boolean;
  readonly border: Border;
  readonly exact?: "integer";
}

/**
 * pick: voxels are copied, exactly. linear: one walk up the columns. separable: a pass an axis. oblique: a
 * gather at any position.
 */
export type ResampleMethod =
  | { readonly method: "pick" | "linear" | "separable"; readonly axes: readonly AxisMap[] }
  | { readonly method: "oblique"; readonly map: IndexMap };

/** @throws HounsfieldError `invalid-option` */
export function planResampling(source: Grid, options: ResampleOptions): ResamplePlan {
  const grid = gridOf(source, options);
  const sampling = { source, grid, ...checkSampling(options) };
  const map = indexMap(source, grid, options.transform);
  const axes = axisMaps(map, grid.size);
  const method = axes ? alignedMethod(sampling, axes) : "oblique";
  if (sampling.exact && method !== "pick" && method !== "linear") refuse('exact "integer"', method, ONE_PASS);
  if (axes && method !== "oblique") return { ...sampling, method, axes };
  if (sampling.kernel === "lanczos3") {
    refuse("kernel on a turned grid", sampling.kernel, ["nearest", "linear", "catmull-rom", "b-spline"]);
  }
  return { ...sampling, method: "oblique", map };
}

/** What fixed point is for. */
const ONE_PASS =
  "a result along the volume's own axes that stays within a constant border, with antialias: false where an axis shrinks";

function alignedMethod(
  { source, grid, kernel, antialias, border }: ResampleSampling,
  axes: readonly AxisMap[],
): "pick" | "linear" | "separable" {
  if (kernel === "nearest" || isWhole(axes)) return "pick";
  const straight = axes.every(({ sourceAxis }, axis) => sourceAxis === axis);
  const shrinks = axes.some(({ scale }) => Math.abs(scale) > 1);
  const leaves = axes.some((map, axis) =>
    [0, grid.size[axis] - 1].some((i) => isOutside(sourceIndex(map, i), source.size[axis])),
  );
  const plain = straight && !(antialias && shrinks) && (border === "clamp" || !leaves);
  return kernel === "linear" && plain ? "linear" : "separable";
}
