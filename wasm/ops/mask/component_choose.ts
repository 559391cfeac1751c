// Used by: src/ops/mask/components.ts
/**
 * CPU body of shaders/mask/component_choose.wgsl: which components pass a rule of size and of faces touched.
 * Split: whole.
 */
export function component_choose(
  runs: u32,
  rejected_faces: u32,
  maximum_voxels: u32,
  minimum_millionths: u32,
  voxels: usize,
  faces: usize,
  largest: usize,
  chosen: usize,
): void {
  // No branch: which components pass is hard to foretell.
  const minimum_voxels = <u32>((<u64>load<u32>(largest) * <u64>minimum_millionths + 999999) / 1000000);
  for (let i: usize = 0; i < <usize>runs << 2; i += 4) {
    const count = load<u32>(voxels + i);
    const rejected = u32((load<u32>(faces + i) & rejected_faces) != 0);
    store<u32>(chosen + i, u32(count >= minimum_voxels) & u32(count <= maximum_voxels) & ~rejected);
  }
}
