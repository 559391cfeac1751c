import type { Ratio } from "./texel_grid.js";

/** Ratios as the shaders of shaders/render/downsample take them. */
export function ratioParams([x, y, z]: readonly [Ratio, Ratio, Ratio]) {
  return {
    voxels_x: x.voxels,
    texels_x: x.texels,
    voxels_y: y.voxels,
    texels_y: y.texels,
    voxels_z: z.voxels,
    texels_z: z.texels,
  };
}
