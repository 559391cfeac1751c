// Used by: src/ops/mask/runs.ts
/** CPU body of shaders/mask/run_separate.wgsl: each run a tree of its own. Split: whole. */
export function run_separate(runs: u32, parent: usize): void {
  for (let run: u32 = 0; run < runs; run++) store<u32>(parent + (run << 2), run);
}
