import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";

const DATA = new URL("../../../shared/data/", import.meta.url).pathname;
const CORPUS = `${DATA}dicom-corpus/`;

export const hasCorpus = existsSync(`${CORPUS}MANIFEST.tsv`);
export const hasPatients = existsSync(`${DATA}covid-ct-md/expected/P001.json`);

/** Rows of a table with a line of names on top. */
function readTable(path: string): Record<string, string>[] {
  const [names, ...rows] = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

export function corpusManifest(): Record<string, string>[] {
  return readTable(`${CORPUS}MANIFEST.tsv`);
}

export function corpusSeries(): Record<string, string>[] {
  return readTable(`${CORPUS}SERIES.tsv`);
}

export function corpusPath(name: string): string {
  return CORPUS + name;
}

export function corpusFile(name: string): ByteSource {
  return bytesSource(name, readFileSync(corpusPath(name)));
}

export function corpusFolder(folder: string): string {
  return `${CORPUS}series/${folder}`;
}

/** All files of a corpus folder, in memory. */
export function corpusFolderSources(folder: string): ByteSource[] {
  return readdirSync(corpusFolder(folder)).map((name) =>
    bytesSource(name, readFileSync(`${corpusFolder(folder)}/${name}`)),
  );
}

export interface ExpectedPatient {
  readonly rows: number;
  readonly columns: number;
  readonly spacing_zyx_mm: readonly [number, number, number];
  readonly origin_xyz_mm: readonly [number, number, number];
  readonly direction: readonly number[];
  readonly transferSyntax: string;
  readonly slicesSorted: readonly { readonly file: string; readonly sliceLocation: number }[];
}

const FOLDERS = { P001: "COVID-19 subjects/P001", cap001: "Cap subjects/cap001" } as const;

export function patientFolder(patient: keyof typeof FOLDERS): string {
  return `${DATA}covid-ct-md/${FOLDERS[patient]}`;
}

export function expectedPatient(patient: keyof typeof FOLDERS): ExpectedPatient {
  return JSON.parse(readFileSync(`${DATA}covid-ct-md/expected/${patient}.json`, "utf8"));
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
