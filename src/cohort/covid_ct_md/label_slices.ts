import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import { checkArgument, type Rule } from "../../core/options.js";
import { text } from "../../core/rules.js";
import type { SliceHeader } from "../../dicom/image/slice_header.js";
import type { Series } from "../../dicom/series/list_series.js";
import { checkSeries } from "../../volume/check_argument.js";
import type { LabeledPatient } from "./index_csv.js";
import { patientKey, patientsInPath } from "./patient_id.js";
import { type CovidCtMdLabels, type LabelVersion, LOBES, type Lobe } from "./read_labels.js";

/** What the radiologists said of one slice. */
export interface LabeledSlice {
  readonly file: string;
  readonly sliceLocationMm: number;
  readonly infected: boolean;
  /** The lobes with infection in this slice. */
  readonly lobes: readonly Lobe[];
  /**
   * Column of the label arrays: 0 is the highest Slice Location. For provenance; the order here is the
   * volume's.
   */
  readonly column: number;
}

/** The labels of one patient's slices. */
export interface PatientLabels {
  readonly patient: string;
  readonly diagnosis: string;
  readonly version: LabelVersion;
  /** Row of the label arrays. */
  readonly row: number;
  /**
   * One for each slice of the volume, in its order: `slices[k]` is of `series.slices[k]`, which is voxel
   * slice k.
   */
  readonly slices: readonly LabeledSlice[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The labels of a series of COVID-CT-MD, slice by slice of its volume. Columns are matched by Slice Location,
 * highest first, whatever order the series has: for one that ascends, slice k has column `slices - 1 - k`.
 * @param patient its id, or a path that holds it ("CAP subjects/cap001"); where it is left out, the folders
 * of the slices' names tell
 * @throws HounsfieldError `unknown-patient`; `labels-mismatch` where labels cannot be brought to the slices:
 * a label beyond the last slice, more slices than columns, a slice without Slice Location, two at one, a
 * volume that is not slice for slice what was measured
 */
export function labelSlices(labels: CovidCtMdLabels, series: Series, patient?: string): PatientLabels {
  checkArgument("labelSlices", "labels", labels, labelsRule);
  checkSeries("labelSlices", series);
  if (patient !== undefined) checkArgument("labelSlices", "patient", patient, text);
  const { id, diagnosis, row } = findPatient(labels, series, patient);
  const { slices } = series;
  if (series.resampling || series.grid.size[2] !== slices.length) {
    const message = `${id}: the volume has ${series.grid.size[2]} slices made of ${slices.length} images, not one of each; labels are of images`;
    throw mismatch(message, series.grid.size[2], slices.length);
  }
  const columns = columnsOf(slices, id);
  refuseLabelsBeyond(labels, row, slices.length, id);
  return {
    patient: id,
    diagnosis,
    version: labels.version,
    row,
    slices: slices.map(({ source, sliceLocation }, k) => ({
      file: source.name,
      sliceLocationMm: sliceLocation!,
      ...labelAt(labels, row, columns[k]),
    })),
    diagnostics: instanceNumberDiagnostics(slices, columns, id),
  };
}

const labelsRule: Rule = (value) => {
  const { patients, slices, lobes } = (value ?? {}) as Partial<CovidCtMdLabels>;
  return Array.isArray(patients) && slices && lobes
    ? undefined
    : "labels, as readCovidCtMdLabels resolves to";
};

/** @throws HounsfieldError `unknown-patient`, `labels-mismatch` */
function findPatient(labels: CovidCtMdLabels, { slices }: Series, given?: string): LabeledPatient {
  const named = [
    ...new Set(slices.flatMap(({ source }) => patientsInPath(source.name).slice(0, 1)).map(patientKey)),
  ];
  const asked = given === undefined ? undefined : (patientsInPath(given)[0] ?? idOf(given));
  if (named.length > 1 || (asked !== undefined && named.length === 1 && named[0] !== patientKey(asked))) {
    const got = asked === undefined ? named : [...new Set([...named, patientKey(asked)])];
    throw mismatch(`the slices are of several patients: ${got.join(", ")}`, got, "one patient");
  }
  const id = asked ?? named[0];
  const found =
    id === undefined ? undefined : labels.patients.find((one) => patientKey(one.id) === patientKey(id));
  if (found) return found;
  const accepted = labels.patients.map((one) => one.id);
  const range = `${accepted.length} patients have labels: ${shortList(accepted)}`;
  const message =
    id === undefined
      ? `no folder of the slices is called after a patient; ${range}`
      : `no labels for patient "${id}"; ${range}`;
  throw new HounsfieldError("unknown-patient", message, { got: id, accepted });
}

/** What is no path is meant as an id, even where no patient is called so. */
function idOf(given: string): string | undefined {
  return /[/\\]/.test(given) ? undefined : given;
}

/** The label column of each slice: its rank from the highest Slice Location down. */
function columnsOf(slices: readonly SliceHeader[], id: string): number[] {
  const bare = slices.find(({ sliceLocation }) => sliceLocation === undefined);
  if (bare) {
    const file = bare.source.name;
    const message = `${id}: ${file} has no Slice Location, by which labels are matched`;
    throw new HounsfieldError("labels-mismatch", message, { file, tag: "(0020,1041)" });
  }
  const descending = slices.map((slice, k) => ({ k, at: slice.sliceLocation! })).sort((a, b) => b.at - a.at);
  const columns = new Array<number>(slices.length);
  descending.forEach(({ k, at }, column) => {
    columns[k] = column;
    if (column > 0 && descending[column - 1].at === at) {
      const [file, other] = [slices[k].source.name, slices[descending[column - 1].k].source.name];
      const message = `${id}: ${file} has the same Slice Location as ${other}, ${at} mm, so their labels are not known apart`;
      throw new HounsfieldError("labels-mismatch", message, { file, tag: "(0020,1041)", got: at });
    }
  });
  return columns;
}

function refuseLabelsBeyond(labels: CovidCtMdLabels, row: number, count: number, id: string): void {
  const ofPatient = labels.slices.subarray(row * labels.columns, (row + 1) * labels.columns);
  if (count > labels.columns) {
    throw mismatch(
      `${id}: has ${count} slices; the label arrays have ${labels.columns} columns`,
      count,
      labels.columns,
    );
  }
  const last = ofPatient.lastIndexOf(1);
  if (last < count) return;
  const message = `${id}: column ${last} is labeled, but there are only ${count} slices: some are missing, or the patient is another`;
  throw mismatch(message, last + 1, count);
}

function labelAt({ slices, lobes, columns }: CovidCtMdLabels, row: number, column: number) {
  const at = row * columns + column;
  const infected = slices[at] === 1;
  return { infected, lobes: LOBES.filter((_, lobe) => lobes[at * LOBES.length + lobe] === 1), column };
}

/**
 * In this data set Instance Number counts from the head, so it is the column plus 1. Where it is not, slices
 * may be missing at an end, which nothing else would show, and all labels be shifted.
 */
function instanceNumberDiagnostics(
  slices: readonly SliceHeader[],
  columns: readonly number[],
  id: string,
): Diagnostic[] {
  const odd = slices.filter(
    ({ instanceNumber }, k) => instanceNumber !== undefined && instanceNumber !== columns[k] + 1,
  );
  if (odd.length === 0) return [];
  const [{ source, instanceNumber }] = odd;
  const column = columns[slices.indexOf(odd[0])];
  const message = `${id}: Instance Number is not the label column plus 1 in ${odd.length} of ${slices.length} slices (${source.name}: number ${instanceNumber}, column ${column}); if slices are missing at an end, the labels are shifted`;
  return [{ severity: "warning", code: "instance-numbers-disagree", message, files: [source.name] }];
}

function shortList(ids: readonly string[]): string {
  return ids.length <= 6 ? ids.join(", ") : `${ids.slice(0, 3).join(", ")} ... ${ids.slice(-2).join(", ")}`;
}

function mismatch(message: string, got: unknown, accepted: unknown): HounsfieldError {
  return new HounsfieldError("labels-mismatch", message, { got, accepted });
}
