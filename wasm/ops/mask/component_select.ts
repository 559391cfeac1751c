// Used by: src/ops/mask/select_components.ts
import { mask_pitch } from "../common/rows";
import { wide_complement, word_of } from "../common/runs";

/**
 * CPU body of shaders/mask/component_select.wgsl: the mask of the chosen components, alone or added to their
 * mask; 64 voxels a step. Split: y.
 */
export function component_select(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  keep_mask: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  chosen: usize,
  selected: usize,
  from: u32,
  to: u32,
): void {
  const flip = wide_complement(complement);
  const row_bytes = mask_pitch(columns) << 2;
  const words = (columns + 63) >> 6;
  const kept = wide_complement(keep_mask);
  for (let row = (first_slice + from) * rows; row < (first_slice + to) * rows; row++) {
    const source = mask + row * row_bytes;
    const target = selected + row * row_bytes;
    let run = root + (load<u32>(first_run + (row << 2)) << 2);
    let before: u64 = 0;
    // Whether the run that goes on from the word before is chosen.
    let taken: u64 = 0;
    for (let x: u32 = 0; x < words; x++) {
      const word = word_of(source, x, columns, flip);
      let bits = 0 - taken;
      // Most words are all set or all clear, as the voxel before them is: nothing begins there.
      if (word != 0 - before) {
        // Lowest voxels of chosen stretches. Added to the word, each turns its own stretch to zeros by its
        // carry, and no other.
        let lowest = taken & word;
        for (let starts = word & ~((word << 1) | before); starts != 0; starts &= starts - 1, run += 4) {
          taken = load<u32>(chosen + (load<u32>(run) << 2)) != 0 ? 1 : 0;
          lowest |= taken << ctz(starts);
        }
        bits = word & ~(word + lowest);
        before = word >> 63;
        taken &= before;
      }
      const at = x << 3;
      bits |= load<u64>(source + at) & kept;
      // A row may end with the lower half of a word.
      if (columns - (x << 6) > 32) store<u64>(target + at, bits);
      else store<u32>(target + at, <u32>bits);
    }
  }
}
