// Used by: src/ops/mask/scan_counts.ts
/**
 * CPU body of shaders/mask/count_offset.wgsl: adds to each count the prefix sum of its block of 64.
 * Split: whole.
 */
export function count_offset(entries: u32, offsets: usize, counts: usize): void {
  for (let i: u32 = 0; i < entries; i++) {
    const at = counts + (i << 2);
    store<u32>(at, load<u32>(at) + load<u32>(offsets + ((i >> 6) << 2)));
  }
}
