import type { Grid, Vec3 } from "../../../core/grid.js";
import { maskRowWords } from "../../../volume/bit_mask.js";
import { sliceRange } from "../../../volume/ct_volume.js";
import type { LabelPass } from "../label_texture.js";
import { ratioParams } from "./ratio_params.js";
import { coveredBy, ratiosOf } from "./texel_grid.js";

/**
 * Masks of a grid as labels of a coarser texture: a texel is a mask's where at least half of what it covers
 * is.
 */
export function downsampledLabels({ size }: Grid, texels: Vec3): LabelPass {
  const [columns, rows] = size;
  const ratios = ratiosOf(size, texels);
  return ({ grid, buffer }, label, staging, z0, z1) => {
    const [first, end] = coveredBy(ratios[2], z0, z1);
    const { range, firstWord } = sliceRange(buffer, maskRowWords(grid) * rows, first, end);
    return {
      kernel: "downsample_labels",
      params: {
        columns,
        rows,
        first_word: firstWord,
        first_slice: first,
        texel_columns: texels[0],
        texel_rows: texels[1],
        first_texel: z0,
        texel_pitch: staging.bytesPerRow / 4,
        ...ratioParams(ratios),
        label,
        keep: label === 0 ? 0 : 1,
      },
      bindings: { bits: range, texels: staging.buffer },
      invocations: [Math.ceil(texels[0] / 4), texels[1], z1 - z0],
    };
  };
}
