import { createHash } from "node:crypto";
import type { ValueScale } from "../../core/value_scale.js";
import { version } from "../../core/version.js";
import { type AcquisitionParameters, acquisitionParametersOf } from "../../dicom/series/acquisition.js";
import type { Series } from "../../dicom/series/list_series.js";
import type { LungQuality } from "../../recipes/lung_mask/judge.js";
import type { PreprocessResult } from "../../recipes/preprocess.js";
import type { InputFile } from "../cli/hashed_inputs.js";
import type { WrittenFile } from "../cli/output_folder.js";
import { describeGrid } from "../cli/report.js";
import type { Recipe } from "./recipe.js";
import { type OutputSlices, type SliceRow, type StudyLabels, sliceRows } from "./slice_rows.js";

/**
 * `report.json` of a study of a cohort: the same bytes for the same inputs, recipe and version, whenever and
 * wherever it ran. It holds no UID, name, date, path or file name.
 */
export interface StudyReport {
  readonly hounsfield: string;
  readonly study: string;
  readonly status: "done" | "refused" | "crashed";
  readonly recipe: string;
  readonly error?: StudyError;
  readonly series?: {
    readonly modality?: string;
    readonly units: string;
    readonly images: number;
    readonly transferSyntaxes: readonly string[];
    readonly ordering: string;
  };
  readonly acquisition?: AcquisitionParameters;
  readonly geometry?: ReturnType<typeof describeGrid>;
  readonly resampledGeometry?: ReturnType<typeof describeGrid>;
  readonly values?: ValueScale;
  readonly diagnostics?: Readonly<Record<string, number>>;
  readonly statistics?: Readonly<Record<string, unknown>>;
  readonly lungs?: LungQuality;
  readonly labels?: { readonly diagnosis: string; readonly version: string };
  readonly slices?: readonly SliceRow[];
  readonly inputs?: { readonly files: number; readonly bytes: number; readonly sha256: string };
  readonly outputs: readonly WrittenFile[];
}

/** Why there are no arrays, without words, which may name files. */
export interface StudyError {
  readonly code: string;
  /** What the recipe's `allow` would have to name. */
  readonly allow?: readonly string[];
  /** Files that are damaged, which the recipe's `skipBroken` goes on without. */
  readonly broken?: true;
}

export interface StudyFacts {
  readonly study: string;
  readonly recipe: string;
  readonly series: Series;
  /** The recipe's pictures of slices. */
  readonly slices?: Recipe["slices"];
  readonly result: PreprocessResult;
  readonly statistics: Readonly<Record<string, unknown>>;
  readonly labels?: StudyLabels;
  readonly inputs: readonly InputFile[];
  readonly outputs: readonly WrittenFile[];
}

export function doneReport(facts: StudyFacts): StudyReport {
  const { series, result, labels } = facts;
  return {
    hounsfield: version,
    study: facts.study,
    status: "done",
    recipe: facts.recipe,
    series: {
      modality: series.modality,
      units: series.units,
      images: series.slices.length,
      transferSyntaxes: series.transferSyntaxes,
      ordering: series.ordering,
    },
    acquisition: acquisitionParametersOf(series.slices),
    geometry: describeGrid(result.grid),
    resampledGeometry: result.resampledGrid && describeGrid(result.resampledGrid),
    values: result.values,
    diagnostics: counted(series.diagnostics.map(({ code }) => code)),
    statistics: facts.statistics,
    lungs: result.lungQuality,
    labels: labels && { diagnosis: labels.diagnosis, version: labels.version },
    slices: sliceRows(series, slicesOf(facts), labels),
    inputs: {
      files: facts.inputs.length,
      bytes: facts.inputs.reduce((sum, { bytes }) => sum + bytes, 0),
      sha256: hashOfHashes(facts.inputs),
    },
    outputs: facts.outputs,
  };
}

/** A study of which no volume was made, and the code that says why; its message may name files. */
export function failedReport(
  study: string,
  recipe: string,
  status: "refused" | "crashed",
  error: StudyError,
): StudyReport {
  return { hounsfield: version, study, status, recipe, error, outputs: [] };
}

/** Of the outputs that there are: what is made of a resampled volume lies on its grid. */
function slicesOf({ series, slices, result, outputs }: StudyFacts): Readonly<Record<string, OutputSlices>> {
  const { grid, resampledGrid } = result;
  const hasVolume = outputs.some(({ file }) => file.startsWith("volume."));
  return {
    ...((hasVolume || !(resampledGrid || slices)) && { volume: { grid } }),
    ...(resampledGrid && { resampled: { grid: resampledGrid } }),
    ...(slices && { slices: { grid: series.grid, isDescending: slices.order === "descending" } }),
  };
}

/** Whatever the files are called and however they are ordered. */
function hashOfHashes(inputs: readonly InputFile[]): string {
  const hashes = inputs.map(({ sha256 }) => sha256 ?? "").sort();
  return createHash("sha256").update(hashes.join("\n")).digest("hex");
}

function counted(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of [...codes].sort()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
