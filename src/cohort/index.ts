/** `hounsfield/cohort`: data sets of many patients. */

export type { ByteSource, Extent } from "../core/byte_source.js";
export type { Diagnostic } from "../core/diagnostic.js";
export type { Repair } from "../core/error_codes.js";
export type { Grid, Vec3 } from "../core/grid.js";
export type { ValueScale } from "../core/value_scale.js";
export type { VoiFunctionName, VoiWindow } from "../core/voi_window.js";
export type { ResampledSlice, Resampling } from "../dicom/geometry/regrid_plan.js";
export type { SliceSpacing } from "../dicom/geometry/slice_spacing.js";
export type { Ordering } from "../dicom/geometry/sort_slices.js";
export type {
  ImageHeader,
  ModalityLut,
  PixelDataLocation,
  SliceHeader,
} from "../dicom/image/slice_header.js";
export type { Series, SeriesSummary } from "../dicom/series/list_series.js";
export type { SeriesRole } from "../dicom/series/series_role.js";
export type { LabeledPatient } from "./covid_ct_md/index_csv.js";
export { type LabeledSlice, labelSlices, type PatientLabels } from "./covid_ct_md/label_slices.js";
export {
  type CovidCtMdLabels,
  type LabelVersion,
  LOBES,
  type Lobe,
  readCovidCtMdLabels,
} from "./covid_ct_md/read_labels.js";
