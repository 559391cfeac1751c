/** Every eighth slice shows an organ's shape, and comes in an eighth of the time. */
const STRIDE = 8;

/**
 * The order in which slices are loaded so that a coarse whole is there first: the middle one of every eight,
 * then the rest from the foot.
 */
export function coarseOrder(slices: number): number[] {
  const all = Array.from({ length: slices }, (_, z) => z);
  return [...all.filter(isCoarse), ...all.filter((z) => !isCoarse(z))];
}

/**
 * The slices [z0, z1) that slice z stands in for until they arrive themselves: its eight, or itself alone.
 */
export function standsInFor(z: number, slices: number): readonly [number, number] {
  if (!isCoarse(z)) return [z, z + 1];
  const z0 = z - (z % STRIDE);
  // The last few have no coarse slice of their own where the stack ends before the middle of its last eight.
  const last = z + STRIDE >= slices;
  return [z0, last ? slices : z0 + STRIDE];
}

function isCoarse(z: number): boolean {
  return z % STRIDE === STRIDE / 2;
}
