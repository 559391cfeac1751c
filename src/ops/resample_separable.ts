import type { Vec3 } from "../core/grid.js";
import type { Engine, Pass } from "../engine/engine.js";
import { type CtVolume, rowWords } from "../volume/ct_volume.js";
import type { AxisMap } from "./resample_map.js";
import type { Border, ResampleKernel } from "./resample_options.js";
import {
  alongParams,
  alongPasses,
  type FloatBlock,
  prefilterPasses,
  runPasses,
  tooLarge,
  type UploadedTaps,
  uploadTaps,
  widenPasses,
} from "./resample_passes.js";
import { type TapTable, tapTable } from "./resample_taps.js";
import { outputRange, outputSlabs, type ResampleOutput, type ResampleRun } from "./resample_target.js";

/** What the weights along the axes are made of. */
export interface SeparableSampling {
  readonly kernel: Exclude<ResampleKernel, "nearest">;
  readonly antialias: boolean;
  readonly border: Border;
  /** Output axis to the same axis of the source. */
  readonly axes: readonly AxisMap[];
}

/** Output rows [y0, y1) and the source rows [from, to) that they are made of. */
interface Band {
  readonly y0: number;
  readonly y1: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Rows that a spline's coefficients need on either side to forget that there is an edge: 0.268^20 = 4e-12.
 */
export const splineHalo = 20;

/** f32 of a block: two blocks of 128 MiB are held, which every device can bind. */
const blockVoxels = 2 ** 25;

/**
 * x, y, z one after the other, each a table of weights, through two f32 blocks. A block holds some rows of all slices: then the spline along z
 * is whole, and only along y do bands overlap. Within 0.005 HU of f64 arithmetic before rounding, B-spline 0.01, for HU within +-4096.
 */
export async function resampleSeparable(run: ResampleRun, sampling: SeparableSampling): Promise<void> {
  const { scratch, volume, output, control } = run;
  const { engine, grid: source } = volume;
  const spline = sampling.kernel === "b-spline";
  const size = output.grid.size;
  const tables = sampling.axes.map((axis, i) => tapTable(sampling, axis, source.size[i], size[i]));
  const taps = await Promise.all(tables.map((table) => uploadTaps(engine, scratch, table)));
  const identity = spline ? await uploadTaps(engine, scratch, identityTable(source.size[0])) : taps[0];
  const columns = spline ? Math.max(source.size[0], size[0]) : size[0];
  const bands = planBands(engine, tables[1], source.size, size, columns, spline ? splineHalo : 0);
  const rows = Math.max(...bands.map(({ y0, y1, from, to }) => Math.max(y1 - y0, to - from)));
  const bytes = columns * rows * source.size[2] * 4;
  const one = scratch.own(await engine.allocate("resample block", bytes));
  const other = scratch.own(await engine.allocate("resample block", bytes));
  const borderHu = sampling.border === "clamp" ? 0 : sampling.border.constantHu;
  const passes = bands.flatMap((band): Pass[] => {
    const block = (buffer: typeof one, width: number, y0: number, y1: number): FloatBlock => ({
      buffer,
      size: [width, y1 - y0, source.size[2]],
      first: [0, y0, 0],
    });
    const acrossX = block(spline ? other : one, size[0], band.from, band.to);
    const acrossY = block(spline ? one : other, size[0], band.y0, band.y1);
    return [
      ...(spline
        ? splineAlongX(
            engine,
            volume,
            identity,
            taps[0],
            block(one, source.size[0], band.from, band.to),
            acrossX,
            borderHu,
          )
        : widenPasses(volume, taps[0], acrossX, borderHu)),
      ...alongPasses(engine, acrossX, acrossY, 1, taps[1]),
      ...(spline ? prefilterPasses(engine, acrossY, 2) : []),
      ...lastPasses(engine, acrossY, output, band, taps[2], borderHu),
    ];
  });
  await runPasses(engine, passes, "resample", control);
}

/** Coefficients along x, resampled, then coefficients along y in what comes of it. */
function splineAlongX(
  engine: Engine,
  volume: CtVolume,
  identity: UploadedTaps,
  taps: UploadedTaps,
  widened: FloatBlock,
  acrossX: FloatBlock,
  borderHu: number,
): Pass[] {
  return [
    ...widenPasses(volume, identity, widened, borderHu),
    ...prefilterPasses(engine, widened, 0),
    ...alongPasses(engine, widened, acrossX, 0, taps),
    ...prefilterPasses(engine, acrossX, 1),
  ];
}

/** Along z into the rows of the output that a band makes. */
function lastPasses(
  engine: Engine,
  from: FloatBlock,
  output: ResampleOutput,
  { y0, y1 }: Band,
  taps: UploadedTaps,
  borderHu: number,
): Pass[] {
  const { kind, grid } = output;
  const [columns, rows] = grid.size;
  const pitch = kind === "hu" ? rowWords(grid) : columns;
  return outputSlabs(engine, output, columns * (y1 - y0)).map(({ z0, z1 }): Pass => {
    const { range, firstWord } = outputRange(output, z0, z1);
    const to = { size: [columns, y1 - y0, z1 - z0] as const, first: [0, y0, z0] as const };
    return {
      kernel: kind === "hu" ? "resample_narrow" : "resample_along",
      params: {
        ...alongParams(from, to, 2, taps, z0),
        slices: z1 - z0,
        out_first: firstWord + y0 * pitch,
        out_rows: rows,
        border_hu: borderHu,
      },
      bindings: { table: taps.table, source: from.buffer, resampled: range },
      invocations: [pitch, y1 - y0, z1 - z0],
    };
  });
}

/** The fewest bands whose blocks fit. Throws `limit-exceeded` where not even one row does. */
function planBands(
  { limits }: Engine,
  table: TapTable,
  source: Vec3,
  output: Vec3,
  columns: number,
  halo: number,
): Band[] {
  const most = Math.min(blockVoxels, Math.floor(limits.maxBindingBytes / 4));
  for (let depth = output[1]; ; depth = Math.ceil(depth / 2)) {
    const bands = Array.from({ length: Math.ceil(output[1] / depth) }, (_, i): Band => {
      const y0 = i * depth;
      const y1 = Math.min(output[1], y0 + depth);
      const first = table.first.subarray(y0, y1).reduce((a, b) => Math.min(a, b));
      const last = table.first.subarray(y0, y1).reduce((a, b) => Math.max(a, b));
      return { y0, y1, from: Math.max(0, first - halo), to: Math.min(source[1], last + table.taps + halo) };
    });
    const rows = Math.max(...bands.map(({ y0, y1, from, to }) => Math.max(y1 - y0, to - from)));
    if (rows * columns * source[2] <= most) return bands;
    if (depth === 1) tooLarge(`one row of all slices`, rows * columns * source[2] * 4, most * 4);
  }
}

/** Each voxel itself. */
export function identityTable(length: number): TapTable {
  return {
    taps: 1,
    first: Uint32Array.from({ length }, (_, i) => i),
    weights: new Float32Array(length).fill(1),
  };
}
