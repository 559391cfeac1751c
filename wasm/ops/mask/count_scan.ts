// Used by: src/ops/mask/scan_counts.ts
/**
 * CPU body of shaders/mask/count_scan.wgsl: exclusive prefix sums of blocks of 64, in place, and their
 * totals. Split: whole.
 */
export function count_scan(entries: u32, counts: usize, totals: usize): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < entries; i++) {
    const at = counts + (i << 2);
    const count = load<u32>(at);
    store<u32>(at, sum);
    sum += count;
    if ((i & 63) == 63 || i + 1 == entries) {
      store<u32>(totals + ((i >> 6) << 2), sum);
      sum = 0;
    }
  }
}
