import { checkOptions } from "../../core/options.js";
import { descriptionRules, type ImageDescription } from "../image.js";
import { unsupportedImage } from "../image_error.js";
import type { VoxelType } from "../voxel_types.js";

/** MetaIO's names of types (https://docs.itk.org/en/latest/learn/metaio.html). */
export const metaTypes: Readonly<Record<VoxelType, string>> = {
  int8: "MET_CHAR",
  uint8: "MET_UCHAR",
  int16: "MET_SHORT",
  uint16: "MET_USHORT",
  int32: "MET_INT",
  uint32: "MET_UINT",
  float32: "MET_FLOAT",
  float64: "MET_DOUBLE",
};

/**
 * Header of a MetaImage with its voxels in the same file (.mha), in LPS as ITK reads it; the voxels follow it
 * directly: x fastest, little endian, not compressed. TransformMatrix has the axes one after the other, which
 * are the columns of a grid's direction.
 * @throws HounsfieldError `invalid-option`; `unsupported-image` for a slope or intercept, which readers of
 * MetaImage ignore
 */
export function metaImageHeader(description: ImageDescription): Uint8Array<ArrayBuffer> {
  const rules = descriptionRules("metaImageHeader");
  const { grid, dtype, slope, intercept } = checkOptions("metaImageHeader", description, rules);
  if ((slope ?? 1) !== 1 || (intercept ?? 0) !== 0) {
    const what = "readers ignore its slope and intercept: write values";
    throw unsupportedImage("MetaImage", what, { slope, intercept });
  }
  const axes = [0, 1, 2].flatMap((axis) => [0, 3, 6].map((row) => grid.direction[row + axis]));
  const lines = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    "CompressedData = False",
    `TransformMatrix = ${axes.join(" ")}`,
    `Offset = ${grid.originMm.join(" ")}`,
    "CenterOfRotation = 0 0 0",
    "AnatomicalOrientation = RAI",
    `ElementSpacing = ${grid.spacingMm.join(" ")}`,
    `DimSize = ${grid.size.join(" ")}`,
    `ElementType = ${metaTypes[dtype]}`,
    "ElementDataFile = LOCAL",
  ];
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}
