import type { Control } from "../core/control.js";
import type { Grid, Vec3 } from "../core/grid.js";
import type { Engine, EngineBuffer, PassOf } from "../engine/engine.js";
import { type CtVolume, createVolume, rowWords, sliceRange, sliceWords } from "../volume/ct_volume.js";
import { runSlabs, type Slab, slabsOf } from "../volume/slabs.js";
import { type AxisTaps, originGrid, originTaps } from "./resample_grid.js";

export interface ResampleOptions {
  /** Output spacing in mm: one number for cubes, or x, y, z. */
  readonly spacingMm: number | Vec3;
}

/** Output slices that one invocation walks: planes shared between neighbors are interpolated once, 1 in 17 twice. */
const depth = 16;

/**
 * Resamples linearly onto the grid "O" (`originGrid`), to int16 HU rounded to the nearest, halves away from zero. Weights are f32, made
 * in f64; no texture sampler is involved. Within 0.001 HU of exact arithmetic before rounding.
 * Throws `invalid-option`, `limit-exceeded`, `out-of-memory`.
 */
export async function resample(volume: CtVolume, options: ResampleOptions & Control): Promise<CtVolume> {
  const { engine, grid: source } = volume;
  const grid = originGrid(source, toVec3(options.spacingMm));
  const result = await createVolume(engine, grid, "resampled volume");
  try {
    const slabs = slabsOf(
      engine,
      grid,
      Math.max(sliceWords(grid), sliceWords(source)) * 4 * sourceRatio(source, grid),
    );
    await resampleSlabs(volume, grid, slabs, options, (slab) => {
      const { range, firstWord } = sliceRange(result.buffer, sliceWords(grid), slab.z0, slab.z1);
      return { kernel: "resample_linear", resampled: range, outWord: firstWord };
    });
    return result;
  } catch (error) {
    result.destroy();
    throw error;
  }
}

/** As `resample`, unrounded: float32 HU, dense, z, y, x, read back whole. For checks and for small volumes. */
export async function resampleToFloat(
  volume: CtVolume,
  options: ResampleOptions & Control,
): Promise<{ grid: Grid; hu: Float32Array }> {
  const { engine, grid: source } = volume;
  const grid = originGrid(source, toVec3(options.spacingMm));
  const sliceBytes = grid.size[0] * grid.size[1] * 4;
  const hu = new Float32Array(grid.size[0] * grid.size[1] * grid.size[2]);
  for (const slab of slabsOf(engine, grid, sliceBytes * sourceRatio(source, grid))) {
    const bytes = (slab.z1 - slab.z0) * sliceBytes;
    const buffer = await engine.allocate("resampled floats", bytes);
    try {
      await resampleSlabs(volume, grid, [slab], options, () => ({
        kernel: "resample_linear_float",
        resampled: buffer,
        outWord: 0,
      }));
      hu.set(new Float32Array(await engine.read(buffer, 0, bytes)), (slab.z0 * sliceBytes) / 4);
    } finally {
      buffer.destroy();
    }
  }
  return { grid, hu };
}

interface Target {
  readonly kernel: "resample_linear" | "resample_linear_float";
  readonly resampled: EngineBuffer | PassOf<"resample_linear">["bindings"]["resampled"];
  readonly outWord: number;
}

async function resampleSlabs(
  volume: CtVolume,
  grid: Grid,
  slabs: readonly Slab[],
  control: Control,
  targetOf: (slab: Slab) => Target,
): Promise<void> {
  const { engine, grid: source } = volume;
  const axes = [0, 1, 2].map((axis) =>
    originTaps(source.size[axis], source.spacingMm[axis], grid.size[axis], grid.spacingMm[axis]),
  );
  const taps = await uploadTaps(engine, axes);
  try {
    await runSlabs(engine, slabs, "resample", control, (slab) => {
      const { kernel, resampled, outWord } = targetOf(slab);
      const from = axes[2].first[slab.z0];
      const to = Math.min(axes[2].first[slab.z1 - 1] + 2, source.size[2]);
      const { range, firstWord } = sliceRange(volume.buffer, sliceWords(source), from, to);
      return [
        {
          kernel,
          params: {
            columns: source.size[0],
            rows: source.size[1],
            slices: source.size[2],
            out_columns: grid.size[0],
            out_rows: grid.size[1],
            z_first: slab.z0,
            z_end: slab.z1,
            depth,
            source_slice: from,
            source_word: firstWord,
            out_word: outWord,
          },
          bindings: { hu: range, taps, resampled },
          invocations: [rowWords(grid), grid.size[1], Math.ceil((slab.z1 - slab.z0) / depth)],
        },
      ];
    });
  } finally {
    taps.destroy();
  }
}

/** Source slices under one output slice, at least 1: a slab's binding must hold whichever of the two is larger. */
function sourceRatio(source: Grid, grid: Grid): number {
  return Math.max(1, Math.ceil(grid.spacingMm[2] / source.spacingMm[2]) + 1);
}

async function uploadTaps(engine: Engine, axes: readonly AxisTaps[]): Promise<EngineBuffer> {
  const count = axes.reduce((sum, { first }) => sum + first.length, 0);
  const words = new Uint32Array(count * 2);
  const floats = new Float32Array(words.buffer);
  let at = 0;
  for (const { first, fraction } of axes) {
    for (let i = 0; i < first.length; i++, at += 2) {
      words[at] = first[i];
      floats[at + 1] = fraction[i];
    }
  }
  const buffer = await engine.allocate("resample taps", words.byteLength);
  engine.write(buffer, 0, words);
  return buffer;
}

function toVec3(spacingMm: number | Vec3): Vec3 {
  return typeof spacingMm === "number" ? [spacingMm, spacingMm, spacingMm] : spacingMm;
}
