import type { VoxelArray } from "../core/voxel_array.js";
import { type BitMask, maskRowWords } from "./bit_mask.js";
import { checkSlices } from "./check_slices.js";
import { wholeSlices } from "./write_slices.js";

/**
 * Puts whole slices of a mask, a number a voxel, dense, from slice `z` on: set where `isSet`, which is where
 * it is not 0. @throws HounsfieldError `invalid-option`
 */
export function writeMaskSlices(
  of: string,
  { engine, grid, buffer }: BitMask,
  z: number,
  values: VoxelArray,
  isSet: (value: number) => boolean = (value) => value !== 0,
): void {
  const [nx, ny] = grid.size;
  const slices = wholeSlices(of, "values", values, nx * ny);
  checkSlices(grid, z, z + slices);
  const rowWords = maskRowWords(grid);
  const words = new Uint32Array(rowWords * ny);
  for (let k = 0; k < slices; k++) {
    words.fill(0);
    for (let y = 0; y < ny; y++) {
      const from = (k * ny + y) * nx;
      for (let x = 0; x < nx; x++)
        if (isSet(values[from + x])) words[y * rowWords + (x >> 5)] |= 1 << (x & 31);
    }
    engine.write(buffer, (z + k) * words.byteLength, words);
  }
}
