import type { PaddedLayout } from "./padded_mask.js";
import type { ElementPart, ElementRow } from "./structuring_element.js";

/** A step of mask_spread: grow what was gathered by `reach` columns, then add up to 8 rows. */
export interface SpreadStep {
  readonly reach: number;
  readonly rows: readonly ElementRow[];
}

/** The kernel carries bits over one word a step. */
const LONGEST_REACH = 32;
/** The kernel's fields. */
const MOST_ROWS = 8;

/**
 * The steps that dilate by an element's rows, the widest first: a row is gathered when the growth still to
 * come is just its half-width.
 */
export function spreadSteps(part: ElementPart): SpreadStep[] {
  const rows = [...part].sort((a, b) => b.reach - a.reach);
  const steps: SpreadStep[] = [];
  let toCome = rows[0].reach;
  for (let first = 0; first < rows.length; ) {
    const { reach } = rows[first];
    const some = rows.slice(first, first + MOST_ROWS).filter((row) => row.reach === reach);
    steps.push(...growth(toCome - reach, some));
    toCome = reach;
    first += some.length;
  }
  return toCome > 0 ? [...steps, ...growth(toCome, [])] : steps;
}

/** The step, and those before it that its growth takes beyond one. */
function growth(reach: number, rows: readonly ElementRow[]): SpreadStep[] {
  const before = Math.max(0, Math.ceil(reach / LONGEST_REACH) - 1);
  const full = Array.from({ length: before }, () => ({ reach: LONGEST_REACH, rows: [] }));
  return [...full, { reach: reach - before * LONGEST_REACH, rows }];
}

/** The fields of mask_spread that say which rows are added; those it has too many add the first once more. */
export function rowFields({ rows }: SpreadStep, { padded_rows, padded_pitch }: PaddedLayout) {
  const away = (i: number) => {
    const { dy, dz } = rows[i] ?? rows[0] ?? { dy: 0, dz: 0 };
    return ((dz * padded_rows + dy) * padded_pitch) >>> 0;
  };
  return {
    added_mask: rows.length > 0 ? 0xffffffff : 0,
    row_0: away(0),
    row_1: away(1),
    row_2: away(2),
    row_3: away(3),
    row_4: away(4),
    row_5: away(5),
    row_6: away(6),
    row_7: away(7),
  };
}
