import type { BufferRange, Engine, EngineBuffer, Pass } from "../../engine/engine.js";
import { type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";
import type { HeldSlices } from "../../volume/slice_window.js";
import type { Scratch } from "../scratch.js";
import { type AxisMap, sourceIndex } from "./resample_map.js";
import { outputRange, outputSliceWords, type ResampleOutput, type ResampleRun } from "./resample_target.js";

/**
 * Where the samples of one output axis lie in the source: voxel `first[i]`, `fraction[i]` of the way to the
 * next.
 */
interface LinearTaps {
  readonly first: Uint32Array;
  readonly fraction: Float64Array;
}

/**
 * Bits of a fraction in fixed point: what two voxels of int16, in 256ths of a HU, can be multiplied by in
 * three steps of 32 bits.
 */
const FRACTION_BITS = 21;

/**
 * Output slices that one invocation walks: planes shared between neighbors are interpolated once, 1 in 17
 * twice.
 */
const DEPTH = 16;

/**
 * Plain trilinear resampling along the source's axes in one pass, without f32 blocks: twice as fast as three.
 * Beyond the outermost voxel centers their values hold. Within 0.001 HU of f64 arithmetic before rounding,
 * for HU within +-2048; in integers as `ResampleOptions.exact` has it.
 */
export async function resampleLinear(
  { scratch, volume, output, control }: ResampleRun,
  axes: readonly AxisMap[],
  exact?: "integer",
): Promise<void> {
  const { slabs, passTo } = await planLinear(scratch, volume, output, axes, exact);
  const whole = { buffer: volume.buffer, first: 0 };
  await runSlabs(volume.engine, slabs, "resample", control, (slab) => {
    const { range, firstWord } = outputRange(output, slab.z0, slab.z1);
    return [passTo(slab, whole, range, firstWord)];
  });
}

/**
 * The slabs of the output, the slices that one of them is made of, and the pass that makes it from word
 * `out_word` of `resampled` on.
 */
export async function planLinear(
  scratch: Scratch,
  { engine, grid: source }: Pick<CtVolume, "engine" | "grid">,
  output: Pick<ResampleOutput, "kind" | "grid">,
  axes: readonly AxisMap[],
  exact?: "integer",
) {
  const { grid, kind } = output;
  const kernel = exact
    ? "resample_linear_integer"
    : kind === "hu"
      ? "resample_linear"
      : "resample_linear_float";
  const tables = axes.map((map, axis) => linearTaps(map, source.size[axis], grid.size[axis]));
  const taps = scratch.own(await uploadTaps(engine, tables, exact));
  // A slab's binding must hold whichever is more, its own slices or the source's under it.
  const ratio = Math.max(1, Math.ceil(Math.abs(axes[2].scale)) + 1);
  const sliceBytes = Math.max(outputSliceWords(output), sliceWords(source)) * 4;
  const slicesUnder = ({ z0, z1 }: Slab): readonly [low: number, end: number] => {
    const [low, high] = [tables[2].first[z0], tables[2].first[z1 - 1]].sort((a, b) => a - b);
    return [low, Math.min(high + 2, source.size[2])];
  };
  const passTo = (
    slab: Slab,
    { buffer, first }: HeldSlices,
    resampled: EngineBuffer | BufferRange,
    out_word: number,
  ): Pass => {
    const { z0, z1 } = slab;
    const [low, end] = slicesUnder(slab);
    const { range, firstWord } = sliceRange(buffer, sliceWords(source), low - first, end - first);
    return {
      kernel,
      params: {
        columns: source.size[0],
        rows: source.size[1],
        slices: source.size[2],
        out_columns: grid.size[0],
        out_rows: grid.size[1],
        z_first: z0,
        z_end: z1,
        depth: DEPTH,
        source_slice: low,
        source_word: firstWord,
        out_word,
      },
      bindings: { hu: range, taps, resampled },
      invocations: [rowWords(grid), grid.size[1], Math.ceil((z1 - z0) / DEPTH)],
    };
  };
  return { slabs: slabsOf(engine, grid, sliceBytes * ratio), slicesUnder, passTo };
}

/** The last tap never leaves an axis of `length` voxels. */
function linearTaps(map: AxisMap, length: number, count: number): LinearTaps {
  const first = new Uint32Array(count);
  const fraction = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(Math.max(sourceIndex(map, i), 0), length - 1);
    first[i] = Math.min(Math.floor(at), Math.max(0, length - 2));
    fraction[i] = at - first[i];
  }
  return { first, fraction };
}

async function uploadTaps(
  engine: Engine,
  axes: readonly LinearTaps[],
  exact?: "integer",
): Promise<EngineBuffer> {
  const count = axes.reduce((sum, { first }) => sum + first.length, 0);
  const words = new Uint32Array(count * 2);
  const floats = new Float32Array(words.buffer);
  let at = 0;
  for (const { first, fraction } of axes) {
    for (let i = 0; i < first.length; i++, at += 2) {
      words[at] = first[i];
      if (exact) words[at + 1] = Math.round(fraction[i] * 2 ** FRACTION_BITS);
      else floats[at + 1] = fraction[i];
    }
  }
  const buffer = await engine.allocate("resample taps", words.byteLength);
  engine.write(buffer, 0, words);
  return buffer;
}
