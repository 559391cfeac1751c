import type { Engine } from "../../src/engine/engine.js";
import type { LungQuality } from "../../src/recipes/lung_mask/judge.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { type LungCase, NOT_JUDGED } from "./lung_cases.js";
import { uploadVolume } from "./volumes.js";

export interface Agreement {
  readonly dice: number;
  /** Ours over the reference's. */
  readonly volumeRatio: number;
  /** Pearson's, of the areas by slice. */
  readonly areaCorrelation: number;
}

/** What the recipe makes of a case. */
export interface LungResult {
  readonly quality: LungQuality;
  readonly right: Agreement;
  readonly left: Agreement;
  readonly labels: Uint8Array;
}

export async function lungsOf(engine: Engine, one: LungCase): Promise<LungResult> {
  using volume = await uploadVolume(engine, one.grid, one.hu);
  using mask = await lungMask(volume);
  const labels = await mask.readLabels();
  const right = agreement(one, labels, [1]);
  return { quality: mask.quality, right, left: agreement(one, labels, [2]), labels };
}

/** Of both lungs and the airways in them, whatever their sides, by the plain recipe of tutorials. */
export async function plainDice(engine: Engine, one: LungCase): Promise<number> {
  using volume = await uploadVolume(engine, one.grid, one.hu);
  using mask = await lungMask(volume, { method: "threshold" });
  return agreement(one, await mask.readLabels(), [1, 2]).dice;
}

/** How far labels agree with the reference in the voxels that bear one of `which` in either. */
export function agreement({ grid, truth }: LungCase, labels: Uint8Array, which: number[]): Agreement {
  const sliceVoxels = grid.size[0] * grid.size[1];
  const ours = new Float64Array(grid.size[2]);
  const theirs = new Float64Array(grid.size[2]);
  const counts = new Uint8Array(256);
  for (const label of which) counts[label] = 1;
  let both = 0;
  for (let i = 0; i < labels.length; i++) {
    if (truth[i] === NOT_JUDGED || (labels[i] === 0 && truth[i] === 0)) continue;
    const a = counts[labels[i]];
    const b = counts[truth[i]];
    const z = Math.floor(i / sliceVoxels);
    ours[z] += a;
    theirs[z] += b;
    both += a * b;
  }
  return {
    dice: (2 * both) / (sum(ours) + sum(theirs)),
    volumeRatio: sum(ours) / sum(theirs),
    areaCorrelation: correlation(ours, theirs),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [sum(a) / a.length, sum(b) / b.length];
  const product = (p: Float64Array, mp: number, q: Float64Array, mq: number) =>
    p.reduce((total, value, i) => total + (value - mp) * (q[i] - mq), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}
