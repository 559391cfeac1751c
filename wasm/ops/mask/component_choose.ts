/** CPU body of shaders/mask/component_choose.wgsl: which components pass a rule of size and of faces touched. Split: whole. */
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
  const least = <u64>load<u32>(largest) * <u64>minimum_millionths;
  for (let i: usize = 0; i < <usize>runs << 2; i += 4) {
    const count = load<u32>(voxels + i);
    const passes =
      (load<u32>(faces + i) & rejected_faces) == 0 && count <= maximum_voxels && <u64>count * 1000000 >= least;
    store<u32>(chosen + i, passes ? 1 : 0);
  }
}
