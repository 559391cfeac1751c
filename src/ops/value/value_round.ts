/**
 * To the nearest integer, halves away from zero. Exact: `Math.round` rounds halves up, and takes no detour
 * over `+ 0.5`.
 */
export function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}
