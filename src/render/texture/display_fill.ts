import type { Pass } from "../../engine/engine.js";
import { type CtVolume, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { displayScale } from "./display_scale.js";
import {
  clearToAir,
  type DisplayFill,
  type DisplayTarget,
  type HuStaging,
  withHuStaging,
  writeHuSlices,
} from "./display_slices.js";
import { slicesAPass } from "./display_target.js";

/** Fills a texture of the volume's own size: a texel a voxel. */
export function fillWhole(volume: CtVolume, target: DisplayTarget): DisplayFill {
  const { engine, texture } = target;
  const [nx, ny] = volume.grid.size;
  return {
    async update(z0, z1, standIn) {
      const most = standIn === undefined ? slicesAPass(engine, texture, nx * ny) : 1;
      const depth = Math.min(z1 - z0, most);
      await withHuStaging(target, depth, async (staging) => {
        // Packed once and copied to several places: an eighth of the work of packing each.
        if (standIn !== undefined) {
          const pass = packPass(volume, staging, target, standIn, standIn + 1);
          return writeHuSlices(target, staging, [pass], z0, z1, 1);
        }
        for (let z = z0; z < z1; z += depth) {
          const end = Math.min(z1, z + depth);
          await writeHuSlices(target, staging, [packPass(volume, staging, target, z, end)], z, end);
        }
      });
    },
    clear: (z0, z1) => clearToAir(target, z0, z1),
  };
}

function packPass(
  { grid, buffer, values }: CtVolume,
  { buffer: texels, bytesPerRow, extremes }: HuStaging,
  { format, bricks: { counts } }: DisplayTarget,
  z0: number,
  z1: number,
): Pass {
  const { range, firstWord } = sliceRange(buffer, sliceWords(grid), z0, z1);
  const isHalf = format === "r16float";
  return {
    kernel: isHalf ? "display_pack_half" : "display_pack_float",
    params: {
      columns: grid.size[0],
      rows: grid.size[1],
      first_word: firstWord,
      texel_pitch: bytesPerRow / (isHalf ? 4 : 8),
      brick_columns: counts[0],
      brick_rows: counts[1],
      ...displayScale(values),
    },
    bindings: { hu: range, texels, extremes },
    invocations: [counts[0], counts[1], z1 - z0],
  };
}
