import type { VoxelType } from "../voxel_types.js";

/** NIfTI's `datatype` (nifti1.h, DT_*). There is no 16-bit float. */
export const dataTypeCodes: Readonly<Record<VoxelType, number>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
};

/** What else the standard has and is not read here, for a message. */
export const otherDataTypes: Readonly<Record<number, string>> = {
  1: "bits",
  32: "complex numbers",
  128: "RGB colors",
  1024: "64-bit integers",
  1280: "64-bit integers",
  1536: "128-bit floats",
  1792: "complex numbers",
  2048: "complex numbers",
  2304: "RGBA colors",
};
