import { LOBES } from "../../../cohort/covid_ct_md/read_labels.js";
import { GROUPS, type Group } from "../stats/groups.js";
import type { LabeledFacts, LabelLine } from "../stats/label_table.js";
import type { PatientLine, PatientNumbers } from "../stats/patient_table.js";
import type { PatientFacts } from "../stats/read_patients.js";
import { barChart, histogramOf } from "./bars.js";
import { boxChart, type Samples } from "./box.js";
import { violinChart } from "./violin.js";

/** What the figures show. */
export interface FigureData {
  readonly patients: readonly PatientFacts[];
  /** One for each patient. */
  readonly numbers: readonly PatientNumbers[];
  readonly lines: readonly PatientLine[];
  readonly labeled: readonly LabeledFacts[];
  readonly labelLines: readonly LabelLine[];
}

/** Intervals of the histogram, as in the published figure. */
const INTERVALS = 8;

/** The figures of the data set's paper as SVG, by file name; those of labels where any patient has some. */
export function figuresOf(data: FigureData): ReadonlyMap<string, string> {
  const { lines } = data;
  const groups = lines.filter(({ group }) => group !== "Total");
  const figures = new Map<string, string>([
    [
      "exposure.svg",
      violinChart(
        { title: "Effective exposure of each patient, mean of all slices", valueLabel: "mAs" },
        samplesOf(data, ({ effectiveMas }) => effectiveMas),
      ),
    ],
    [
      "patients.svg",
      barChart(
        { title: "Patients by group and sex", valueLabel: "patients" },
        {
          groups: groups.map(({ group }) => group),
          series: [
            { name: "male", values: groups.map(({ male }) => male) },
            { name: "female", values: groups.map(({ female }) => female) },
          ],
        },
        String,
      ),
    ],
    [
      "age.svg",
      boxChart(
        { title: "Age by group", valueLabel: "years" },
        samplesOf(data, ({ ageYears }) => ageYears),
      ),
    ],
  ]);
  for (const [name, figure] of labelFigures(data)) figures.set(name, figure);
  return figures;
}

function samplesOf(
  { patients, numbers }: FigureData,
  of: (numbers: PatientNumbers) => number | undefined,
): Samples {
  return GROUPS.flatMap((group): Samples => {
    const values = patients.flatMap((patient, i) => (patient.group === group ? [of(numbers[i])] : []));
    return values.length === 0 ? [] : [[group, values.filter((value) => value !== undefined)]];
  });
}

function labelFigures({ labeled, labelLines }: FigureData): readonly (readonly [string, string])[] {
  const lines = labelLines.filter(({ group, patients }) => group !== "Total" && patients > 0);
  if (lines.length === 0) return [];
  const ratios = (group: LabelLine["group"]) =>
    labeled.flatMap((one) =>
      one.group === group && one.images !== undefined ? [one.infected / one.images] : [],
    );
  const samples: Samples = lines.map(({ group }) => [group as Group, ratios(group)]);
  const series = samples.map(([name, values]) => ({ name, values }));
  return [
    [
      "infection-ratio-histogram.svg",
      barChart(
        {
          title: "Infected slices over all slices of a patient",
          valueLabel: "patients",
          groupLabel: "infection ratio, middle of the interval",
        },
        histogramOf(series, INTERVALS, 1),
      ),
    ],
    [
      "infection-ratio.svg",
      boxChart({ title: "Infected slices over all slices of a patient", valueLabel: "ratio" }, samples),
    ],
    [
      "lobes.svg",
      barChart(
        { title: "Slices with infection in each lobe, mean of the patients", valueLabel: "ratio" },
        {
          groups: [...LOBES],
          series: lines.map(({ group, meanRatioByLobe }) => ({
            name: group,
            values: LOBES.map((lobe) => meanRatioByLobe?.[lobe] ?? 0),
          })),
        },
      ),
    ],
  ];
}
