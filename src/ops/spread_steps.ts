import type { ElementPart, ElementRow } from "./structuring_element.js";

/** A step of mask_spread: grow what was gathered by `reach` columns, then add up to 16 rows. */
export interface SpreadStep {
  readonly reach: number;
  readonly rows: readonly ElementRow[];
}

/** The kernel carries bits over one word a step. */
const longestReach = 32;
/** The kernel's fields. */
const mostRows = 16;

/**
 * The steps that dilate by an element's rows, the widest first: a row is gathered when the growth still to come is just its
 * half-width.
 */
export function spreadSteps(part: ElementPart): SpreadStep[] {
  const rows = [...part].sort((a, b) => b.reach - a.reach);
  const steps: SpreadStep[] = [];
  let toCome = rows[0].reach;
  for (let first = 0; first < rows.length; ) {
    const { reach } = rows[first];
    const some = rows.slice(first, first + mostRows).filter((row) => row.reach === reach);
    steps.push(...growth(toCome - reach, some));
    toCome = reach;
    first += some.length;
  }
  return toCome > 0 ? [...steps, ...growth(toCome, [])] : steps;
}

/** The step, and those before it that its growth takes beyond one. */
function growth(reach: number, rows: readonly ElementRow[]): SpreadStep[] {
  const before = Math.max(0, Math.ceil(reach / longestReach) - 1);
  const full = Array.from({ length: before }, () => ({ reach: longestReach, rows: [] }));
  return [...full, { reach: reach - before * longestReach, rows }];
}

/** The fields of mask_spread that name its rows: those not added are given all the same, as row 0, for they are added by fours. */
export function rowFields({ rows }: SpreadStep) {
  const away = (i: number) => {
    const { dy, dz } = rows[i] ?? rows[0] ?? { dy: 0, dz: 0 };
    return (dy & 0xffff) | (dz << 16);
  };
  return {
    added: rows.length,
    row_0: away(0),
    row_1: away(1),
    row_2: away(2),
    row_3: away(3),
    row_4: away(4),
    row_5: away(5),
    row_6: away(6),
    row_7: away(7),
    row_8: away(8),
    row_9: away(9),
    row_10: away(10),
    row_11: away(11),
    row_12: away(12),
    row_13: away(13),
    row_14: away(14),
    row_15: away(15),
  };
}
