import { malformedImage } from "../image_error.js";
import type { Affine, affineOfQuaternion } from "./orientation.js";

/**
 * What a NIfTI header says, of version 1 or 2 and of either order of bytes, before anything is made of it.
 */
export interface NiftiFields {
  readonly isBigEndian: boolean;
  /** The voxels lie in another file. */
  readonly isPair: boolean;
  /** The number of axes, then their sizes: 8 numbers. */
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly voxelOffset: number;
  readonly slope: number;
  readonly intercept: number;
  /** xyzt_units */
  readonly units: number;
  readonly spacing: readonly number[];
  /** Only with a code above 0. */
  readonly sform?: Affine;
  readonly qform?: Parameters<typeof affineOfQuaternion>;
}

/** @throws HounsfieldError `malformed-image` */
export function niftiFields(bytes: Uint8Array): NiftiFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const little of [true, false]) {
    const size = bytes.length >= 4 ? view.getInt32(0, little) : 0;
    if (size === 348 && bytes.length >= 348) return fieldsOf1(view, little);
    if (size === 540 && bytes.length >= 540) return fieldsOf2(view, little);
  }
  throw malformedImage("NIfTI", "has no header of NIfTI-1 (348 bytes) or NIfTI-2 (540 bytes)");
}

function fieldsOf1(view: DataView, little: boolean): NiftiFields {
  const int16 = (at: number) => view.getInt16(at, little);
  const float = (at: number) => view.getFloat32(at, little);
  const floats = (at: number, count: number) => Array.from({ length: count }, (_, i) => float(at + 4 * i));
  const magic = text(view, 344, 3);
  // ANALYZE 7.5, which NIfTI-1 grew from, has no magic: it says nothing of left and right.
  if (magic !== "n+1" && magic !== "ni1") throw malformedImage("NIfTI", "lacks its magic (ANALYZE 7.5?)");
  const isPair = magic === "ni1";
  const pixdim = floats(76, 8);
  return {
    isBigEndian: !little,
    isPair,
    dims: Array.from({ length: 8 }, (_, i) => int16(40 + 2 * i)),
    dataType: int16(70),
    voxelOffset: offsetOf(float(108), isPair, 352),
    slope: float(112),
    intercept: float(116),
    units: view.getUint8(123),
    spacing: pixdim.slice(1, 4),
    sform: int16(254) > 0 ? affine(floats(280, 12)) : undefined,
    qform: int16(252) > 0 ? [floats(256, 3), sign(pixdim[0]), pixdim.slice(1, 4), floats(268, 3)] : undefined,
  };
}

function fieldsOf2(view: DataView, little: boolean): NiftiFields {
  const double = (at: number) => view.getFloat64(at, little);
  const doubles = (at: number, count: number) => Array.from({ length: count }, (_, i) => double(at + 8 * i));
  const int64 = (at: number) => Number(view.getBigInt64(at, little));
  const magic = text(view, 4, 3);
  if (magic !== "n+2" && magic !== "ni2") throw malformedImage("NIfTI", "lacks its magic");
  const isPair = magic === "ni2";
  const pixdim = doubles(104, 8);
  return {
    isBigEndian: !little,
    isPair,
    dims: Array.from({ length: 8 }, (_, i) => int64(16 + 8 * i)),
    dataType: view.getInt16(12, little),
    voxelOffset: offsetOf(int64(168), isPair, 544),
    slope: double(176),
    intercept: double(184),
    units: view.getInt32(500, little),
    spacing: pixdim.slice(1, 4),
    sform: view.getInt32(348, little) > 0 ? affine(doubles(400, 12)) : undefined,
    qform:
      view.getInt32(344, little) > 0
        ? [doubles(352, 3), sign(pixdim[0]), pixdim.slice(1, 4), doubles(376, 3)]
        : undefined,
  };
}

/** Writers leave 0 in a single file, whose voxels cannot lie inside the header. */
function offsetOf(offset: number, isPair: boolean, least: number): number {
  if (offset === 0) return isPair ? 0 : least;
  if (Number.isSafeInteger(offset) && offset >= (isPair ? 0 : least - 4)) return offset;
  throw malformedImage("NIfTI", `its voxels begin at byte ${offset}`, offset);
}

/** qfac: anything but a negative number is 1 (nifti1.h). */
function sign(value: number): 1 | -1 {
  return value < 0 ? -1 : 1;
}

function affine(values: readonly number[]): Affine {
  return [0, 4, 8].map((at) => [values[at], values[at + 1], values[at + 2], values[at + 3]] as const);
}

function text(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, i) => view.getUint8(at + i)));
}
