import type { Control } from "../core/control.js";
import { checkOptions, invalidOption, type Rule } from "../core/options.js";
import {
  boolean,
  controlRules,
  count,
  listOf,
  notNegative,
  number,
  object,
  oneOf,
  positive,
  required,
  wholeWithin,
} from "../core/rules.js";
import { type HuWindow, windowFunction } from "../ops/value/window_slabs.js";
import { type LungMethod, lungMethods } from "./lung_mask.js";
import type { ArraySink, ValueDtype } from "./preprocess_outputs.js";
import { sliceScale } from "./slice_images.js";
import type { SlicePictures } from "./slices_output.js";

/** What to make of a series besides its volume; what is absent is not made. */
export interface PreprocessOptions {
  /**
   * Output spacing in mm of `resampled`, the grid aligned by "origin": plain linear, without antialiasing, so
   * that it equals ITK's.
   */
  readonly spacingMm?: number;
  /**
   * "integer": `resampled` has the same bits on every device, within 0.009 HU before rounding; see
   * `ResampleOptions.exact`. Goes with `spacingMm`.
   */
  readonly exact?: "integer";
  readonly window?: HuWindow;
  /** The method of `lungMask`. */
  readonly lungs?: LungMethod;
  readonly mip?: boolean;
  /**
   * Of `volume`, `resampled` and projections: "int16" by default, which `values` of the result scale;
   * "float32" are the values themselves.
   */
  readonly dtype?: ValueDtype;
  /** As `loadVolume` has it. */
  readonly clip?: boolean;
  /**
   * Only the box of both lungs and so many millimeters around them, of all that is on the last grid: the
   * resampled one where there is one, else the acquired one. Whole where no lungs are found. Goes with
   * `lungs`.
   */
  readonly crop?: { readonly marginMm: number };
  /** On the last grid, the value of all voxels outside of both lungs. Goes with `lungs`. */
  readonly outsideLungsHu?: number;
  /** `slices`: the slices as acquired, as pictures. */
  readonly slices?: SlicePictures;
  /** Arrays that are made on the way, but not given to the sink. */
  readonly omit?: readonly StepArray[];
}

/** Arrays that may be left out. */
export type StepArray = "volume" | "resampled" | "lungs";

/** Where the outputs of preprocess go. */
export interface PreprocessTarget {
  readonly sink: ArraySink;
}

/**
 * Gives the options back.
 * @throws HounsfieldError `invalid-option`: before a series is loaded, not after
 */
export function checkPreprocessing(
  given: PreprocessOptions & PreprocessTarget & Control,
): PreprocessOptions & PreprocessTarget & Control {
  const options = checkOptions("preprocess", given, {
    ...controlRules,
    sink: required(sinkRule),
    spacingMm: positive,
    exact: oneOf("integer"),
    window: object("preprocess window", { lowHu: required(number), highHu: required(number) }),
    lungs: oneOf(...lungMethods),
    mip: boolean,
    dtype: oneOf("int16", "float32"),
    clip: boolean,
    crop: object("preprocess crop", { marginMm: required(notNegative) }),
    outsideLungsHu: wholeWithin(-32768, 32767),
    slices: object<SlicePictures>("preprocess slices", {
      sizePx: required(count),
      scale: required(sliceScale),
      order: oneOf("ascending", "descending"),
      masked: boolean,
    }),
    omit: listOf(oneOf("volume", "resampled", "lungs"), '"volume", "resampled" and "lungs"'),
  });
  if (options.window) windowFunction(options.window);
  if (options.exact && options.spacingMm === undefined)
    throw invalidOption("preprocess", "exact", options.exact, "only beside spacingMm");
  const { crop, outsideLungsHu, slices } = options;
  const ofLungs = { crop, outsideLungsHu, "slices.masked": slices?.masked || undefined };
  for (const [name, value] of Object.entries(ofLungs))
    if (value !== undefined && !options.lungs)
      throw invalidOption("preprocess", name, value, "only beside lungs");
  if (slices?.masked && options.spacingMm !== undefined)
    throw invalidOption(
      "preprocess",
      "slices.masked",
      true,
      "only without spacingMm: on the slices as acquired",
    );
  return options;
}

const sinkRule: Rule = (value) => {
  const { array, image } = (value ?? {}) as Partial<ArraySink>;
  return typeof array === "function" && typeof image === "function"
    ? undefined
    : "an object with the functions array and image";
};
