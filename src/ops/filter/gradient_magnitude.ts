import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import type { ValueScale } from "../../core/value_scale.js";
import { checkVolume } from "../../volume/check_argument.js";
import { allocateVolume, type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { type PacedSlab, runSlabs, type Slab } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";
import { streamSlabs, type ValueSlab } from "../stream_slabs.js";
import { filterSlabs, widened } from "./filter_slabs.js";

/**
 * The length of the gradient in HU per mm as a new int16 volume, to the nearest, halves up, held at 32767; of
 * a scaled record in steps as fine as its own. Its `values` say "HU/mm", or the volume's units per mm.
 * Central differences; at a face of the volume the difference to the one neighbor; 0 along an axis of one
 * voxel (numpy's `gradient`). Before rounding within 1e-6, relative, of exact arithmetic.
 * @throws HounsfieldError `limit-exceeded`, `out-of-memory`
 */
export async function gradientMagnitude(volume: CtVolume, control: Control = {}): Promise<CtVolume> {
  checkVolume("gradientMagnitude", volume);
  checkOptions("gradientMagnitude", control, controlRules);
  const { engine, grid } = volume;
  return withScratch(async (scratch) => {
    const result = scratch.own(
      await allocateVolume(engine, grid, "gradient volume", gradientScale(volume.values)),
    );
    await runSlabs(engine, gradientSlabs(volume, sliceWords(grid) * 4), "gradient", control, (slab) => {
      const { range, firstWord } = sliceRange(result.buffer, sliceWords(grid), slab.z0, slab.z1);
      const { params, hu, invocations } = passParts(volume, slab, firstWord, 1);
      return [{ kernel: "gradient_magnitude", params, bindings: { hu, gradient: range }, invocations }];
    });
    return scratch.release(result).withHistory(historyOf("gradientMagnitude", {}, volume));
  });
}

/** As `gradientMagnitude`, as float32 slabs in ascending z, neither rounded nor held. */
export async function* gradientMagnitudeSlabs(
  volume: CtVolume,
  control: Control = {},
): AsyncGenerator<ValueSlab<Float32Array>> {
  checkVolume("gradientMagnitudeSlabs", volume);
  checkOptions("gradientMagnitudeSlabs", control, controlRules);
  const { engine, grid } = volume;
  const sliceBytes = grid.size[0] * grid.size[1] * 4;
  const stream = {
    stage: "gradient",
    bytesOf: ({ z0, z1 }: Slab) => (z1 - z0) * sliceBytes,
    passesOf(slab: Slab, gradient: CtVolume["buffer"]) {
      const { params, hu, invocations } = passParts(volume, slab, 0, volume.values.slope);
      return [
        { kernel: "gradient_magnitude_float", params, bindings: { hu, gradient }, invocations } as const,
      ];
    },
    valuesOf: (memory: ArrayBuffer, { z0, z1 }: Slab) =>
      new Float32Array(memory, 0, ((z1 - z0) * sliceBytes) / 4),
  };
  yield* streamSlabs(engine, gradientSlabs(volume, sliceBytes), stream, control);
}

function gradientSlabs({ engine, grid }: CtVolume, outputBytes: number): PacedSlab[] {
  const bytesPerSlice = Math.max(sliceWords(grid) * 4, outputBytes);
  return filterSlabs(engine, grid, { bytesPerSlice, halo: 1, work: 4 });
}

/** Differences of stored values are differences of values, less the slope. */
function gradientScale({ slope, units }: ValueScale): ValueScale {
  return { slope, intercept: 0, units: `${units}/mm` };
}

function passParts({ buffer, grid }: CtVolume, slab: Slab, out_word: number, slope: number) {
  const source = widened(slab, 1, grid);
  const { range: hu, firstWord } = sliceRange(buffer, sliceWords(grid), source.z0, source.z1);
  const [columns, rows, slices] = grid.size;
  const [per_mm_x, per_mm_y, per_mm_z] = grid.spacingMm.map((mm) => slope / mm);
  const params = {
    columns,
    rows,
    slices,
    z_first: slab.z0,
    source_slice: source.z0,
    source_word: firstWord,
    out_word,
    per_mm_x,
    per_mm_y,
    per_mm_z,
  };
  const invocations: [number, number, number] = [rowWords(grid), rows, slab.z1 - slab.z0];
  return { params, hu, invocations };
}
