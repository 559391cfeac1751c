import type { Control } from "../../core/control.js";
import type { Grid, Vec3 } from "../../core/grid.js";
import { invalidOption, type Rule, type RulesOf } from "../../core/options.js";
import { anything, boolean, controlRules, either, finite, listOf, number, oneOf } from "../../core/rules.js";
import { isUnscaled, storedOfValue, type ValueScale, valueOfStored } from "../../core/value_scale.js";
import { roundHalfAway } from "../value/value_round.js";

/**
 * How voxels between voxels are made. `nearest` takes the nearest, halves upward: for labels. `linear`,
 * `catmull-rom` (cubic convolution, a = -0.5), and `lanczos3` (windowed sinc, 6 taps, weights normalized)
 * pass through the voxels; `b-spline` is the cubic spline through them (recursive prefilter). The last three
 * overshoot at edges.
 */
export type ResampleKernel = "nearest" | "linear" | "catmull-rom" | "b-spline" | "lanczos3";

/**
 * What of the source the voxels of the result keep. `origin`: the center of voxel 0 (ITK, SimpleITK).
 * `edges`: the outer edges of the outermost voxels (textures; PyTorch's `align_corners: false`). `corners`:
 * the centers of the corner voxels (`scipy.ndimage.zoom`; PyTorch's `align_corners: true`).
 */
export type GridAlignment = "origin" | "edges" | "corners";

/**
 * What lies outside the volume, which ends half a voxel behind its outermost voxel centers. `clamp`: what is
 * found at the border goes on for ever. `constantHu`: that value (a whole HU of int16; of a scaled record its
 * nearest step), not blended with the border (as ITK's default pixel). Within the last half voxel border
 * voxels are repeated; for `b-spline` voxels are mirrored, as ITK does.
 */
export type Border = "clamp" | { readonly constantHu: number };

/**
 * The grid to resample to: by spacing or by size, of the same extent and direction as the source; or any
 * other.
 */
export type ResampleTarget =
  | {
      /** Output spacing in mm: one number for cubes, or x, y, z. */
      readonly spacingMm: number | Vec3;
      /** "origin" by default. */
      readonly align?: GridAlignment;
      readonly size?: never;
      readonly onto?: never;
    }
  | {
      /** Voxels along x, y, z. */
      readonly size: Vec3;
      /** "origin" by default. */
      readonly align?: GridAlignment;
      readonly spacingMm?: never;
      readonly onto?: never;
    }
  | {
      /** Another volume's grid, or any other: turned, flipped, moved. */
      readonly onto: Grid;
      readonly align?: never;
      readonly spacingMm?: never;
      readonly size?: never;
    };

/** Options of resample: where the new voxels lie, and how their values are made. */
export type ResampleOptions = ResampleTarget & {
  /** "linear" by default. */
  readonly kernel?: ResampleKernel;
  /**
   * Low-pass filtering along axes that shrink, so that what the result cannot hold does not turn into
   * patterns. On by default; never for `nearest`. Along the axes of the volume `linear`, `catmull-rom` and
   * `lanczos3` are stretched by the ratio of spacings, as Pillow's and PyTorch's antialiased resizing are:
   * the kernel stays itself and the cost one table. `b-spline`, which cannot be stretched through its
   * prefilter, and every kernel on a turned grid are preceded by a Gaussian, sigma² = (ratio² - 1) / (8 ln 2)
   * voxels², which makes the old point spread the new one (Cardoso and others, MICCAI 2015). `false` samples
   * plainly, as ITK, SimpleITK and scipy do.
   */
  readonly antialias?: boolean;
  /** "clamp" by default. */
  readonly border?: Border;
  /**
   * "integer": `linear` in fixed point alone, which gives the same bits on every device there is; f32, the
   * default, may differ by 1 HU where a device fuses multiplications with additions. Before rounding within 3
   * (2^-9 + D 2^-22) HU of exact arithmetic, D being the largest difference between voxels: 0.009 HU for HU
   * within +-2048, 0.053 for all of int16. Along the volume's own axes, with a result that stays within a
   * constant border, and without antialiasing where an axis shrinks: for all else `invalid-option`.
   * `nearest`, and what moves voxels by whole voxels, is integer anyway.
   */
  readonly exact?: "integer";
  /**
   * 12 numbers, rows of [A | t]: takes a position of the result in mm (LPS) to the position in the source
   * whose value it gets, as the transform of ITK's resample filter. Identity by default.
   */
  readonly transform?: readonly number[];
};

const triple = /* @__PURE__ */ listOf(number, "3 numbers", 3);

/** Options that had another name before 1.0. */
const formerOptions = {
  grid: /* @__PURE__ */ Object.assign((): undefined => undefined, { renamedTo: "align" }),
};
const alignments = /* @__PURE__ */ oneOf("origin", "edges", "corners");
/** What the alignments were called before 1.0, as values of an option `grid`. */
const formerNames = { O: "origin", E: "edges", C: "corners" } as const satisfies Record<
  string,
  GridAlignment
>;

export const alignRule: Rule = (value) =>
  typeof value === "string" && Object.hasOwn(formerNames, value)
    ? `"${formerNames[value as keyof typeof formerNames]}", as "${value}" is called now`
    : alignments(value);

/** Where one of them decides, the numbers are judged by the grid that they are to make. */
export const targetRules: RulesOf<ResampleTarget & Control> = {
  ...controlRules,
  spacingMm: /* @__PURE__ */ either(number, triple),
  size: triple,
  align: alignRule,
  ...formerOptions,
  onto: anything,
};

export const transformRule = /* @__PURE__ */ listOf(finite, "12 finite numbers", 12);

export const borderRule: Rule = (value) =>
  value === "clamp" || isConstant(value) ? undefined : '"clamp" or { constantHu: a number }';

export const resampleRules: RulesOf<ResampleOptions & Control> = {
  ...targetRules,
  kernel: /* @__PURE__ */ oneOf("nearest", "linear", "catmull-rom", "b-spline", "lanczos3"),
  antialias: boolean,
  border: borderRule,
  exact: /* @__PURE__ */ oneOf("integer"),
  transform: transformRule,
};

function isConstant(border: unknown): boolean {
  const { constantHu } = (border ?? {}) as { readonly constantHu?: unknown };
  return Number.isFinite(constantHu);
}

/**
 * The options as the record has them: a constant border in stored values.
 * @throws HounsfieldError `invalid-option` where the record cannot hold it
 */
export function storedBorder<T extends { readonly border?: Border }>(
  of: string,
  options: T,
  values: ValueScale,
): T {
  const { border } = options;
  if (border === undefined || border === "clamp") return options;
  const { constantHu: value } = border;
  const stored = isUnscaled(values) ? value : roundHalfAway(storedOfValue(values, value));
  if (Number.isInteger(stored) && Math.abs(stored + 0.5) < 32768)
    return { ...options, border: { constantHu: stored } };
  const accepted = isUnscaled(values)
    ? '"clamp" or { constantHu: a whole number of int16 }'
    : `"clamp" or { constantHu: ${valueOfStored(values, -32768)} to ${valueOfStored(values, 32767)} }`;
  throw invalidOption(of, "border", border, accepted);
}

/**
 * The options that are not a grid, complete.
 * @throws HounsfieldError `invalid-option`
 */
export function checkSampling({
  kernel = "linear",
  border = "clamp",
  antialias = true,
  exact,
}: ResampleOptions) {
  if (exact && kernel !== "linear" && kernel !== "nearest") {
    refuse('kernel with exact "integer"', kernel, ["linear", "nearest"]);
  }
  return { kernel, border, antialias: antialias && kernel !== "nearest", exact };
}

/** @throws HounsfieldError `invalid-option`, saying what was got and what is accepted */
export function refuse(option: string, got: unknown, accepted: unknown): never {
  throw invalidOption("resample", option, got, accepted);
}
