import type { VoxelArray } from "../core/voxel_array.js";
import type { BitMask } from "./bit_mask.js";
import { checkMask, checkVolume } from "./check_argument.js";
import type { CtVolume } from "./ct_volume.js";
import { writeMaskSlices } from "./write_mask_slices.js";
import { writeSlices } from "./write_slices.js";

/** `CtVolume.write`. */
export function writeByHand(volume: CtVolume, z: number, values: VoxelArray): void {
  checkVolume("CtVolume.write", volume, "the volume");
  writeSlices("CtVolume.write", volume, z, values);
  const { arrival, grid } = volume;
  if (!arrival || arrival.complete) return;
  for (let k = 0; k < grid.size[2]; k++) if (!arrival.has(k)) return;
  arrival.finish();
}

/** `BitMask.write`. */
export function writeMaskByHand(mask: BitMask, z: number, values: VoxelArray): void {
  checkMask("BitMask.write", mask, "the mask");
  writeMaskSlices("BitMask.write", mask, z, values);
}
