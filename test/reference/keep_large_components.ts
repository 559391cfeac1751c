import type { Vec3 } from "../../src/core/grid.js";
import { floodComponents, keepComponents } from "./components.js";

/** `minimumFraction` in whole millionths, so that the comparison is one of integers. */
export function keepLargeVoxels(voxels: Uint8Array, size: Vec3, minimumFraction: number): Uint8Array {
  const found = floodComponents(voxels, size, 6);
  const largest = found.components.reduce((most, component) => Math.max(most, component.voxels), 0);
  const least = BigInt(Math.round(minimumFraction * 1e6)) * BigInt(largest);
  return keepComponents(found, (component) => BigInt(component.voxels) * 1000000n >= least);
}
