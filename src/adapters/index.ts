/** `hounsfield/adapters`: volumes and masks to other programs and back, without importing any of them. */
export type { Grid, Vec3 } from "../core/grid.js";
export {
  type CornerstoneVolume,
  cornerstoneVolume,
} from "./cornerstone.js";
export type { CornerstoneImage } from "./cornerstone_image.js";
export { type CornerstoneSlices, cornerstoneImageLoader } from "./cornerstone_image_loader.js";
export {
  type CornerstoneScale,
  type CornerstoneSource,
  cornerstoneMetadata,
} from "./cornerstone_metadata.js";
export { type ItkImage, type ItkImageLike, itkImage, voxelsOfItk } from "./itk.js";
export { type NiivueOptions, niivueFile } from "./niivue.js";
export { type GpuTensorLike, onnxTensorArguments } from "./onnx.js";
export { type ThreeTextureArguments, threeTextureArguments } from "./three.js";
export type { NumberType, SharedData, Voxels } from "./voxels.js";
export { type VtkImageArguments, type VtkImageLike, voxelsOfVtk, vtkImageArguments } from "./vtk.js";
