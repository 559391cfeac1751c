import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Decoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import dicomParser from "dicom-parser";
import type { Grid } from "../../src/core/grid.js";

// Real patients of the COVID-CT-MD data set, read by other people's code only (dicom-parser, Cornerstone's
// JPEG Lossless decoder): an outside judge, and a volume for the tests of what comes after reading.

const folder = fileURLToPath(new URL("../../../shared/data/covid-ct-md", import.meta.url));
const groups = { P001: "COVID-19 subjects", cap001: "Cap subjects" } as const;

export type Patient = keyof typeof groups;
export const patients = Object.keys(groups) as Patient[];
export const hasPatients = existsSync(join(folder, "expected"));

export interface PatientVolume {
  readonly grid: Grid;
  /** Dense, z (ascending Slice Location), y, x. */
  readonly hu: Int16Array;
}

/** HU at some voxels (z, y, x) of a resampled volume. */
interface StoredSamples {
  readonly shape_zyx: readonly number[];
  readonly samples_zyx_value: readonly (readonly [number, number, number, number])[];
}

/** The stored reference results of a patient; their README says what each is. */
export interface PatientExpected {
  readonly hu: { readonly sha256: string };
  readonly slicesSorted: readonly { readonly file: string; readonly sha256: string }[];
  readonly spacing_zyx_mm: readonly [number, number, number];
  readonly origin_xyz_mm: readonly number[];
  readonly direction: readonly number[];
  readonly mip: Readonly<Record<"axial" | "coronal" | "sagittal", { readonly sha256: string }>>;
  readonly "window_-1000_400": { readonly mean01: number };
  readonly isotropic1mm: {
    readonly O_itkLinear: StoredSamples;
    /** These three of P001 only. */
    readonly O_itkBSpline3?: Omit<StoredSamples, "shape_zyx">;
    readonly E_linear?: StoredSamples;
    readonly C_linear?: StoredSamples;
  };
  readonly lung: {
    readonly basic: {
      readonly ml: number;
      readonly voxels: number;
      readonly voxelsPerSlice: readonly number[];
      readonly mask: { readonly file: string; readonly sha256_of_raw_bits: string };
    };
  };
}

export function patientFolder(patient: Patient): string {
  return join(folder, groups[patient], patient);
}

export function expectedOf(patient: Patient): PatientExpected {
  return JSON.parse(readFileSync(join(folder, "expected", `${patient}.json`), "utf8"));
}

/** A stored mask: one bit a voxel in volume order, lowest first, rows not padded. */
export function expectedBits(file: string): Uint8Array {
  return gunzipSync(readFileSync(join(folder, "expected", file)));
}

export function readPatient(patient: Patient): PatientVolume {
  const slices = dicomFiles(patientFolder(patient))
    .map(readSlice)
    .sort((a, b) => a.location - b.location);
  const [{ columns, rows, spacing, position }] = slices;
  const hu = new Int16Array(columns * rows * slices.length);
  slices.forEach((slice, z) => {
    hu.set(slice.decode(), z * columns * rows);
  });
  const step = (slices[slices.length - 1].location - slices[0].location) / (slices.length - 1);
  const grid: Grid = {
    size: [columns, rows, slices.length],
    spacingMm: [spacing[1], spacing[0], step],
    originMm: [position[0], position[1], position[2]],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  return { grid, hu };
}

function dicomFiles(under: string): string[] {
  return readdirSync(under, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".dcm"))
    .map((name) => join(under, name));
}

function readSlice(file: string) {
  const bytes = readFileSync(file);
  const data = dicomParser.parseDicom(bytes);
  const numbers = (tag: string) => (data.string(tag) ?? "").split("\\").map(Number);
  const [slope] = numbers("x00281053");
  const [intercept] = numbers("x00281052");
  return {
    location: numbers("x00201041")[0],
    position: numbers("x00200032"),
    spacing: numbers("x00280030"),
    columns: data.uint16("x00280011") ?? 0,
    rows: data.uint16("x00280010") ?? 0,
    decode(): Int16Array {
      const element = data.elements.x7fe00010;
      const fragments = element.fragments?.length ?? 0;
      const frame = dicomParser.readEncapsulatedPixelDataFromFragments(data, element, 0, fragments);
      const jpeg = new Uint8Array(frame).buffer;
      const stored = new Uint16Array(new Decoder().decompress(jpeg, 0, jpeg.byteLength));
      return Int16Array.from(stored, (value) => value * slope + intercept);
    },
  };
}
