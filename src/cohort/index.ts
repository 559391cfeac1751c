/** `hounsfield/cohort`: data sets of many patients. */
export type { LabelledPatient } from "./covid_ct_md/index_csv.js";
export { type LabelledSlice, labelSlices, type PatientLabels } from "./covid_ct_md/label_slices.js";
export {
  type CovidCtMdLabels,
  type LabelVersion,
  LOBES,
  type Lobe,
  readCovidCtMdLabels,
} from "./covid_ct_md/read_labels.js";
