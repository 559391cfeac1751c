import type { Grid } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { descriptionRules, type ImageDescription } from "../image.js";
import { voxelTypes } from "../voxel_types.js";
import { dataTypeCodes } from "./data_types.js";
import { affineOf, float32Quaternion, quaternionOf } from "./orientation.js";

/** Where the voxels begin: behind the header and the 4 bytes that say that no extension follows. */
const VOXELS_AT = { 1: 352, 2: 544 } as const;
/** What NIfTI-1 counts voxels of an axis in. */
const MOST_NIFTI_1 = 0x7fff;
/** NIFTI_XFORM_SCANNER_ANAT: coordinates of the scanner, which DICOM's patient coordinates are. */
const SCANNER = 1;
/** NIFTI_UNITS_MM */
const MILLIMETERS = 2;

/**
 * Header of a single-file NIfTI-1 (https://nifti.nimh.nih.gov/nifti-1), or of NIfTI-2 where an axis has more
 * than 32,767 voxels. The voxels follow it directly: x fastest, then y, then z, little endian, as they come.
 *
 * sform and qform both say where the grid lies, in RAS millimeters and with code 1 ("scanner anatomical"), so
 * that readers of either agree. Nothing in it names a patient, a date or this machine.
 * @throws HounsfieldError `invalid-option`
 */
export function niftiHeader(description: ImageDescription): Uint8Array<ArrayBuffer> {
  checkOptions("niftiHeader", description, descriptionRules("niftiHeader"));
  return Math.max(...description.grid.size) > MOST_NIFTI_1 ? nifti2(description) : nifti1(description);
}

function nifti1(description: ImageDescription) {
  const { grid, dtype, slope = 1, intercept = 0, window } = description;
  const out = new Uint8Array(VOXELS_AT[1]);
  const view = new DataView(out.buffer);
  const int16 = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) view.setInt16(at + 2 * i, value, true);
  };
  const float = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) view.setFloat32(at + 4 * i, value, true);
  };
  const { quaternion, qfac } = quaternionOf(grid);
  const rows = affineOf(grid);
  view.setInt32(0, 348, true);
  int16(40, ...dims(grid));
  int16(70, dataTypeCodes[dtype], voxelTypes[dtype].bytes * 8);
  float(76, qfac, ...grid.spacingMm);
  float(108, VOXELS_AT[1], slope, intercept);
  out[123] = MILLIMETERS;
  if (window) float(124, window.high, window.low);
  int16(252, SCANNER, SCANNER);
  float(256, ...float32Quaternion(quaternion), ...rows.map((row) => row[3]));
  float(280, ...rows.flat());
  out.set(new TextEncoder().encode("n+1"), 344);
  return out;
}

function nifti2(description: ImageDescription) {
  const { grid, dtype, slope = 1, intercept = 0, window } = description;
  const out = new Uint8Array(VOXELS_AT[2]);
  const view = new DataView(out.buffer);
  const int64 = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) view.setBigInt64(at + 8 * i, BigInt(value), true);
  };
  const double = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) view.setFloat64(at + 8 * i, value, true);
  };
  const { quaternion, qfac } = quaternionOf(grid);
  const rows = affineOf(grid);
  view.setInt32(0, 540, true);
  out.set(new TextEncoder().encode("n+2\0\r\n\x1a\n"), 4);
  view.setInt16(12, dataTypeCodes[dtype], true);
  view.setInt16(14, voxelTypes[dtype].bytes * 8, true);
  int64(16, ...dims(grid));
  double(104, qfac, ...grid.spacingMm);
  int64(168, VOXELS_AT[2]);
  double(176, slope, intercept);
  if (window) double(192, window.high, window.low);
  view.setInt32(344, SCANNER, true);
  view.setInt32(348, SCANNER, true);
  double(352, ...quaternion, ...rows.map((row) => row[3]));
  double(400, ...rows.flat());
  view.setInt32(500, MILLIMETERS, true);
  return out;
}

/** dim[0] is the number of axes; what is not used is 1. */
function dims({ size }: Grid): number[] {
  return [3, ...size, 1, 1, 1, 1];
}
