/** `hounsfield/formats`: files that other programs read. */
export {
  type NpyArray,
  type NpyData,
  type NpyDescription,
  type NpyType,
  npyHeader,
  parseNpy,
} from "./npy.js";
export { type DisplayWindow, encodeColorPng, encodeGrayPng, type GrayImage } from "./png.js";
