import { patientKey, patientsInPath } from "../../../cohort/covid_ct_md/patient_id.js";
import { type CovidCtMdLabels, LOBES, type Lobe } from "../../../cohort/covid_ct_md/read_labels.js";
import { type Group, groupOf } from "./groups.js";
import type { PatientFacts } from "./read_patients.js";
import { meanOf, type Summary, summaryOf } from "./summary.js";

/** What the radiologists' labels come to, of all labeled patients or of one diagnosis. */
export interface LabelLine {
  readonly group: "Total" | Group;
  /** With a row in the label arrays. */
  readonly labeledPatients: number;
  /** Of all labeled patients, whether their images are here or not. */
  readonly infectedSlices: number;
  readonly infectedSlicesByLobe: Readonly<Record<Lobe, number>>;
  /** Of those whose images are here. */
  readonly patients: number;
  readonly cleanSlices: number;
  /** Infected slices over all slices of a patient. */
  readonly infectionRatio?: Summary;
  /** Slices with infection in a lobe over all slices, the mean of the patients. */
  readonly meanRatioByLobe?: Readonly<Record<Lobe, number>>;
}

/** One labeled patient. */
export interface LabeledFacts {
  readonly group: Group;
  readonly infected: number;
  /** In the order of LOBES. */
  readonly byLobe: readonly number[];
  /** Absent where its images are not here. */
  readonly images?: number;
}

/** Each row of the label arrays, with the images of its patient where these are here. */
export function labeledPatients(labels: CovidCtMdLabels, patients: readonly PatientFacts[]): LabeledFacts[] {
  const keyOf = (folder: string) => patientKey(patientsInPath(folder)[0] ?? folder);
  const images = new Map(patients.map(({ folder, images }) => [keyOf(folder), images]));
  const { columns } = labels;
  return labels.patients.map(({ id, diagnosis, row }) => {
    const cells = labels.slices.subarray(row * columns, (row + 1) * columns);
    const lobes = labels.lobes.subarray(row * columns * LOBES.length, (row + 1) * columns * LOBES.length);
    return {
      group: groupOf(diagnosis),
      infected: cells.reduce((sum, cell) => sum + cell, 0),
      byLobe: LOBES.map((_, lobe) =>
        lobes.reduce((sum, cell, i) => sum + (i % LOBES.length === lobe ? cell : 0), 0),
      ),
      images: images.get(patientKey(id)),
    };
  });
}

/** A line for all, then one for each diagnosis. Slices of patients without labels are in none. */
export function labelTable(labeled: readonly LabeledFacts[]): LabelLine[] {
  const groups = [...new Set(labeled.map(({ group }) => group))];
  return [
    lineOf("Total", labeled),
    ...groups.map((group) =>
      lineOf(
        group,
        labeled.filter((one) => one.group === group),
      ),
    ),
  ];
}

function lineOf(group: LabelLine["group"], labeled: readonly LabeledFacts[]): LabelLine {
  const here = labeled.flatMap((one) => (one.images === undefined ? [] : [{ ...one, images: one.images }]));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const byLobe = (of: (lobe: number) => number) =>
    Object.fromEntries(LOBES.map((lobe, i) => [lobe, of(i)])) as Record<Lobe, number>;
  const infectionRatio = summaryOf(here.map(({ infected, images }) => infected / images));
  return {
    group,
    labeledPatients: labeled.length,
    infectedSlices: sum(labeled.map(({ infected }) => infected)),
    infectedSlicesByLobe: byLobe((i) => sum(labeled.map((one) => one.byLobe[i]))),
    patients: here.length,
    cleanSlices: sum(here.map(({ infected, images }) => images - infected)),
    ...(infectionRatio && {
      infectionRatio,
      meanRatioByLobe: byLobe((i) => meanOf(here.map((one) => one.byLobe[i] / one.images))),
    }),
  };
}
