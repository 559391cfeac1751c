import { HounsfieldError } from "../../../core/errors.js";
import type { Grid } from "../../../core/grid.js";
import type { Pass } from "../../../engine/engine.js";
import { type CtVolume, sliceRange, sliceWords } from "../../../volume/ct_volume.js";
import { displayScale } from "../display_scale.js";
import {
  clearToAir,
  type DisplayFill,
  type DisplayTarget,
  type HuStaging,
  withHuStaging,
  writeHuSlices,
} from "../display_slices.js";
import { slicesAPass } from "../display_target.js";
import { ratioParams } from "./ratio_params.js";
import { type SliceRun, sliceRuns } from "./slice_runs.js";
import { coveredBy, coveringOf, type Ratio, ratiosOf } from "./texel_grid.js";

/**
 * Fills a texture on a grid coarser than the volume's, of the same extent: texels are means of the voxels
 * that they cover.
 */
export function fillDownsampled(volume: CtVolume, grid: Grid, target: DisplayTarget): DisplayFill {
  const ratios = ratiosOf(volume.grid.size, grid.size);
  /** Slices of the record that hold their own values, and of the texture that hold anything. */
  const own = new Uint8Array(volume.grid.size[2]);
  const written = new Uint8Array(grid.size[2]);
  return {
    async update(z0, z1, standIn) {
      if (standIn === undefined) own.fill(1, z0, z1);
      else own[standIn] = 1;
      for (const run of sliceRuns(ratios[2], own, z0, z1, standIn)) {
        written.fill(1, run.to0, run.to1);
        await makeRun(volume, target, ratios, run);
      }
    },
    clear(z0, z1) {
      const [first, end] = coveringOf(ratios[2], z0, z1);
      for (let k = first; k < end; k++) if (!written[k]) clearToAir(target, k, k + 1);
    },
  };
}

type Ratios = readonly [Ratio, Ratio, Ratio];

async function makeRun(
  volume: CtVolume,
  target: DisplayTarget,
  ratios: Ratios,
  { to0, to1, first, end, from }: SliceRun,
): Promise<void> {
  const depth = from === undefined ? Math.min(to1 - to0, meansAPass(volume, target, ratios[2])) : 1;
  await withHuStaging(target, depth, async (staging) => {
    if (from !== undefined) {
      const passes = [
        meanPass(volume, target, staging, ratios, from, 1, first, end),
        extremesPass(target, staging, 1),
      ];
      return writeHuSlices(target, staging, passes, to0, to1, 1);
    }
    for (let k = to0; k < to1; k += depth) {
      const stop = Math.min(to1, k + depth);
      const [low, high] = coveredBy(ratios[2], k, stop);
      const passes = [
        meanPass(volume, target, staging, ratios, k, stop - k, low, high),
        extremesPass(target, staging, stop - k),
      ];
      await writeHuSlices(target, staging, passes, k, stop);
    }
  });
}

/**
 * Slices of the texture that one pass should make: what they cover is bound at once.
 * @throws HounsfieldError `limit-exceeded`
 */
function meansAPass({ grid }: CtVolume, { engine, texture }: DisplayTarget, ratio: Ratio): number {
  const [nx, ny] = grid.size;
  const perTexel = ratio.voxels / ratio.texels;
  const { maxBindingBytes } = engine.limits;
  const sliceBytes = 4 * sliceWords(grid);
  // A binding starts on a multiple of 256 bytes; slices that texels share at both ends are bound too.
  const bound = Math.floor(((maxBindingBytes - 256) / sliceBytes - 2) / perTexel);
  if (bound < 1) {
    const got = Math.ceil(perTexel + 2) * sliceBytes;
    const message = `the slices of one texel need ${got} bytes in one binding; the device takes ${maxBindingBytes}`;
    throw new HounsfieldError("limit-exceeded", message, { got, accepted: maxBindingBytes });
  }
  return Math.min(bound, slicesAPass(engine, texture, nx * ny * Math.ceil(perTexel)));
}

/** Of `count` slices of the texture from `texel` on, by slices [first, end) of the record. */
function meanPass(
  { grid, buffer, values }: CtVolume,
  { texture, format }: DisplayTarget,
  { buffer: texels, bytesPerRow }: HuStaging,
  ratios: Ratios,
  texel: number,
  count: number,
  first: number,
  end: number,
): Pass {
  const { range, firstWord } = sliceRange(buffer, sliceWords(grid), first, end);
  return {
    kernel: "downsample_hu",
    params: {
      columns: grid.size[0],
      rows: grid.size[1],
      first_word: firstWord,
      first_slice: first,
      end_slice: end,
      texel_columns: texture.width,
      texel_rows: texture.height,
      first_texel: texel,
      texel_pitch: bytesPerRow / 4,
      ...ratioParams(ratios),
      half_floats: format === "r16float" ? 1 : 0,
      ...displayScale(values),
    },
    bindings: { hu: range, texels },
    invocations: [Math.ceil(texture.width / 2), texture.height, count],
  };
}

/** Of the parts of bricks in the first `count` slices of a staging. */
function extremesPass(
  { texture, format, bricks: { counts } }: DisplayTarget,
  { buffer: texels, bytesPerRow, extremes }: HuStaging,
  count: number,
): Pass {
  return {
    kernel: "downsample_extremes",
    params: {
      columns: texture.width,
      rows: texture.height,
      texel_pitch: bytesPerRow / 4,
      half_floats: format === "r16float" ? 1 : 0,
      brick_columns: counts[0],
      brick_rows: counts[1],
    },
    bindings: { texels, extremes },
    invocations: [counts[0], counts[1], count],
  };
}
