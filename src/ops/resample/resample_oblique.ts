import type { Grid } from "../../core/grid.js";
import type { Engine, EngineBuffer, Pass } from "../../engine/engine.js";
import { rowWords } from "../../volume/ct_volume.js";
import type { Slab } from "../../volume/slabs.js";
import { SPLINE_HALO } from "./resample_bands.js";
import { runPasses, tooLarge } from "./resample_batches.js";
import type { IndexMap } from "./resample_map.js";
import type { Border, ResampleKernel } from "./resample_options.js";
import {
  alongPasses,
  type FloatBlock,
  prefilterPasses,
  type UploadedTaps,
  uploadTaps,
  widenPasses,
} from "./resample_passes.js";
import { sliceReach, uploadPositions } from "./resample_positions.js";
import { blurTable, identityTable, type TapTable } from "./resample_taps.js";
import { outputRange, outputSlabs, type ResampleOutput, type ResampleRun } from "./resample_target.js";

interface ObliqueSampling {
  readonly kernel: ResampleKernel;
  readonly antialias: boolean;
  readonly border: Border;
  readonly map: IndexMap;
}

/** Slices beside its own that a band needs for four taps that may be mirrored. */
const TAP_HALO = 2;

/**
 * Gathers at positions that no pass along an axis reaches: bands of source slices go to f32, are blurred
 * where the map shrinks them, turned into coefficients for the spline, and every output voxel whose slice a
 * band owns is interpolated from it.
 */
export async function resampleOblique(run: ResampleRun, sampling: ObliqueSampling): Promise<void> {
  const { scratch, volume, output, control } = run;
  const { engine, grid: source } = volume;
  const blurs = blurTables(source, sampling);
  const bands = planBands(engine, source, sampling, blurs[2]);
  const taps: UploadedTaps[] = [];
  for (const table of blurs) taps.push(await uploadTaps(engine, scratch, table));
  const positions = await uploadPositions(engine, scratch, sampling.map, output.grid);
  const bytes =
    Math.max(...bands.map((band) => band.read.z1 - band.read.z0)) * source.size[0] * source.size[1] * 4;
  const blurred = blurs.slice(1).some((table) => table.taps > 1);
  const buffers: EngineBuffer[] = [];
  for (let i = 0; i < (blurred ? 2 : 1); i++) {
    buffers.push(scratch.own(await engine.allocate("resample block", bytes)));
  }
  const passes = bands.flatMap((band): Pass[] => {
    const prepared = preparePasses(run, sampling, band, taps, buffers);
    return [
      ...prepared.passes,
      ...gatherPasses(engine, source, output, sampling, band, positions, prepared.block),
    ];
  });
  await runPasses(engine, passes, "resample", control);
}

/**
 * Source slices whose output voxels a band makes, those it interpolates from, and those that these are
 * blurred from.
 */
interface Band {
  readonly own: Slab;
  readonly held: Slab;
  readonly read: Slab;
}

/** An output step that spans several voxels of a source axis blurs along it; else each voxel is itself. */
function blurTables(source: Grid, { kernel, antialias, map }: ObliqueSampling): TapTable[] {
  return source.size.map((length, axis) => {
    const ratio = Math.hypot(...map.matrix.slice(axis * 3, axis * 3 + 3));
    return antialias && ratio > 1 + 1e-6 ? blurTable(ratio, length, kernel) : identityTable(length);
  });
}

function planBands({ limits }: Engine, { size }: Grid, { kernel }: ObliqueSampling, blur: TapTable): Band[] {
  // With halos of a spline on both sides a block of half the size took 1.6 times as long.
  const most = Math.min(2 * limits.blockVoxels, Math.floor(limits.maxBindingBytes / 4));
  const halo = TAP_HALO + (kernel === "b-spline" ? SPLINE_HALO : 0);
  const sliceVoxels = size[0] * size[1];
  for (let depth = size[2]; ; depth = Math.ceil(depth / 2)) {
    const bands = Array.from({ length: Math.ceil(size[2] / depth) }, (_, i): Band => {
      const own = { z0: i * depth, z1: Math.min(size[2], (i + 1) * depth) };
      const held = { z0: Math.max(0, own.z0 - halo), z1: Math.min(size[2], own.z1 + halo) };
      return { own, held, read: { z0: blur.first[held.z0], z1: blur.first[held.z1 - 1] + blur.taps } };
    });
    const slices = Math.max(...bands.map(({ read }) => read.z1 - read.z0));
    if (slices * sliceVoxels <= most) return bands;
    if (depth === 1) tooLarge("one slice and its neighborhood", slices * sliceVoxels * 4, most * 4);
  }
}

/** What a band is interpolated from, and the passes that make it. */
function preparePasses(
  { volume }: ResampleRun,
  { kernel }: ObliqueSampling,
  { held, read }: Band,
  taps: readonly UploadedTaps[],
  [one, other]: readonly EngineBuffer[],
): { passes: Pass[]; block: FloatBlock } {
  const { engine, grid } = volume;
  const block = (buffer: EngineBuffer, { z0, z1 }: Slab): FloatBlock => ({
    buffer,
    size: [grid.size[0], grid.size[1], z1 - z0],
    first: [0, 0, z0],
  });
  let current = block(one, read);
  const passes = widenPasses(volume, taps[0], current, 0);
  if (other) {
    const blurredY = block(other, read);
    const blurredZ = block(one, held);
    passes.push(...alongPasses(engine, current, blurredY, 1, taps[1]));
    passes.push(...alongPasses(engine, blurredY, blurredZ, 2, taps[2]));
    current = blurredZ;
  }
  if (kernel === "b-spline") {
    for (const axis of [0, 1, 2] as const) passes.push(...prefilterPasses(engine, current, axis));
  }
  return { passes, block: current };
}

function gatherPasses(
  engine: Engine,
  source: Grid,
  output: ResampleOutput,
  { kernel, border, map }: ObliqueSampling,
  { own }: Band,
  positions: EngineBuffer,
  block: FloatBlock,
): Pass[] {
  const [columns, rows] = output.grid.size;
  const last = source.size[2] - 1;
  return outputSlabs(engine, output, columns * rows)
    .filter(({ z0, z1 }) => {
      const [low, high] = sliceReach(map, output.grid.size, z0, z1).map((z) =>
        Math.min(Math.max(z, 0), last),
      );
      return low < own.z1 + 1 && high > own.z0 - 1;
    })
    .map(({ z0, z1 }): Pass => {
      const { range, firstWord } = outputRange(output, z0, z1);
      return {
        kernel: output.kind === "hu" ? "resample_gather" : "resample_gather_float",
        params: {
          source_columns: source.size[0],
          source_rows: source.size[1],
          source_slices: source.size[2],
          band_first: own.z0,
          band_end: own.z1,
          held_first: block.first[2],
          columns,
          rows,
          slices: z1 - z0,
          slice_first: z0,
          out_first: firstWord,
          taps: tapsAlong[kernel],
          spline: kernel === "b-spline" ? 1 : 0,
          constant: border === "clamp" ? 0 : 1,
          border_hu: border === "clamp" ? 0 : border.constantHu,
        },
        bindings: { positions, source: block.buffer, resampled: range },
        invocations: [output.kind === "hu" ? rowWords(output.grid) : columns, rows, z1 - z0],
      };
    });
}

/** Lanczos is refused before: its sines would not be the same on every device. */
const tapsAlong: Readonly<Record<ResampleKernel, number>> = {
  nearest: 1,
  linear: 2,
  "catmull-rom": 4,
  "b-spline": 4,
  lanczos3: 0,
};
