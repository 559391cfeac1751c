/** `hounsfield/formats`: files that other programs read. */
export type { Diagnostic } from "../core/diagnostic.js";
export type { Grid, Vec3 } from "../core/grid.js";
export type { Mesh } from "../core/mesh.js";
export { affineOfGrid, gridOfAffine } from "./affine.js";
export type { ImageDescription, ImageFile } from "./image.js";
export { encodeGlb } from "./mesh/glb.js";
export { encodeObj } from "./mesh/obj.js";
export { encodePly } from "./mesh/ply.js";
export { encodeStl } from "./mesh/stl.js";
export { metaImageHeader } from "./metaimage/metaimage_header.js";
export { parseMetaImage } from "./metaimage/parse_metaimage.js";
export { niftiHeader } from "./nifti/nifti_header.js";
export { parseNifti } from "./nifti/parse_nifti.js";
export {
  type NpyArray,
  type NpyData,
  type NpyDescription,
  type NpyType,
  npyHeader,
  parseNpy,
} from "./npy.js";
export { type NrrdDescription, type NrrdSegment, nrrdHeader } from "./nrrd/nrrd_header.js";
export { parseNrrd } from "./nrrd/parse_nrrd.js";
export { type DisplayWindow, encodeColorPng, encodeGrayPng, type GrayImage } from "./png.js";
export type { VoxelData, VoxelType } from "./voxel_types.js";
