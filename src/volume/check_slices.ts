import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";

/** Throws `invalid-option` unless slices [z0, z1), possibly none, are of the grid. */
export function checkSlices({ size: [, , slices] }: Grid, z0: number, z1: number): void {
  if (Number.isInteger(z0) && Number.isInteger(z1) && z0 >= 0 && z0 <= z1 && z1 <= slices) return;
  throw new HounsfieldError(
    "invalid-option",
    `slices [${z0}, ${z1}) were asked for; accepted are whole numbers with 0 <= z0 <= z1 <= ${slices}`,
    { got: [z0, z1], accepted: [0, slices] },
  );
}
