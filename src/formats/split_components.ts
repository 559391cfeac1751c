import type { VoxelData } from "./voxel_types.js";

/**
 * One array a component of voxels whose axes are `sizes`, fastest first, three of them in a row in space from
 * `first` on: what varies faster than they (colors) is taken apart, what varies slower (time) is cut.
 */
export function splitComponents(data: VoxelData, sizes: readonly number[], first: number): VoxelData[] {
  const product = (list: readonly number[]) => list.reduce((all, n) => all * n, 1);
  const faster = product(sizes.slice(0, first));
  const voxels = product(sizes.slice(first, first + 3));
  const slower = product(sizes.slice(first + 3));
  const blocks = Array.from({ length: slower }, (_, i) =>
    slower === 1 ? data : data.slice(i * voxels * faster, (i + 1) * voxels * faster),
  );
  if (faster === 1) return blocks;
  return blocks.flatMap((block) =>
    Array.from({ length: faster }, (_, component) => {
      const own = block.slice(0, voxels);
      for (let i = 0; i < voxels; i++) own[i] = block[i * faster + component];
      return own;
    }),
  );
}
