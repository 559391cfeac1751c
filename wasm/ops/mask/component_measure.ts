import { add_u32, or_u32 } from "../common/atomics";
import { mask_pitch } from "../common/rows";
import { faces_of_row, is_empty_row, wide_complement, word_of } from "../common/runs";

/** CPU body of shaders/mask/component_measure.wgsl: voxels of each component, and the faces it touches; 64 voxels a step. Split: y. */
export function component_measure(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  depth: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  voxels: usize,
  faces: usize,
  from: u32,
  to: u32,
): void {
  const flip = wide_complement(complement);
  const rowBytes = mask_pitch(columns) << 2;
  const words = (columns + 63) >> 6;
  const last = depth * rows - 1;
  for (let z = first_slice + from; z < first_slice + to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const row = z * rows + y;
      if (is_empty_row(first_run, row, last)) continue;
      const source = mask + row * rowBytes;
      const first = root + (load<u32>(first_run + (row << 2)) << 2);
      // Of the run that began last.
      let run = first - 4;
      let before: u64 = 0;
      for (let x: u32 = 0; x < words; x++) {
        let word = word_of(source, x, columns, flip);
        // A run that goes on from the word before is no new one.
        run -= <usize>(word & before) << 2;
        before = word >> 63;
        while (word != 0) {
          // Its carry turns the lowest stretch to zeros.
          const rest = word & (word + (word & -word));
          run += 4;
          add_u32(voxels + (load<u32>(run) << 2), <u32>popcnt(word ^ rest));
          word = rest;
        }
      }
      const row_faces = faces_of_row(y, rows, z, depth);
      if (row_faces != 0) {
        for (let touching = first; touching <= run; touching += 4) or_u32(faces + (load<u32>(touching) << 2), row_faces);
      }
      if ((load<u32>(source) ^ complement) & 1) or_u32(faces + (load<u32>(first) << 2), 1);
      if (is_last_set(source, columns, complement)) or_u32(faces + (load<u32>(run) << 2), 2);
    }
  }
}

/** Whether the last voxel of a row is set. */
// @ts-ignore: decorator
@inline
function is_last_set(row: usize, columns: u32, complement: u32): bool {
  const x = columns - 1;
  return (((load<u32>(row + ((x >> 5) << 2)) ^ complement) >> (x & 31)) & 1) != 0;
}
