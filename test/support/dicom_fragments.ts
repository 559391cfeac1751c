import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import dicomParser from "dicom-parser";
import type { FrameDescription } from "../../src/core/frame.js";

// Files read by dicom-parser alone: encoded frames for the tests of the decoders, without our own reader.

export const dataFolder = fileURLToPath(new URL("../../../shared/data", import.meta.url));
export const hasData = existsSync(path.join(dataFolder, "dicom-corpus", "MANIFEST.tsv"));

/** The encoded frames of one file and what its header says of each. */
export interface EncodedImage {
  readonly frames: readonly Uint8Array[];
  readonly frame: FrameDescription;
  readonly slope: number;
  readonly intercept: number;
}

export function readEncodedImage(file: string): EncodedImage {
  const dataSet = dicomParser.parseDicom(readFileSync(file));
  const number = (tag: string) => dataSet.uint16(tag) ?? 0;
  const bitsStored = number("x00280101");
  const frame: FrameDescription = {
    transferSyntax: dataSet.string("x00020010") ?? "",
    rows: number("x00280010"),
    columns: number("x00280011"),
    samplesPerPixel: number("x00280002"),
    bitsAllocated: number("x00280100"),
    bitsStored,
    highBit: dataSet.uint16("x00280102") ?? bitsStored - 1,
    pixelRepresentation: number("x00280103") === 1 ? 1 : 0,
  };
  return {
    frames: dataSet.elements.x7fe00010.encapsulatedPixelData
      ? jpegFrames(dataSet)
      : rawFrames(dataSet, (frame.rows * frame.columns * frame.bitsAllocated) / 8),
    frame,
    slope: Number(dataSet.string("x00281053") ?? 1),
    intercept: Number(dataSet.string("x00281052") ?? 0),
  };
}

/** A fragment that starts with SOI starts a frame. */
function jpegFrames(dataSet: dicomParser.DataSet): Uint8Array[] {
  const frames: Uint8Array[][] = [];
  for (const { position, length } of dataSet.elements.x7fe00010.fragments ?? []) {
    const bytes = dataSet.byteArray.subarray(position, position + length);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) frames.push([]);
    frames[frames.length - 1].push(bytes);
  }
  return frames.map((fragments) => new Uint8Array(Buffer.concat(fragments)));
}

function rawFrames(dataSet: dicomParser.DataSet, frameBytes: number): Uint8Array[] {
  const count = Number.parseInt(dataSet.string("x00280008") ?? "1", 10);
  const { dataOffset } = dataSet.elements.x7fe00010;
  return Array.from({ length: count }, (_, i) =>
    Uint8Array.from(
      dataSet.byteArray.subarray(dataOffset + i * frameBytes, dataOffset + (i + 1) * frameBytes),
    ),
  );
}

/** A row of the corpus' manifest, by the names of its columns. */
export type CorpusRow = Readonly<Record<string, string>>;

export function corpusRows(): CorpusRow[] {
  if (!hasData) return [];
  const [head, ...lines] = readFileSync(path.join(dataFolder, "dicom-corpus", "MANIFEST.tsv"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i] ?? ""])));
}

export function corpusFile(row: CorpusRow): string {
  return path.join(dataFolder, "dicom-corpus", row.file);
}

/** A slice of a real patient, and the SHA-256 of its int16 HU. */
export interface PatientSlice {
  readonly file: string;
  readonly sha256: string;
}

export function patientSlices(group: string, patient: string): PatientSlice[] {
  if (!hasData) return [];
  const folder = path.join(dataFolder, "covid-ct-md");
  const expected = JSON.parse(readFileSync(path.join(folder, "expected", `${patient}.json`), "utf8"));
  const present = new Set(readdirSync(path.join(folder, group, patient)));
  return expected.slicesSorted
    .filter((slice: PatientSlice) => present.has(slice.file))
    .map(({ file, sha256 }: PatientSlice) => ({ file: path.join(folder, group, patient, file), sha256 }));
}
