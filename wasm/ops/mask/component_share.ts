// Used by: src/ops/mask/keep_by_share.ts
/**
 * CPU body of shaders/mask/component_share.wgsl: which components hold less than a share of one mask in the
 * voxels of another. Split: whole.
 */
export function component_share(runs: u32, below_millionths: u32, parts: usize, wholes: usize, chosen: usize): void {
  for (let i: usize = 0; i < <usize>runs << 2; i += 4) {
    const part = <u64>load<u32>(parts + i) * 1000000;
    const limit = <u64>load<u32>(wholes + i) * <u64>below_millionths;
    store<u32>(chosen + i, part < limit ? 1 : 0);
  }
}
