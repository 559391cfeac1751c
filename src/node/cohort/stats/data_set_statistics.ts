import type { CovidCtMdLabels } from "../../../cohort/covid_ct_md/read_labels.js";
import { type LabeledFacts, type LabelLine, labeledPatients, labelTable } from "./label_table.js";
import {
  type PatientLine,
  type PatientNumbers,
  patientTable,
  publishedNumbers,
  sliceNumbers,
} from "./patient_table.js";
import type { PatientFacts } from "./read_patients.js";

/** The statistics of a data set, computed in one way. */
export interface StatisticsTables {
  readonly patients: readonly PatientLine[];
  /** Absent where there are no labels. */
  readonly labels?: readonly LabelLine[];
}

/** Both ways. */
export interface DataSetStatistics {
  /** As the authors' script has it: one file a patient, original labels. */
  readonly asPublished: StatisticsTables;
  /** Of all slices, with corrected labels. */
  readonly perSlice: StatisticsTables;
}

/** Both versions of the labels, where there are any. */
export interface BothLabels {
  readonly original: CovidCtMdLabels;
  readonly updated: CovidCtMdLabels;
}

/** The tables of these patients, and what figures need beside them. */
export function dataSetStatistics(patients: readonly PatientFacts[], labels: BothLabels | undefined) {
  const numbers: readonly PatientNumbers[] = sliceNumbers(patients);
  const labeled: readonly LabeledFacts[] = labels ? labeledPatients(labels.updated, patients) : [];
  const original = labels && labeledPatients(labels.original, patients);
  const statistics: DataSetStatistics = {
    asPublished: {
      patients: patientTable(patients, publishedNumbers(patients)),
      ...(original && { labels: labelTable(original) }),
    },
    perSlice: {
      patients: patientTable(patients, numbers),
      ...(labels && { labels: labelTable(labeled) }),
    },
  };
  return { statistics, numbers, labeled };
}
