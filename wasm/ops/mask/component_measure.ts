// Used by: src/ops/mask/component_measures.ts
import { add_u32, or_u32 } from "../common/atomics";
import { mask_pitch } from "../common/rows";
import { count_runs, faces_of_row, wide_complement, word_of } from "../common/runs";

/**
 * CPU body of shaders/mask/component_measure.wgsl: voxels of each component where they are wanted, and the
 * faces it touches. Split: y.
 */
export function component_measure(
  columns: u32,
  rows: u32,
  first_slice: u32,
  complement: u32,
  depth: u32,
  counted: u32,
  mask: usize,
  first_run: usize,
  root: usize,
  voxels: usize,
  faces: usize,
  from: u32,
  to: u32,
): void {
  const row_bytes = mask_pitch(columns) << 2;
  const last = depth * rows - 1;
  for (let z = first_slice + from; z < first_slice + to; z++) {
    for (let y: u32 = 0; y < rows; y++) {
      const row = z * rows + y;
      const source = mask + row * row_bytes;
      const first = load<u32>(first_run + (row << 2));
      const end = row < last ? load<u32>(first_run + (row << 2), 4) : first + count_runs(source, columns, complement);
      if (first == end) continue;
      if (counted != 0) add_voxels(source, columns, complement, root + (first << 2), voxels);
      const row_faces = faces_of_row(y, rows, z, depth);
      if (row_faces != 0) {
        for (let run = first; run < end; run++) or_u32(faces + (root_of(root, run) << 2), row_faces);
      }
      // Of the runs of a row the first alone can have its first column, the last alone its last.
      if (is_set(source, 0, complement)) or_u32(faces + (root_of(root, first) << 2), 1);
      if (is_set(source, columns - 1, complement)) or_u32(faces + (root_of(root, end - 1) << 2), 2);
    }
  }
}

/**
 * Adds the voxels of a row's runs to their components, 64 voxels a step; `roots` is the address of the first
 * run's root.
 */
function add_voxels(row: usize, columns: u32, complement: u32, roots: usize, voxels: usize): void {
  const flip = wide_complement(complement);
  const words = (columns + 63) >> 6;
  // Of the run that began last.
  let run = roots - 4;
  let before: u64 = 0;
  for (let x: u32 = 0; x < words; x++) {
    let word = word_of(row, x, columns, flip);
    // A run that goes on from the word before is no new one.
    run -= <usize>(word & before) << 2;
    before = word >> 63;
    while (word != 0) {
      // The carry turns the lowest stretch to zeros.
      const rest = word & (word + (word & -word));
      run += 4;
      add_u32(voxels + (load<u32>(run) << 2), <u32>popcnt(word ^ rest));
      word = rest;
    }
  }
}

// @ts-ignore: decorator
@inline
function root_of(root: usize, run: u32): u32 {
  return load<u32>(root + (run << 2));
}

// @ts-ignore: decorator
@inline
function is_set(row: usize, x: u32, complement: u32): bool {
  return (((load<u32>(row + ((x >> 5) << 2)) ^ complement) >> (x & 31)) & 1) != 0;
}
