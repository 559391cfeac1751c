import type { Control } from "../../core/control.js";
import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, required, text } from "../../core/rules.js";
import { checkVolume } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { resample } from "./resample.js";
import { refuse } from "./resample_options.js";

/**
 * The volume with its axes permuted and flipped so that x, y and z grow towards what three letters name: R or
 * L, A or P, I or S. "LPS" is DICOM's axial order, "RAS" NIfTI's (nibabel's axis codes). Of a turned volume
 * each axis goes by the letter nearest to it. No voxel changes its value or its place in the patient. Exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function reorient(
  volume: CtVolume,
  options: { readonly axes: string } & Control,
): Promise<CtVolume> {
  checkVolume("reorient", volume);
  const rules = { ...controlRules, axes: required(text) };
  const { axes, ...control } = checkOptions("reorient", options, rules);
  const onto = reorientedGrid(volume.grid, axes);
  const turned = await resample(volume, { ...control, onto, kernel: "nearest" });
  return turned.withHistory(historyOf("reorient", { axes }, volume));
}

/**
 * The same voxels' grid, axes in the order that letters name.
 * @throws HounsfieldError `invalid-option`
 */
export function reorientedGrid(grid: Grid, axes: string): Grid {
  const towards = [...axes].map((letter) => letters[letter]);
  const named = new Set(towards.map((end) => end?.world as number | undefined));
  if (towards.length !== 3 || named.size !== 3 || named.has(undefined)) {
    refuse("axes", axes, "one of R L, one of A P, one of I S, in any order");
  }
  const sourceOf = nearestAxes(grid.direction);
  const sources = towards.map(({ world }) => sourceOf[world]);
  const flips = towards.map(
    ({ world, sign }, axis) => sign * Math.sign(grid.direction[world * 3 + sources[axis]]) < 0,
  );
  const first: [number, number, number] = [0, 0, 0];
  sources.forEach((source, axis) => {
    if (flips[axis]) first[source] = grid.size[source] - 1;
  });
  const of = (values: Vec3): Vec3 => [values[sources[0]], values[sources[1]], values[sources[2]]];
  return {
    size: of(grid.size),
    spacingMm: of(grid.spacingMm),
    originMm: positionMm(grid, first),
    direction: grid.direction.map((_, i) => {
      const cosine = grid.direction[i - (i % 3) + sources[i % 3]];
      return flips[i % 3] ? 0 - cosine : cosine;
    }),
  };
}

interface End {
  /** Axis of LPS space. */
  readonly world: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

const letters: Readonly<Record<string, End>> = {
  L: { world: 0, sign: 1 },
  R: { world: 0, sign: -1 },
  P: { world: 1, sign: 1 },
  A: { world: 1, sign: -1 },
  S: { world: 2, sign: 1 },
  I: { world: 2, sign: -1 },
};

/** Of the six ways to give each axis of space an axis of the grid, the one that turns least. */
function nearestAxes(direction: readonly number[]): readonly number[] {
  const alignment = (order: readonly number[]) =>
    order.reduce((sum, axis, world) => sum + Math.abs(direction[world * 3 + axis]), 0);
  return permutations.reduce((best, order) => (alignment(order) > alignment(best) ? order : best));
}

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const satisfies readonly (readonly number[])[];
