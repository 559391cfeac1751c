import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { rowWords } from "../../volume/ct_volume.js";
import { type Band, planBands, SPLINE_HALO } from "./resample_bands.js";
import { runPasses } from "./resample_batches.js";
import type { AxisMap } from "./resample_map.js";
import type { Border, ResampleKernel } from "./resample_options.js";
import {
  alongParams,
  alongPasses,
  type FloatBlock,
  prefilterPasses,
  type UploadedTaps,
  uploadTaps,
  widenPasses,
} from "./resample_passes.js";
import { identityTable, tapTable } from "./resample_taps.js";
import { outputRange, outputSlabs, type ResampleRun } from "./resample_target.js";

/** What the weights along the axes are made of. */
export interface SeparableSampling {
  readonly kernel: Exclude<ResampleKernel, "nearest">;
  readonly antialias: boolean;
  readonly border: Border;
  /** Output axis to the same axis of the source. */
  readonly axes: readonly AxisMap[];
}

/** What the passes of every band share. */
interface Work {
  /** Along x, y, z. */
  readonly taps: readonly UploadedTaps[];
  /** For `b-spline`: takes x as it is, for the prefilter comes before its taps. */
  readonly identity?: UploadedTaps;
  readonly blocks: readonly [EngineBuffer, EngineBuffer];
  readonly borderHu: number;
}

/**
 * x, y, z one after the other, each a table of weights, through two f32 blocks. A block holds some rows of
 * all slices: then the spline along z is whole, and only along y do bands overlap.
 */
export async function resampleSeparable(run: ResampleRun, sampling: SeparableSampling): Promise<void> {
  const { scratch, volume, output, control } = run;
  const { engine, grid: source } = volume;
  const { size } = output.grid;
  const spline = sampling.kernel === "b-spline";
  const tables = sampling.axes.map((axis, i) => tapTable(sampling, axis, source.size[i], size[i]));
  const columns = spline ? Math.max(source.size[0], size[0]) : size[0];
  const { bands, rows } = planBands(
    engine,
    tables[1],
    source.size,
    size[1],
    columns,
    spline ? SPLINE_HALO : 0,
  );
  const taps: UploadedTaps[] = [];
  for (const table of tables) taps.push(await uploadTaps(engine, scratch, table));
  const identity = spline ? await uploadTaps(engine, scratch, identityTable(source.size[0])) : undefined;
  const bytes = columns * rows * source.size[2] * 4;
  const one = scratch.own(await engine.allocate("resample block", bytes));
  const other = scratch.own(await engine.allocate("resample block", bytes));
  const borderHu = sampling.border === "clamp" ? 0 : sampling.border.constantHu;
  const work = { taps, identity, blocks: [one, other], borderHu } as const;
  const passes = bands.flatMap((band) => {
    const across = identity ? splinePasses(run, work, identity, band) : plainPasses(run, work, band);
    return [...across.passes, ...lastPasses(run, work, band, across.block)];
  });
  await runPasses(engine, passes, "resample", control);
}

/** Along x and y. */
function plainPasses(run: ResampleRun, { taps, blocks, borderHu }: Work, band: Band): Across {
  const { engine } = run.volume;
  const columns = run.output.grid.size[0];
  const acrossX = blockOf(run, blocks[0], columns, band.from, band.to);
  const block = blockOf(run, blocks[1], columns, band.y0, band.y1);
  const passes = [
    ...widenPasses(run.volume, taps[0], acrossX, borderHu),
    ...alongPasses(engine, acrossX, block, 1, taps[1]),
  ];
  return { passes, block };
}

/** Along x and y, before each the prefilter, and the prefilter along z. */
function splinePasses(
  run: ResampleRun,
  { taps, blocks, borderHu }: Work,
  identity: UploadedTaps,
  band: Band,
): Across {
  const { engine, grid: source } = run.volume;
  const columns = run.output.grid.size[0];
  const widened = blockOf(run, blocks[0], source.size[0], band.from, band.to);
  const acrossX = blockOf(run, blocks[1], columns, band.from, band.to);
  const block = blockOf(run, blocks[0], columns, band.y0, band.y1);
  const passes = [
    ...widenPasses(run.volume, identity, widened, borderHu),
    ...prefilterPasses(engine, widened, 0),
    ...alongPasses(engine, widened, acrossX, 0, taps[0]),
    ...prefilterPasses(engine, acrossX, 1),
    ...alongPasses(engine, acrossX, block, 1, taps[1]),
    ...prefilterPasses(engine, block, 2),
  ];
  return { passes, block };
}

/** A band that wants nothing but its taps along z, and the passes that make it. */
interface Across {
  readonly passes: readonly Pass[];
  readonly block: FloatBlock;
}

/** Rows [y0, y1) of all source slices. */
function blockOf(
  { volume }: ResampleRun,
  buffer: EngineBuffer,
  columns: number,
  y0: number,
  y1: number,
): FloatBlock {
  return { buffer, size: [columns, y1 - y0, volume.grid.size[2]], first: [0, y0, 0] };
}

/** Along z into the rows of the output that a band makes. */
function lastPasses(
  { volume, output }: ResampleRun,
  { taps, borderHu }: Work,
  { y0, y1 }: Band,
  from: FloatBlock,
): Pass[] {
  const [columns, rows] = output.grid.size;
  const pitch = output.kind === "hu" ? rowWords(output.grid) : columns;
  return outputSlabs(volume.engine, output, columns * (y1 - y0)).map(({ z0, z1 }): Pass => {
    const { range, firstWord } = outputRange(output, z0, z1);
    const to = { size: [columns, y1 - y0, z1 - z0] as const, first: [0, y0, z0] as const };
    return {
      kernel: output.kind === "hu" ? "resample_narrow" : "resample_along",
      params: {
        ...alongParams(from, to, 2, taps[2], z0),
        slices: z1 - z0,
        out_first: firstWord + y0 * pitch,
        out_rows: rows,
        border_hu: borderHu,
      },
      bindings: { table: taps[2].table, source: from.buffer, resampled: range },
      invocations: [pitch, y1 - y0, z1 - z0],
    };
  });
}
