import { expect } from "vitest";
import type { Grid } from "../../src/core/grid.js";

/** Two grids are one, each number within `tolerance`. */
export function expectGrid(found: Grid, wanted: Grid, tolerance: number): void {
  expect(found.size).toEqual(wanted.size);
  for (const part of ["spacingMm", "originMm", "direction"] as const) {
    const apart = found[part].map((value, i) => Math.abs(value - wanted[part][i]));
    expect(Math.max(...apart), `${part} ${found[part]} instead of ${wanted[part]}`).toBeLessThanOrEqual(
      tolerance,
    );
  }
}
