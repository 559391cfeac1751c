import type { ByteSource } from "../../core/byte_source.js";
import { checkSources, readExactly } from "../../core/byte_source.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { oneOf } from "../../core/rules.js";
import { type NpyArray, parseNpy } from "../../formats/npy.js";
import { type LabeledPatient, parseIndexCsv } from "./index_csv.js";

/**
 * The five lobes in the order of the label arrays: left lower, left upper, right lower, right middle, right
 * upper.
 */
export const LOBES = ["LLL", "LUL", "RLL", "RML", "RUL"] as const;
/** A lobe of the lungs as COVID-CT-MD names it. */
export type Lobe = (typeof LOBES)[number];

/** "updated-1" corrects P001 and P006; all other rows are the same in both. */
export type LabelVersion = "original" | "updated-1";

/**
 * The labels of COVID-CT-MD as their files have them (Afshar et al., Scientific Data 8, 121, 2021). Columns
 * run from the *highest* Slice Location down, so they are no index into a volume: labelSlices brings them to
 * one.
 */
export interface CovidCtMdLabels {
  readonly version: LabelVersion;
  /** In the order of the rows. */
  readonly patients: readonly LabeledPatient[];
  readonly columns: number;
  /** patients x columns: 1 where the slice shows infection. */
  readonly slices: Uint8Array;
  /** patients x columns x 5, lobes as in LOBES: 1 where the lobe shows infection in that slice. */
  readonly lobes: Uint8Array;
}

/** 79 patients x 200 columns x 5 lobes x 8 bytes is 632 kB; no honest label file comes near. */
const MAX_LABEL_BYTES = 64 * 2 ** 20;

/**
 * Reads Index.csv and one version of the label arrays from the files of the data set's folder, found by their
 * names wherever they lie in it; images among them do not matter.
 * @throws HounsfieldError `labels-mismatch` where a file is missing, or the files contradict each other:
 * other numbers of rows than Index.csv has lines, values other than 0 and 1, a slice that is labeled
 * otherwise than its lobes; what parseNpy throws
 */
export async function readCovidCtMdLabels(
  sources: readonly ByteSource[],
  options: { readonly version?: LabelVersion } = {},
): Promise<CovidCtMdLabels> {
  checkSources("readCovidCtMdLabels", sources);
  const rules = { version: oneOf("original", "updated-1") };
  const { version = "updated-1" } = checkOptions("readCovidCtMdLabels", options, rules);
  const suffix = version === "original" ? "" : `-${version}`;
  const index = findFile(sources, "Index.csv");
  const patients = parseIndexCsv(new TextDecoder().decode(await readWhole(index)), index.name);
  const slices = await readArray(findFile(sources, `Slice-level-labels${suffix}.npy`), patients, []);
  const lobes = await readArray(findFile(sources, `Lobe-level-labels${suffix}.npy`), patients, [
    LOBES.length,
  ]);
  const columns = slices.array.shape[1];
  if (lobes.array.shape[1] !== columns) {
    throw mismatch(lobes.file, `has ${lobes.array.shape[1]} columns, ${slices.file} has ${columns}`);
  }
  const labels = { version, patients, columns, slices: slices.values, lobes: lobes.values };
  refuseContradiction(labels, slices.file, lobes.file);
  return labels;
}

function findFile(sources: readonly ByteSource[], name: string): ByteSource {
  const found = sources.find((source) => source.name.split("/").at(-1)?.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const message = `${name}: is not among the files of the labels`;
  throw new HounsfieldError("labels-mismatch", message, { file: name, got: sources.length, accepted: name });
}

async function readWhole(source: ByteSource): Promise<Uint8Array> {
  if (source.size <= MAX_LABEL_BYTES) return readExactly(source, 0, source.size);
  const message = `${source.name}: has ${source.size} bytes; label files have at most ${MAX_LABEL_BYTES}`;
  throw new HounsfieldError("limit-exceeded", message, {
    file: source.name,
    got: source.size,
    accepted: MAX_LABEL_BYTES,
  });
}

interface ReadArray {
  readonly file: string;
  readonly array: NpyArray;
  readonly values: Uint8Array;
}

async function readArray(
  source: ByteSource,
  patients: readonly LabeledPatient[],
  inner: readonly number[],
): Promise<ReadArray> {
  const file = source.name;
  const array = parseNamed(await readWhole(source), file);
  const [rows, columns, ...rest] = array.shape;
  if (columns === undefined || rest.join() !== inner.join()) {
    const accepted = ["patients", "slices", ...inner].join(" x ");
    throw mismatch(
      file,
      `has the shape ${array.shape.join(" x ")}; expected ${accepted}`,
      array.shape,
      accepted,
    );
  }
  if (rows !== patients.length) {
    const stray = rows < patients.length ? `; row ${rows} of ${patients[rows].id} is out of range` : "";
    throw mismatch(
      file,
      `has ${rows} rows, but the index has ${patients.length} patients${stray}`,
      rows,
      patients.length,
    );
  }
  const odd = array.data.findIndex((value: number) => value !== 0 && value !== 1);
  if (odd !== -1) {
    throw mismatch(file, `holds the value ${array.data[odd]}; labels are 0 or 1`, array.data[odd], [0, 1]);
  }
  return { file, array, values: Uint8Array.from(array.data) };
}

function parseNamed(bytes: Uint8Array, file: string): NpyArray {
  try {
    return parseNpy(bytes);
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    throw new HounsfieldError(error.code, `${file}: ${error.message}`, { ...error.fields, file }, error);
  }
}

/**
 * In both published versions a slice is labeled exactly where one of its lobes is: files of two versions
 * mixed are seen here.
 */
function refuseContradiction(labels: CovidCtMdLabels, sliceFile: string, lobeFile: string): void {
  const { slices, lobes, columns, patients } = labels;
  const odd = slices.findIndex(
    (label, i) => (label === 1) !== lobes.subarray(i * LOBES.length, (i + 1) * LOBES.length).includes(1),
  );
  if (odd === -1) return;
  const { id } = patients[Math.floor(odd / columns)];
  const what = `labels column ${odd % columns} of ${id} otherwise than the lobes of ${lobeFile} do`;
  throw mismatch(sliceFile, what, slices[odd]);
}

function mismatch(file: string, what: string, got?: unknown, accepted?: unknown): HounsfieldError {
  return new HounsfieldError("labels-mismatch", `${file}: ${what}`, { file, got, accepted });
}
