import type { Diagnostic } from "../../core/diagnostic.js";
import { errorOf, type HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { RefusedSeries, Series } from "./list_series.js";
import { classifyImage } from "./series_role.js";

// Files among slices that are none. A slice may be missing for each, so that a series is refused which such a
// file may be of, and no other: a bad neighbor blocks nobody. Whatever is not refused for is said.

/** Why a file is no slice, by the name that its source has. */
export interface OddFile {
  readonly name: string;
  readonly error: HounsfieldError;
}

type Listed = Series | RefusedSeries;

export interface OddFilesFound {
  readonly series: readonly Listed[];
  /** Of files that are, or may be, images. */
  readonly broken: readonly HounsfieldError[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param isRefused whether a series that a broken file may be of is refused; else it is made without that
 * file
 */
export function settleOddFiles(
  series: readonly Listed[],
  odd: readonly OddFile[],
  isRefused: boolean,
): OddFilesFound {
  const broken: HounsfieldError[] = [];
  const diagnostics: Diagnostic[] = [];
  const reasons = new Map<Listed, HounsfieldError>();
  const warn = (code: string, { name }: OddFile, message: string) =>
    diagnostics.push({ severity: "warning", code, message, files: [name] });
  const mayBe = (file: OddFile) => suspectsOf(file, series, odd.length);
  for (const file of odd) {
    const { error } = file;
    if (isHounsfieldError(error, "unsupported-image")) {
      const message = noteOnObject(file, series);
      if (message) warn("object-set-aside", file, message);
      continue;
    }
    if (isHounsfieldError(error, "not-dicom") && isLitter(file.name)) continue;
    const suspects = mayBe(file);
    const isDicom = !isHounsfieldError(error, "not-dicom");
    if (isDicom || suspects.length > 0) broken.push(error);
    for (const one of isRefused ? suspects : []) if (!reasons.has(one)) reasons.set(one, refusalFor(error));
    if (suspects.length === 0) {
      if (isDicom) warn("broken-file", file, `${error.message}; it is of none of the stacks here`);
      else warn("not-dicom", file, `${error.message}, though it lies where slices are looked for`);
    } else if (!isRefused)
      warn("broken-file", file, `${error.message}; left out, so that a slice may be missing`);
    else warn("broken-file", file, `${error.message}; no series is made that it may be a slice of`);
  }
  return { series: series.map((one) => refusedFor(one, reasons.get(one))), broken, diagnostics };
}

/**
 * The series that a file may be a slice of. Where one time of several lacks as many images as there are odd
 * files, or more, the whole ones lack none.
 */
function suspectsOf(file: OddFile, series: readonly Listed[], oddFiles: number): readonly Listed[] {
  const suspects = series.filter((one) => mayBeSliceOf(file, one));
  const short = suspects.filter((one) => missingOf(one) > 0);
  if (short.reduce((sum, one) => sum + missingOf(one), 0) < oddFiles) return suspects;
  const isWhole = (one: Listed) =>
    one.part !== undefined && short.some(({ seriesInstanceUid: uid }) => uid === one.seriesInstanceUid);
  return suspects.filter((one) => short.includes(one) || !isWhole(one));
}

/** Images that a time lacks and others have: `part-incomplete` (split_duplicates.ts). */
function missingOf({ part, refusal }: Listed): number {
  if (
    part === undefined ||
    !isHounsfieldError(refusal, "unfaithful-geometry") ||
    !refusal.fields.allow?.includes("gaps")
  )
    return 0;
  const { got, accepted } = refusal.fields;
  return typeof got === "number" && typeof accepted === "number" ? Math.max(0, accepted - got) : 0;
}

/** Systems leave these in folders and archives. */
const LITTER =
  /(^|\/)(\.[^/]*|__MACOSX\/.*|(eh)?thumbs\.db|desktop\.ini|dirfile|lockfile|version|autorun\.inf)$/i;

function isLitter(name: string): boolean {
  return LITTER.test(name);
}

/**
 * What is to be said of a DICOM object that is no grayscale image: that it is damaged, or of the series of
 * slices.
 */
function noteOnObject({ error }: OddFile, series: readonly Listed[]): string | undefined {
  const { cause, fields } = error;
  if (isHounsfieldError(cause)) return `${error.message}; set aside. What is wrong: ${cause.message}`;
  const uid = fields.seriesInstanceUid;
  const isAmongSlices = uid !== undefined && series.some((one) => isStack(one) && hasUid(one, uid));
  return isAmongSlices ? `${error.message}; it is of the series of slices, and left out` : undefined;
}

/**
 * By what its header says, as far as it could be read; a file that says nothing, by where it lies and what it
 * is called.
 */
function mayBeSliceOf({ name, error }: OddFile, series: Listed): boolean {
  const { seriesInstanceUid, modality, sopClassUid, imageType } = error.fields;
  const types = imageType?.split("\\") ?? [];
  const { role } = classifyImage({
    sopClassUid,
    imageType: types,
    imageOrientationPatient: [],
    imagePositionPatient: [0, 0, 0],
  });
  if (role !== "stack" && role !== series.role) return false;
  if (modality !== undefined && series.modality !== undefined && modality !== series.modality) return false;
  if (seriesInstanceUid !== undefined) return hasUid(series, seriesInstanceUid);
  if (!mayLieAmong(name, series)) return false;
  return !isHounsfieldError(error, "not-dicom") || CLAIMS_DICOM.test(name) || isCalledLike(name, series);
}

const CLAIMS_DICOM = /\.(dcm|dicom|dic|ima)$/i;

function isStack({ role }: Listed): boolean {
  return role === "stack";
}

function hasUid({ slices }: Listed, uid: string): boolean {
  return slices.some(({ seriesInstanceUid }) => seriesInstanceUid === uid);
}

/** In a folder of its slices; anywhere where these lie in several folders. */
function mayLieAmong(name: string, { slices }: Listed): boolean {
  const folders = new Set(slices.map(({ source }) => folderOf(source.name)));
  return folders.size > 1 || folders.has(folderOf(name));
}

/** Its name is one of its slices' but for numbers: "IM12" beside "IM1", a UID beside UIDs. */
function isCalledLike(name: string, { slices }: Listed): boolean {
  const pattern = patternOf(name);
  return pattern.includes("#") && slices.some(({ source }) => patternOf(source.name) === pattern);
}

function patternOf(name: string): string {
  const own = name.slice(name.lastIndexOf("/") + 1);
  return own.replace(/[\da-f]{8,}|\d+/gi, "#").replace(/#([.-]#)+/g, "#");
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

/** With the option that goes on without the file. */
function refusalFor(error: HounsfieldError): HounsfieldError {
  const message = `${error.message}; a slice may be missing with it`;
  return errorOf(error.code, message, { ...error.fields, broken: "list" }, error.cause);
}

/** A gap where a file is broken has that file for its cause, which is what a person can mend. */
function refusedFor(one: Listed, reason: HounsfieldError | undefined): Listed {
  if (!reason || (one.refusal && !isHounsfieldError(one.refusal, "unfaithful-geometry"))) return one;
  if (one.refusal) return { ...one, refusal: reason };
  const { grid: _, ordering: __, resampling: ___, refusal: ____, ...summary } = one;
  return { ...summary, refusal: reason };
}
