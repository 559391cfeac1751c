import { LOBES } from "../../../cohort/covid_ct_md/read_labels.js";
import { csv } from "../manifest.js";
import type { DataSetStatistics } from "./data_set_statistics.js";
import type { Summary } from "./summary.js";

const MEASURES = ["ageYears", "tubeCurrentMa", "kvp", "exposureTimeMs", "effectiveMas", "pitch"] as const;
const PARTS = ["mean", "standardDeviation", "min", "max"] as const;

/** A row a way and group. */
export function patientsCsv({ asPublished, perSlice }: DataSetStatistics): string {
  const head = [
    ...["way", "group", "patients", "male", "female", "images"],
    ...MEASURES.flatMap((measure) => PARTS.map((part) => snake(measure, part))),
  ];
  const rows = [
    ...asPublished.patients.map((line) => ["as-published", line] as const),
    ...perSlice.patients.map((line) => ["per-slice", line] as const),
  ].map(([way, line]) => [
    ...[way, line.group, line.patients, line.male, line.female, line.images],
    ...MEASURES.flatMap((measure) => partsOf(line[measure])),
  ]);
  return csv([head, ...rows]);
}

/** A row a way and diagnosis. */
export function labelsCsv({ asPublished, perSlice }: DataSetStatistics): string {
  const head = [
    ...["way", "group", "labeled_patients", "infected_slices"],
    ...LOBES.map((lobe) => `infected_slices_${lobe}`),
    ...["patients", "clean_slices", ...PARTS.map((part) => snake("infectionRatio", part))],
    ...LOBES.map((lobe) => `mean_ratio_${lobe}`),
  ];
  const rows = [
    ...(asPublished.labels ?? []).map((line) => ["as-published", line] as const),
    ...(perSlice.labels ?? []).map((line) => ["per-slice", line] as const),
  ].map(([way, line]) => [
    ...[way, line.group, line.labeledPatients, line.infectedSlices],
    ...LOBES.map((lobe) => line.infectedSlicesByLobe[lobe]),
    ...[line.patients, line.cleanSlices, ...partsOf(line.infectionRatio)],
    ...LOBES.map((lobe) => line.meanRatioByLobe?.[lobe]),
  ]);
  return csv([head, ...rows]);
}

function partsOf(summary: Summary | undefined): (number | undefined)[] {
  return PARTS.map((part) => summary?.[part]);
}

/** "tubeCurrentMa", "mean": "tube_current_ma_mean". */
function snake(...names: readonly string[]): string {
  return names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).join("_");
}
