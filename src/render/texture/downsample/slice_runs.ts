import { coveredBy, coveringOf, type Ratio } from "./texel_grid.js";

/** Slices of a coarser texture that are made together, of slices [first, end) of the record. */
export interface SliceRun {
  readonly to0: number;
  readonly to1: number;
  readonly first: number;
  readonly end: number;
  /** All are copies of one, made as slice `from` of the texture; undefined where each is its own mean. */
  readonly from?: number;
}

/**
 * What is to be made after slices [z0, z1) of the record came, or `standIn` for all of them: of slices that
 * are there (1 in `own`) only. A texel's slice is the mean of all that it covers once they are there, until
 * then of the longest run of those that are; where there is none, of `standIn` alone.
 */
export function sliceRuns(
  ratio: Ratio,
  own: Uint8Array,
  z0: number,
  z1: number,
  standIn?: number,
): readonly SliceRun[] {
  const runs: SliceRun[] = [];
  const [start, stop] = coveringOf(ratio, z0, z1);
  for (let k = start; k < stop; k++) {
    const next = runOf(ratio, own, k, standIn);
    const last = runs.at(-1);
    if (!next) continue;
    if (last && last.to1 === k && goTogether(last, next))
      runs[runs.length - 1] = { ...last, to1: k + 1, end: next.end };
    else runs.push(next);
  }
  return runs;
}

function runOf(ratio: Ratio, own: Uint8Array, k: number, standIn?: number): SliceRun | undefined {
  const [low, high] = coveredBy(ratio, k, k + 1);
  const [first, end] = longestRun(own, low, high);
  const to = { to0: k, to1: k + 1 };
  if (first === low && end === high) return { ...to, first, end };
  if (end > first) return { ...to, first, end, from: k };
  if (standIn === undefined) return undefined;
  return { ...to, first: standIn, end: standIn + 1, from: coveringOf(ratio, standIn, standIn + 1)[0] };
}

/**
 * Means each of their own, or copies of the same slice: its weight among others does not matter where there
 * are none.
 */
function goTogether(a: SliceRun, b: SliceRun): boolean {
  if (a.from === undefined || b.from === undefined) return a.from === b.from;
  return a.first === b.first && a.end === b.end && a.end - a.first === 1;
}

function longestRun(own: Uint8Array, low: number, high: number): readonly [number, number] {
  let best: readonly [number, number] = [low, low];
  for (let first = low; first < high; first++) {
    let end = first;
    while (end < high && own[end]) end++;
    if (end - first > best[1] - best[0]) best = [first, end];
    first = end;
  }
  return best;
}
