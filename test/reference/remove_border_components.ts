import type { Vec3 } from "../../src/core/grid.js";
import { floodComponents, keepComponents } from "./components.js";

export function removeBorderVoxels(voxels: Uint8Array, size: Vec3, perSlice = true): Uint8Array {
  return keepComponents(floodComponents(voxels, size, perSlice ? 4 : 6), ({ frame }) => !frame);
}
