import type { Vec3 } from "../../core/grid.js";
import { allocateMask, type BitMask, maskRowWords } from "../../volume/bit_mask.js";

/**
 * A mask like `like` that is set in a box of voxels, both corners inside. Made by the host: a row of words,
 * written where the box is.
 */
export async function boxMask(like: BitMask, minimum: Vec3, maximum: Vec3): Promise<BitMask> {
  const { engine, grid } = like;
  const mask = await allocateMask(engine, grid, "box mask");
  const pitch = maskRowWords(grid);
  const row = new Uint32Array(pitch);
  for (let x = minimum[0]; x <= maximum[0]; x++) row[x >> 5] |= 2 ** (x & 31);
  const rows = maximum[1] - minimum[1] + 1;
  const block = new Uint32Array(pitch * rows);
  for (let y = 0; y < rows; y++) block.set(row, y * pitch);
  for (let z = minimum[2]; z <= maximum[2]; z++) {
    engine.write(mask.buffer, (z * grid.size[1] + minimum[1]) * pitch * 4, block);
  }
  return mask;
}
