// Used by: src/ops/mask/components.ts
/** CPU body of shaders/mask/component_largest.wgsl: voxels of the largest component. Split: whole. */
export function component_largest(runs: u32, voxels: usize, largest: usize): void {
  let most = load<u32>(largest);
  for (let run: u32 = 0; run < runs; run++) most = max(most, load<u32>(voxels + (run << 2)));
  store<u32>(largest, most);
}
