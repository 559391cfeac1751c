import type { ElementPart } from "./structuring_element.js";

/** A step of mask_spread: grow what was gathered by `reach` columns, then add the rows at offsets [firstOffset, endOffset). */
export interface SpreadStep {
  readonly reach: number;
  readonly firstOffset: number;
  readonly endOffset: number;
}

/** The kernel carries bits over one word a step. */
const longestReach = 32;
/** Rows that one step gathers, so that no dispatch is a long one. */
const mostOffsets = 256;

/**
 * The steps that dilate by an element's rows, the widest first, and the offsets (dy, dz) in the order the steps use them: a row is
 * gathered when the growth still to come is just its half-width.
 */
export function spreadSteps(part: ElementPart): { steps: SpreadStep[]; offsets: Int32Array } {
  const rows = [...part].sort((a, b) => b.reach - a.reach);
  const steps: SpreadStep[] = [];
  let toCome = rows[0].reach;
  for (let first = 0; first < rows.length; ) {
    const { reach } = rows[first];
    const end = rows.findIndex((row, i) => i >= first && (row.reach !== reach || i === first + mostOffsets));
    const endOffset = end < 0 ? rows.length : end;
    grow(steps, toCome - reach, first, endOffset);
    toCome = reach;
    first = endOffset;
  }
  if (toCome > 0) grow(steps, toCome, rows.length, rows.length);
  return { steps, offsets: Int32Array.from(rows.flatMap(({ dy, dz }) => [dy, dz])) };
}

/** Adds a step, and those before it that its growth takes beyond one. */
function grow(steps: SpreadStep[], reach: number, firstOffset: number, endOffset: number): void {
  let left = reach;
  for (; left > longestReach; left -= longestReach) {
    steps.push({ reach: longestReach, firstOffset, endOffset: firstOffset });
  }
  steps.push({ reach: left, firstOffset, endOffset });
}
