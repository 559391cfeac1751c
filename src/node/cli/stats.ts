import { readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { readCovidCtMdLabels } from "../../cohort/covid_ct_md/read_labels.js";
import { isHounsfieldError } from "../../core/errors.js";
import { figuresOf } from "../cohort/figures/figures.js";
import { findStudies } from "../cohort/find_studies.js";
import {
  type BothLabels,
  type DataSetStatistics,
  dataSetStatistics,
} from "../cohort/stats/data_set_statistics.js";
import type { LabelLine } from "../cohort/stats/label_table.js";
import type { PatientLine } from "../cohort/stats/patient_table.js";
import { type PatientFacts, readPatientFacts } from "../cohort/stats/read_patients.js";
import { labelsCsv, patientsCsv } from "../cohort/stats/stats_files.js";
import type { Summary } from "../cohort/stats/summary.js";
import { openSources } from "../open_sources.js";
import { onePositional, parse } from "./arguments.js";
import { exitCode } from "./exit_codes.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { table } from "./table.js";

/** A folder or archive of which nothing could be counted, and why. */
interface Unreadable {
  readonly study: string;
  readonly code: string;
}

/** `hounsfield stats DATASET [--labels DIR] [--out DIR]`: see help/stats.ts and docs/cohorts.md. */
export async function statsCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    labels: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean" },
  } as const);
  const dataSet = onePositional(positionals, "DATASET");
  const labels = await bothLabels(values.labels ?? folderWithLabels(dataSet), signal);
  const { patients, unreadable } = await readAll(dataSet, signal);
  const { statistics, numbers, labeled } = dataSetStatistics(patients, labels);
  if (values.out !== undefined) {
    const lines = statistics.perSlice.patients;
    const labelLines = statistics.perSlice.labels ?? [];
    const figures = figuresOf({ patients, numbers, lines, labeled, labelLines });
    await writeFiles(values.out, statistics, figures);
  }
  process.stdout.write(
    values.json ? `${JSON.stringify({ ...statistics, unreadable })}\n` : statisticsText(statistics),
  );
  return unreadable.length === 0 ? exitCode.done : exitCode.someRefused;
}

/** One after the other: a patient's headers are read with several reads under way. */
async function readAll(dataSet: string, signal: AbortSignal) {
  const places = findStudies(dataSet, "folder");
  const progress = progressLine();
  const patients: PatientFacts[] = [];
  const unreadable: Unreadable[] = [];
  for (const [i, place] of places.entries()) {
    signal.throwIfAborted();
    try {
      patients.push(await readPatientFacts(place, signal));
    } catch (error) {
      if (!isHounsfieldError(error)) throw error;
      unreadable.push({ study: place.id, code: error.code });
      process.stderr.write(`${place.id}: cannot be counted [${error.code}]\n`);
    }
    progress({ stage: "patients", done: i + 1, total: places.length });
  }
  return { patients, unreadable };
}

/** The data set's own folder, where it has the files of the labels. */
function folderWithLabels(dataSet: string): string | undefined {
  const folder = statSync(dataSet, { throwIfNoEntry: false })?.isFile() ? dirname(dataSet) : dataSet;
  try {
    return readdirSync(folder).some((name) => name.toLowerCase() === "index.csv") ? folder : undefined;
  } catch {
    // findStudies says what is wrong with it.
    return undefined;
  }
}

/** Of the folder's own files alone: there may be 50,000 images below it. */
async function bothLabels(folder: string | undefined, signal: AbortSignal): Promise<BothLabels | undefined> {
  if (folder === undefined) return undefined;
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(csv|npy)$/i.test(entry.name),
  );
  const sources = await openSources(
    files.map(({ name }) => `${folder}/${name}`),
    { signal },
  );
  const [original, updated] = await Promise.all([
    readCovidCtMdLabels(sources, { version: "original" }),
    readCovidCtMdLabels(sources, { version: "updated-1" }),
  ]);
  return { original, updated };
}

async function writeFiles(
  out: string,
  statistics: DataSetStatistics,
  figures: ReadonlyMap<string, string>,
): Promise<void> {
  const files = new Map([
    ["stats.json", `${JSON.stringify(statistics, null, 2)}\n`],
    ["patients.csv", patientsCsv(statistics)],
    ...(statistics.perSlice.labels ? [["labels.csv", labelsCsv(statistics)] as const] : []),
    ...figures,
  ]);
  const folder = new OutputFolder(out);
  try {
    for (const [name, text] of files) await folder.write(name, [Buffer.from(text)]);
    folder.publish();
  } finally {
    folder.discard();
  }
}

const WAYS = [
  ["perSlice", "All slices of each patient, corrected labels"],
  ["asPublished", "As published: the first file of each patient by name, original labels"],
] as const;

function statisticsText(statistics: DataSetStatistics): string {
  return WAYS.map(([way, title]) => {
    const { patients, labels } = statistics[way];
    return `\n${title}\n\n${patientText(patients)}${labels ? `\n${labelText(labels)}` : ""}`;
  }).join("");
}

function patientText(lines: readonly PatientLine[]): string {
  const head = ["group", "patients", "M", "F", "images", "age, years", "mA", "kVp", "ms", "mAs", "pitch"];
  const rows = lines.map((line) => [
    line.group,
    ...[line.patients, line.male, line.female, line.images].map(String),
    meanText(line.ageYears),
    ...[line.tubeCurrentMa, line.kvp, line.exposureTimeMs].map((summary) => rangeText(summary)),
    meanText(line.effectiveMas),
    rangeText(line.pitch, 2),
  ]);
  return table(head, rows, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

function labelText(lines: readonly LabelLine[]): string {
  const head = ["group", "labeled", "infected", "LLL", "LUL", "RLL", "RML", "RUL", "here", "clean", "ratio"];
  const rows = lines.map((line) => [
    line.group,
    ...[line.labeledPatients, line.infectedSlices, ...Object.values(line.infectedSlicesByLobe)].map(String),
    ...[line.patients, line.cleanSlices].map(String),
    rangeText(line.infectionRatio, 2),
  ]);
  return table(head, rows, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

/** Mean and standard deviation of the population. */
function meanText(summary: Summary | undefined): string {
  return summary ? `${summary.mean.toFixed(2)} ± ${summary.standardDeviation.toFixed(2)}` : "";
}

function rangeText(summary: Summary | undefined, digits = 0): string {
  if (!summary) return "";
  const [low, high] = [summary.min, summary.max].map((value) => value.toFixed(digits));
  return low === high ? low : `${low}-${high}`;
}
