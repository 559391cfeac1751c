import { resolve } from "node:path";
import { labelSlices, type PatientLabels } from "../../cohort/covid_ct_md/label_slices.js";
import { patientKey, patientsInPath } from "../../cohort/covid_ct_md/patient_id.js";
import { type LabelVersion, LOBES, readCovidCtMdLabels } from "../../cohort/covid_ct_md/read_labels.js";
import type { Control } from "../../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { RefusedSeries, Series } from "../../dicom/series/list_series.js";
import { openSources } from "../open_sources.js";
import { table } from "./table.js";

export interface AskedLabels {
  /** Where Index.csv and the arrays are. */
  readonly folder: string;
  readonly version: LabelVersion;
  readonly patient?: string;
  /** The paths of the study, whose folders may tell the patient. */
  readonly study: readonly string[];
}

/** The labels of one series, with the slice numbers of the volume. */
export interface FoundLabels extends PatientLabels {
  readonly infectedSlices: readonly number[];
}

/** Why a series among several has no labels: most patients of the data set have none. */
export interface NoLabels {
  readonly code: "unknown-patient" | "labels-mismatch";
  readonly message: string;
}

/** The labels of one of several series, or why it has none. */
export function labelsOrReason<T>(of: () => T): T | NoLabels {
  try {
    return of();
  } catch (error) {
    if (!isHounsfieldError(error, "unknown-patient", "labels-mismatch")) throw error;
    return { code: error.code, message: error.message };
  }
}

export function hasLabels(labels: FoundLabels | NoLabels): labels is FoundLabels {
  return "row" in labels;
}

/** Reads the label files; what it resolves to gives those of a series, and none of what is no volume. */
export async function readLabels(asked: AskedLabels, control: Control) {
  const sources = await openSources(asked.folder, control);
  const labels = await readCovidCtMdLabels(sources, { version: asked.version });
  return (series: Series | RefusedSeries): FoundLabels | undefined => {
    if (series.refusal || series.role !== "stack") return undefined;
    const found = labelSlices(labels, series, patientOf(asked, series));
    return { ...found, infectedSlices: found.slices.flatMap(({ infected }, k) => (infected ? [k] : [])) };
  };
}

/**
 * The patient asked for, or whom the folders above the study name, where those in it tell nothing;
 * labelSlices looks at these itself.
 */
function patientOf({ patient, study }: AskedLabels, { slices }: Series): string | undefined {
  if (slices.some(({ source }) => patientsInPath(source.name).length > 0)) return patient;
  const [named] = study.flatMap((path) => patientsInPath(resolve(path)).slice(0, 1));
  if (patient === undefined || named === undefined || patientKey(named) === patientKey(patient)) {
    return patient ?? named;
  }
  const message = `the study is of ${named}, not of "${patient}": --patient is for folders that name nobody`;
  throw new HounsfieldError("labels-mismatch", message, { got: patient, accepted: named });
}

/** The labels in full, or the reason in a line. */
export function labelsText(labels: FoundLabels | NoLabels): string {
  return hasLabels(labels) ? labelTable(labels) : `labels: none (${labels.message}) [${labels.code}]\n`;
}

/** A line a slice: in the order of the volume, so that slice k here is slice k of volume.npy. */
function labelTable(labels: FoundLabels): string {
  const { patient, diagnosis, version, row, slices, infectedSlices, diagnostics } = labels;
  const lines = slices.map(({ file, sliceLocationMm, infected, lobes }, k) => [
    String(k),
    String(sliceLocationMm),
    infected ? "yes" : "-",
    lobes.join(" ") || "-",
    file,
  ]);
  const counts = LOBES.map((lobe) => ({
    lobe,
    count: slices.filter((one) => one.lobes.includes(lobe)).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ lobe, count }) => `${lobe} ${count}`);
  const where =
    infectedSlices.length === 0
      ? ""
      : `: ${runs(infectedSlices)}${counts.length > 0 ? `; ${counts.join(", ")}` : ""}`;
  const head = `labels of ${patient} (${diagnosis}), ${version}, row ${row}: ${infectedSlices.length} of ${slices.length} slices infected${where}\n`;
  const notes = diagnostics
    .map(({ severity, code, message }) => `${severity}: ${message} [${code}]\n`)
    .join("");
  return `${head}${notes}\n${table(["slice", "location mm", "infected", "lobes", "file"], lines, [0, 1])}`;
}

/** "3-5, 9" of 3, 4, 5, 9. */
function runs(numbers: readonly number[]): string {
  const starts = numbers.filter((number, i) => i === 0 || numbers[i - 1] !== number - 1);
  const ends = numbers.filter((number, i) => numbers[i + 1] !== number + 1);
  return starts.map((start, i) => (start === ends[i] ? String(start) : `${start}-${ends[i]}`)).join(", ");
}
