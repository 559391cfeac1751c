import type { Diagnostic } from "../../core/diagnostic.js";
import type { Vec3 } from "../../core/grid.js";
import { checkArgument, checkOptions } from "../../core/options.js";
import { bytes as bytesRule } from "../../core/rules.js";
import type { ImageFile } from "../image.js";
import { checkSizes, checkSlices, malformedImage, unsupportedImage, voxelBytes } from "../image_error.js";
import type { ImageLayout } from "../image_layout.js";
import { flipRows, type PlacedGrid, placeGrid, rowsFlipped } from "../placed_grid.js";
import { type VoxelType, voxelData, voxelTypes } from "../voxel_types.js";
import { dataTypeCodes, otherDataTypes } from "./data_types.js";
import { type NiftiFields, niftiFields } from "./nifti_fields.js";
import { type Affine, affineOfQuaternion } from "./orientation.js";

/**
 * Reads a NIfTI-1 or NIfTI-2 file (not compressed) of either order of bytes, single (.nii) or a pair: of a
 * pair `bytes` is the .hdr, and `voxels` the .img. Further axes (time, channels, vectors) become several
 * volumes.
 *
 * The sform says where it lies where its code is above 0, else the qform, else only its spacing is known,
 * which a diagnostic says.
 * @throws HounsfieldError `malformed-image`; `unsupported-image` for colors, complex numbers, 64-bit integers
 * and sheared grids; `truncated` where voxels are missing; `invalid-option`
 */
export function parseNifti(bytes: Uint8Array, pair: { readonly voxels?: Uint8Array } = {}): ImageFile {
  checkArgument("parseNifti", "bytes", bytes, bytesRule);
  const { voxels } = checkOptions("parseNifti", pair, { voxels: bytesRule });
  const layout = niftiLayout(bytes);
  const { grid, dtype, slope, intercept, diagnostics } = layout;
  if (layout.detached !== undefined && !voxels)
    throw malformedImage("NIfTI", "is the header of a pair (.hdr); its voxels lie in the .img beside it");
  const bytesPerVolume = grid.size[0] * grid.size[1] * grid.size[2] * voxelTypes[dtype].bytes;
  // Of a pair the offset is into the .img.
  const held = voxelBytes("NIfTI", voxels ?? bytes, layout.plainOffset, bytesPerVolume * layout.volumes);
  const volumes = Array.from({ length: layout.volumes }, (_, i) => {
    const own = held.subarray(i * bytesPerVolume, (i + 1) * bytesPerVolume);
    const data = voxelData(own, dtype, layout.isBigEndian);
    if (layout.flipsRows) flipRows(data, grid.size);
    return data;
  });
  return { grid, dtype, slope, intercept, volumes, diagnostics };
}

/**
 * What a header says, of a file's first 540 bytes or more. Of a pair, `detached` is an empty name: the file
 * beside it, called .img. @throws HounsfieldError as parseNifti, but for voxels
 */
export function niftiLayout(head: Uint8Array): ImageLayout & { readonly plainOffset: number } {
  const fields = niftiFields(head);
  const { size, count } = sizesOf(fields);
  checkSlices("NIfTI", size[2] * count);
  const diagnostics: Diagnostic[] = [];
  const { grid, flipsRows } = place(fields, size, diagnostics);
  if (flipsRows) diagnostics.push(rowsFlipped);
  return {
    grid,
    flipsRows,
    dtype: typeOf(fields.dataType),
    isBigEndian: fields.isBigEndian,
    ...scaleOf(fields),
    volumes: count,
    ...(fields.isPair && { detached: "" }),
    plainOffset: fields.voxelOffset,
    diagnostics,
  };
}

function sizesOf({ dims }: NiftiFields): { size: Vec3; count: number } {
  const axes = dims[0];
  if (!(axes >= 1 && axes <= 7)) throw malformedImage("NIfTI", `has ${axes} axes; 1 to 7 are possible`, axes);
  // Axes behind the last one count nothing, whatever stands there.
  const sizes = dims.slice(1, axes + 1);
  while (sizes.length < 3) sizes.push(1);
  checkSizes("NIfTI", sizes);
  const count = sizes.slice(3).reduce((product, n) => product * n, 1);
  return { size: [sizes[0], sizes[1], sizes[2]], count };
}

function typeOf(code: number): VoxelType {
  const found = Object.entries(dataTypeCodes).find(([, one]) => one === code);
  if (found) return found[0] as VoxelType;
  const other = otherDataTypes[code];
  if (other) throw unsupportedImage("NIfTI", `its voxels are ${other} (data type ${code})`, code);
  throw malformedImage("NIfTI", `its data type is ${code}, which the standard does not have`, code);
}

/** A slope of 0 (or none that is finite) says that the values are not scaled (nifti1.h). */
function scaleOf({ slope, intercept }: NiftiFields) {
  if (slope === 0 || !Number.isFinite(slope)) return { slope: 1, intercept: 0 };
  return { slope, intercept: Number.isFinite(intercept) ? intercept : 0 };
}

/** Meters, millimeters, micrometers; what is not said is taken for millimeters. */
const MILLIMETERS: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };

function place(fields: NiftiFields, size: Vec3, diagnostics: Diagnostic[]): PlacedGrid {
  const mm = MILLIMETERS[fields.units & 7] ?? 1;
  const { sform, qform } = fields;
  if (sform) {
    try {
      return placed(sform, size, mm);
    } catch (cause) {
      // A sheared sform (an affine registration's) beside a rigid qform: the voxels lie where the qform says.
      if (!qform) throw cause;
      const message = "The sform is sheared or singular; the qform beside it was taken.";
      diagnostics.push({ severity: "warning", code: "sform-not-rigid", message });
    }
  }
  if (qform) return placed(affineOfQuaternion(...qform), size, mm);
  const message = "Neither sform nor qform says where the voxels lie; their spacing is all that is known.";
  diagnostics.push({ severity: "warning", code: "no-orientation", message });
  const [x, y, z] = fields.spacing.map((step) => (step > 0 && Number.isFinite(step) ? step : 1));
  return placed(
    [
      [x, 0, 0, 0],
      [0, y, 0, 0],
      [0, 0, z, 0],
    ],
    size,
    mm,
  );
}

/** From RAS to LPS, into millimeters, axes from the columns. */
function placed(affine: Affine, size: Vec3, mm: number): PlacedGrid {
  const signs = [-mm, -mm, mm];
  const column = (at: number): Vec3 => {
    const [x, y, z] = affine.map((row, i) => row[at] * signs[i] + 0);
    return [x, y, z];
  };
  return placeGrid("NIfTI", size, [column(0), column(1), column(2)], column(3));
}
