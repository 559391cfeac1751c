import { createHash } from "node:crypto";
import { fileSuffix } from "../cli/array_formats.js";
import type { Recipe, RecipeFormat } from "./recipe.js";
import type { StudyReport } from "./study_report.js";

/** Lists that trainers read in place of folders of their own making. */
export const trainingLists = ["monai", "nnunet"] as const;
export type TrainingList = (typeof trainingLists)[number];

/** Folds of the datalist: a fifth is left out at a time, as nnU-Net and Auto3DSeg have it by default. */
const FOLDS = 5;

/** Those with geometry first: the one that trainers read best. */
const preferred = ["nifti", "nii", "nrrd", "mha", "npy"] as const satisfies readonly RecipeFormat[];

interface TrainingPair {
  readonly study: string;
  readonly stratum: string;
  readonly image: string;
  readonly label?: string;
}

/**
 * MONAI's datalist (`datafold_read`, Auto3DSeg): the image of each study, its lung labels where there are
 * any, and a fold. Folds are dealt within each diagnosis, in an order that depends on the studies' names
 * alone: a study more moves no more than its own diagnosis. A study is taken for a patient.
 */
export function monaiDatalist(reports: readonly StudyReport[], recipe: Recipe): string {
  const pairs = pairsOf(reports, recipe, ["windowed", "resampled", "volume"]);
  const strata = new Map<string, TrainingPair[]>();
  for (const pair of pairs) strata.set(pair.stratum, [...(strata.get(pair.stratum) ?? []), pair]);
  const fold = new Map<string, number>();
  let dealt = 0;
  for (const stratum of [...strata.keys()].sort())
    for (const { study } of [...strata.get(stratum)!].sort(byHash)) fold.set(study, dealt++ % FOLDS);
  const training = pairs.map(({ study, image, label }) => ({ image, label, fold: fold.get(study) }));
  return json({ training, testing: [] });
}

/**
 * nnU-Net's dataset.json (version 2), which names the files where they are (`dataset`): values are HU, for
 * the channel's name, CT, has nnU-Net normalize them by itself. Without studies in which no lungs were found.
 */
export function nnunetDataset(reports: readonly StudyReport[], recipe: Recipe): string {
  const pairs = pairsOf(reports, recipe, ["resampled", "volume"]);
  const refined = { right_lung: 1, left_lung: 2, airways: 3 };
  return json({
    channel_names: { 0: "CT" },
    labels: { background: 0, ...(recipe.lungs === "refined" ? refined : { lungs: 1 }) },
    numTraining: pairs.length,
    file_ending: fileSuffix(formatOf(recipe), "volume"),
    dataset: Object.fromEntries(pairs.map(({ study, image, label }) => [study, { images: [image], label }])),
  });
}

/** Why a recipe cannot have a list; undefined where it can. */
export function listRefusal(list: TrainingList, recipe: Recipe): string | undefined {
  if (imageOf(recipe, ["windowed", "resampled", "volume"]) === undefined) return "beside an array of values";
  if (list === "monai") return undefined;
  if (!recipe.lungs || recipe.omit?.includes("lungs")) return "beside lungs, which are its labels";
  if (formatOf(recipe) === "npy") return 'beside formats of "nifti", "nii", "nrrd" or "mha"';
  // Labels of lungs are segmentations of their own in NRRD, by another suffix than the images.
  if (formatOf(recipe) === "nrrd") return 'beside formats of "nifti", "nii" or "mha": one suffix for all';
  return imageOf(recipe, ["resampled", "volume"]) === undefined
    ? "beside an array of HU: nnU-Net windows by itself"
    : undefined;
}

type ImageName = "windowed" | "resampled" | "volume";

function pairsOf(
  reports: readonly StudyReport[],
  recipe: Recipe,
  names: readonly ImageName[],
): TrainingPair[] {
  const image = imageOf(recipe, names)!;
  const isLabeled = recipe.lungs !== undefined && !recipe.omit?.includes("lungs");
  return reports
    .filter(({ status, lungs }) => status === "done" && !(isLabeled && lungs?.verdict === "no-lungs"))
    .map(({ study, labels }) => ({
      study,
      stratum: labels?.diagnosis ?? "",
      image: `${study}/${fileName(recipe, image)}`,
      ...(isLabeled && { label: `${study}/${fileName(recipe, "lungs")}` }),
    }));
}

/** The last that is written of the arrays that have values. */
function imageOf(
  { window, spacingMm, omit = [] }: Recipe,
  names: readonly ImageName[],
): ImageName | undefined {
  const isWritten = {
    windowed: window !== undefined,
    resampled: spacingMm !== undefined && !omit.includes("resampled"),
    // On the grid as acquired, where labels lie only if nothing is resampled.
    volume: spacingMm === undefined && !omit.includes("volume"),
  };
  return names.find((name) => isWritten[name]);
}

function formatOf({ formats = ["npy"] }: Recipe): RecipeFormat {
  return preferred.find((format) => formats.includes(format))!;
}

function fileName(recipe: Recipe, name: ImageName | "lungs"): string {
  return `${name}${fileSuffix(formatOf(recipe), name)}`;
}

function byHash(a: TrainingPair, b: TrainingPair): number {
  return hashOf(a) < hashOf(b) ? -1 : 1;
}

function hashOf({ study }: TrainingPair): string {
  return createHash("sha256").update(study).digest("hex");
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
