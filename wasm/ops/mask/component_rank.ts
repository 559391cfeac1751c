// Used by: src/ops/mask/component_ranks.ts
/**
 * CPU body of shaders/mask/component_rank.wgsl: writes to the root run of each listed component its place,
 * from 1. Split: whole.
 */
export function component_rank(components: u32, listed: usize, rank: usize): void {
  for (let i: u32 = 0; i < components; i++) {
    store<u32>(rank + (load<u32>(listed + (i << 2)) << 2), i + 1);
  }
}
