// Used by: src/ops/mask/runs.ts
/**
 * CPU body of shaders/mask/run_flatten.wgsl: points each run straight at its root. Parents are smaller than
 * their children, so that in ascending order each finds its parent flat already. Split: whole.
 */
export function run_flatten(runs: u32, parent: usize): void {
  for (let run: u32 = 0; run < runs; run++) {
    const at = parent + (run << 2);
    store<u32>(at, load<u32>(parent + (load<u32>(at) << 2)));
  }
}
