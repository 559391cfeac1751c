import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOBES } from "../../cohort/covid_ct_md/read_labels.js";
import type { LungDensity } from "../../recipes/lung_mask/density.js";
import type { StudyReport } from "./study_report.js";

/** The reports of all studies in a cohort's folder, by the order of their names. */
export function readReports(out: string): StudyReport[] {
  const folders = readdirSync(out, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith("."),
  );
  return folders
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(out, name, "report.json"), "utf8")) as StudyReport];
      } catch {
        return [];
      }
    });
}

type Cell = string | number | boolean | undefined;

/** Quoted where it must be (RFC 4180); numbers to the sixth decimal; nothing for what is unknown. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    const text = typeof value === "number" ? numberText(value) : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\n`).join("");
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(6))) : "";
}

/** `studies.jsonl`: each report without its slices, on a line of its own. */
export function studiesJsonl(reports: readonly StudyReport[]): string {
  return reports.map(({ slices: _, ...report }) => `${JSON.stringify(report)}\n`).join("");
}

const studyColumns: readonly (readonly [string, (report: StudyReport) => Cell])[] = [
  ["study", ({ study }) => study],
  ["status", ({ status }) => status],
  ["error", ({ error }) => error?.code],
  ["allow", ({ error }) => error?.allow?.join(" ")],
  ["diagnosis", ({ labels }) => labels?.diagnosis],
  ["images", ({ series }) => series?.images],
  ["size_xyz", ({ geometry }) => geometry?.sizeXyz.join(" ")],
  ["spacing_xyz_mm", ({ geometry }) => geometry?.spacingXyzMm.join(" ")],
  ["resampled_size_xyz", ({ resampledGeometry }) => resampledGeometry?.sizeXyz.join(" ")],
  ["units", ({ series }) => series?.units],
  ["slope", ({ values }) => values?.slope],
  ["intercept", ({ values }) => values?.intercept],
  ["ordering", ({ series }) => series?.ordering],
  ["transfer_syntax", ({ series }) => series?.transferSyntaxes.join(" ")],
  ["manufacturer", ({ acquisition }) => acquisition?.manufacturer],
  ["model", ({ acquisition }) => acquisition?.model],
  ["kernel", ({ acquisition }) => acquisition?.kernel],
  ["kvp", ({ acquisition }) => acquisition?.kvp],
  ["tube_current_ma_min", ({ acquisition }) => acquisition?.tubeCurrentMa?.min],
  ["tube_current_ma_mean", ({ acquisition }) => acquisition?.tubeCurrentMa?.mean],
  ["tube_current_ma_max", ({ acquisition }) => acquisition?.tubeCurrentMa?.max],
  ["slice_thickness_mm", ({ acquisition }) => acquisition?.sliceThicknessMm],
  ["pitch", ({ acquisition }) => acquisition?.pitch],
  ["lungs", ({ lungs }) => lungs?.verdict],
  ["right_lung_ml", (report) => judged(report)?.right.ml],
  ["left_lung_ml", (report) => judged(report)?.left.ml],
  ["airways_ml", (report) => judged(report)?.airwaysMl],
  ["lung_mean_hu", (report) => densityOf(report)?.meanHu],
  ["laa950_percent", (report) => densityOf(report)?.laa950Percent],
  ["from_700_to_500_percent", (report) => densityOf(report)?.from700To500Percent],
  ["above_500_percent", (report) => densityOf(report)?.above500Percent],
  ["input_files", ({ inputs }) => inputs?.files],
  ["input_bytes", ({ inputs }) => inputs?.bytes],
  ["input_sha256", ({ inputs }) => inputs?.sha256],
  ["diagnostics", ({ diagnostics }) => Object.keys(diagnostics ?? {}).join(" ")],
];

function judged({ lungs }: StudyReport) {
  return lungs?.verdict === "no-lungs" || lungs?.verdict === "not-judged" ? undefined : lungs;
}

function densityOf(report: StudyReport): LungDensity | undefined {
  return judged(report)?.density;
}

/** `studies.csv`: a row a study. */
export function studiesCsv(reports: readonly StudyReport[]): string {
  const head = studyColumns.map(([name]) => name);
  return csv([head, ...reports.map((report) => studyColumns.map(([, value]) => value(report)))]);
}

/** `slices.csv`: a row for each slice of each output, with the radiologists' labels where there are any. */
export function slicesCsv(reports: readonly StudyReport[]): string {
  const head = [
    "study",
    "output",
    "z",
    "location_mm",
    "image",
    "measured",
    "label_column",
    "infected",
    ...LOBES,
  ];
  const rows = reports.flatMap(({ study, slices = [] }) =>
    slices.map(({ output, z, locationMm, image, measured, column, infected, lobes }): Cell[] => [
      study,
      output,
      z,
      locationMm,
      image,
      flag(measured),
      column,
      flag(infected),
      ...LOBES.map((lobe) => flag(lobes?.includes(lobe))),
    ]),
  );
  return csv([head, ...rows]);
}

function flag(value: boolean | undefined): Cell {
  return value === undefined ? undefined : Number(value);
}
