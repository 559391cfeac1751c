import type { Edit } from "./mutate.js";

/**
 * A case that was once read wrongly: the damage as data, so that it stays what it was whatever becomes of the
 * mutations.
 */
export interface Regression {
  readonly seed: string;
  /** What happened. */
  readonly found: string;
  readonly edits: readonly Edit[];
  readonly cut?: boolean;
}

export const REGRESSIONS: readonly Regression[] = [
  {
    seed: "htj2k",
    found: "a header and a stream of 32768 x 16384 in 1 KB took minutes",
    edits: [
      { at: 430, remove: 2, insert: [0, 128] },
      { at: 440, remove: 2, insert: [0, 64] },
      { at: 558, remove: 8, insert: [0, 0, 64, 0, 0, 0, 128, 0] },
      { at: 574, remove: 8, insert: [0, 0, 64, 0, 0, 0, 128, 0] },
    ],
  },
  {
    seed: "htj2k",
    found: "a damaged code block gave values beyond the 12 bits of the stream",
    edits: [{ at: 726, remove: 1, insert: [128] }],
  },
  {
    seed: "htj2k",
    found: "damaged lengths of code blocks gave values beyond the 12 bits of the stream",
    edits: [{ at: 626, remove: 2, insert: [136, 228] }],
  },
];
