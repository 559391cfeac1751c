/** A pass that was drawn, and how long its frame took. */
export interface DrawnPass {
  readonly samples: number;
  readonly ms: number;
}

/**
 * So many passes it takes to believe that small ones are hardly shorter: one or two may have been held up.
 */
const LEAST_SMALLER = 3;
/** Passes of nearly as many samples tell nothing of what a sample costs. */
const LEAST_RATIO = 1.2;
/**
 * More is not believed to be mere waiting: a browser that looks every 100 ms whether work is done is the
 * worst that was seen.
 */
const MOST_WAITING_MS = 120;

/**
 * The part of each frame's time that does not depend on its samples, where frames of different sizes show it;
 * `known` where they do not. The line through them is Theil's and Sen's, of median slope (Sen 1968), which a
 * hiccup does not move; no pass waited longer than it took.
 */
export function waitingMs(passes: readonly DrawnPass[], known: number): number {
  const slopes = passes.map((a) =>
    passes
      .filter((b) => b.samples >= LEAST_RATIO * a.samples)
      .map((b) => (b.ms - a.ms) / (b.samples - a.samples)),
  );
  const smaller = slopes.filter(({ length }) => length > 0);
  const slope = Math.max(0, median(smaller.flat()));
  const seen =
    smaller.length < LEAST_SMALLER ? known : median(passes.map(({ samples, ms }) => ms - slope * samples));
  return Math.max(0, Math.min(seen, MOST_WAITING_MS, ...passes.map(({ ms }) => ms)));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
