import { createHash } from "node:crypto";
import type { Repair } from "../../core/error_codes.js";
import { checkOptions, invalidOption } from "../../core/options.js";
import {
  boolean,
  count,
  finite,
  listOf,
  notNegative,
  object,
  oneOf,
  positive,
  required,
  text,
  wholeWithin,
} from "../../core/rules.js";
import { REPAIRS } from "../../dicom/geometry/repairs.js";
import type { PreprocessOptions, StepArray } from "../../recipes/preprocess_options.js";
import { sliceScale } from "../../recipes/slice_images.js";
import type { FileFormat } from "../cli/array_formats.js";
import { listRefusal, type TrainingList, trainingLists } from "./training_lists.js";

/** What is made of every study: `recipes/recipe.schema.json` is this as a JSON schema. */
export interface Recipe {
  /** The version of the schema. */
  readonly version: 1;
  readonly name?: string;
  readonly spacingMm?: number;
  readonly exact?: "integer";
  readonly window?: { readonly lowHu: number; readonly highHu: number };
  readonly lungs?: "refined" | "threshold";
  readonly mip?: boolean;
  readonly dtype?: "int16" | "float32";
  /** Files of each array; ["npy"] by default. */
  readonly formats?: readonly RecipeFormat[];
  readonly clip?: boolean;
  /** Arrays that are steps to others and not wanted themselves. */
  readonly omit?: readonly StepArray[];
  /** As `preprocess` has them. */
  readonly crop?: PreprocessOptions["crop"];
  readonly outsideLungsHu?: number;
  readonly slices?: PreprocessOptions["slices"];
  /** Lists of images and labels for who trains on them. */
  readonly lists?: readonly TrainingList[];
  readonly allow?: readonly Repair[];
  readonly skipBroken?: boolean;
}

/** Of one file an array. A DICOM SEG carries the UIDs of its images, which a cohort's outputs do not. */
export const recipeFormats = ["npy", "nifti", "nii", "nrrd", "mha"] as const satisfies readonly FileFormat[];
export type RecipeFormat = (typeof recipeFormats)[number];

const rules = {
  version: required(oneOf(1)),
  name: text,
  spacingMm: positive,
  exact: oneOf("integer"),
  window: object("recipe window", { lowHu: required(finite), highHu: required(finite) }),
  lungs: oneOf("refined", "threshold"),
  mip: boolean,
  dtype: oneOf("int16", "float32"),
  formats: listOf(oneOf(...recipeFormats), recipeFormats.map((format) => `"${format}"`).join(", ")),
  clip: boolean,
  omit: listOf(oneOf("volume", "resampled", "lungs"), '"volume", "resampled" and "lungs"'),
  crop: object("recipe crop", { marginMm: required(notNegative) }),
  outsideLungsHu: wholeWithin(-32768, 32767),
  slices: object<NonNullable<Recipe["slices"]>>("recipe slices", {
    sizePx: required(count),
    scale: required(sliceScale),
    order: oneOf("ascending", "descending"),
    masked: boolean,
  }),
  lists: listOf(oneOf(...trainingLists), trainingLists.map((list) => `"${list}"`).join(", ")),
  allow: listOf(oneOf(...REPAIRS), `${REPAIRS.map((repair) => `"${repair}"`).join(", ")}`),
  skipBroken: boolean,
};

/**
 * The recipe that JSON holds.
 * @throws HounsfieldError `invalid-option` with the name of what is unknown or out of range
 */
export function checkRecipe(given: unknown): Recipe {
  const { $schema: _, ...recipe } = checkOptions<Recipe & { readonly $schema?: string }>(
    "recipe",
    given as Recipe,
    { ...rules, $schema: text },
  );
  for (const list of recipe.lists ?? []) {
    const refusal = listRefusal(list, recipe);
    if (refusal) throw invalidOption("recipe", "lists", [list], `"${list}" only ${refusal}`);
  }
  return recipe;
}

export function preprocessOptionsOf(recipe: Recipe): PreprocessOptions {
  const { spacingMm, exact, window, lungs, mip, dtype, clip, omit, crop, outsideLungsHu, slices } = recipe;
  const arrays = { spacingMm, exact, window, lungs, mip: mip ?? false, crop, outsideLungsHu, slices };
  return { ...arrays, dtype, clip, omit: omit ?? [] };
}

/** SHA-256 of the recipe whatever its spaces and the order of its keys; its name makes no difference. */
export function recipeHash({ name: _, ...recipe }: Recipe): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(recipe)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
