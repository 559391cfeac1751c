import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { HounsfieldError } from "../../core/errors.js";

/** One study of a data set: what one volume is made of. */
export interface StudyPlace {
  /** By its place in the listing ("study-0001"), or the name of its folder where that was asked for. */
  readonly id: string;
  /** Its path within the data set, with slashes, the same on every machine. */
  readonly key: string;
  readonly path: string;
}

const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;
const IMAGE = /\.(dcm|dicom|ima|nii|nii\.gz|nrrd|nhdr|mha|mhd)$/i;
/** So many files that nothing is known of may be images without prefix and without ending. */
const UNKNOWN_FILES = 3;
/** What lies beside images in published data sets; archives are looked for before. */
const NO_IMAGE =
  /\.(csv|tsv|txt|md|json|jsonl|npy|npz|pdf|html?|xml|xlsx?|png|jpe?g|py|ipynb|sh|ya?ml|toml|log|sha256|md5|bits|gz)$/i;

/**
 * The studies of a data set, in the order of their paths: each folder that has images directly in it, each
 * archive, and each DICOMDIR, whose folder is not looked into. `dataSet` is a folder, or a text file with a
 * path on each line, relative to that file.
 * @throws HounsfieldError `io`; `no-dicom` where there is no study
 */
export function findStudies(dataSet: string, names: "ordinal" | "folder"): StudyPlace[] {
  const paths = statOf(dataSet).isDirectory() ? studiesIn(dataSet) : listed(dataSet);
  const from = statOf(dataSet).isDirectory() ? dataSet : dirname(dataSet);
  const keyed = paths.map((path) => ({ path, key: relative(from, path).split(sep).join("/") || "." }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  if (keyed.length === 0) throw new HounsfieldError("no-dicom", `no study was found in ${dataSet}`);
  const digits = Math.max(4, String(keyed.length).length);
  const ordinal = (i: number) => `study-${String(i + 1).padStart(digits, "0")}`;
  if (names === "ordinal") return keyed.map((place, i) => ({ ...place, id: ordinal(i) }));
  return keyed.map((place) => ({ ...place, id: folderId(place.key, keyed) }));
}

function studiesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !isHidden(name));
  const files = entries.filter((entry) => !isFolder(folder, entry)).map(({ name }) => name);
  const directory = files.find((name) => name.toUpperCase() === "DICOMDIR");
  if (directory !== undefined) return [join(folder, directory)];
  const archives = files.filter((name) => ARCHIVE.test(name)).map((name) => join(folder, name));
  const own = hasImages(folder, files) ? [folder] : [];
  const inner = entries.filter((entry) => isFolder(folder, entry));
  return [...own, ...archives, ...inner.flatMap(({ name }) => studiesIn(join(folder, name)))];
}

/** By names, and where these say nothing by the prefix of a DICOM file (PS3.10 7.1). */
function hasImages(folder: string, files: readonly string[]): boolean {
  if (files.some((name) => IMAGE.test(name))) return true;
  const unknown = files.filter((name) => !ARCHIVE.test(name) && !NO_IMAGE.test(name));
  return unknown.some((name) => isDicom(join(folder, name))) || unknown.length >= UNKNOWN_FILES;
}

function isDicom(file: string): boolean {
  const prefix = Buffer.alloc(132);
  const descriptor = openSync(file, "r");
  try {
    return readSync(descriptor, prefix, 0, 132, 0) === 132 && prefix.toString("latin1", 128) === "DICM";
  } finally {
    closeSync(descriptor);
  }
}

/** Links to folders count: data sets are often assembled of them. */
function isFolder(
  folder: string,
  entry: { name: string; isDirectory(): boolean; isSymbolicLink(): boolean },
) {
  return entry.isDirectory() || (entry.isSymbolicLink() && statOf(join(folder, entry.name)).isDirectory());
}

function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

function listed(file: string): string[] {
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  const paths = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  return [...new Set(paths.map((path) => resolve(dirname(file), path)))];
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HounsfieldError("io", `cannot read ${path}: ${reason}`, { file: path }, cause);
  }
}

/** The last part of the key; the whole key where several end alike. What a file name cannot hold is "_". */
function folderId(key: string, all: readonly { readonly key: string }[]): string {
  const last = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(ARCHIVE, "");
  const alike = all.filter((other) => last(other.key) === last(key)).length;
  return (alike > 1 ? key.replace(ARCHIVE, "") : last(key)).replaceAll(/[^\w.-]/g, "_");
}
