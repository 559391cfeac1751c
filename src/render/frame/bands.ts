import type { Band } from "./render_target.js";

/** Cuts rows 0..heightPx into at most `count` bands of equal height (the last may be lower), top first. */
export function bandsOf(heightPx: number, count: number): Band[] {
  const rows = Math.ceil(heightPx / Math.min(count, heightPx));
  const bands: Band[] = [];
  for (let top = 0; top < heightPx; top += rows) bands.push({ top, bottom: Math.min(heightPx, top + rows) });
  return bands;
}
