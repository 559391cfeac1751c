import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import type { SliceArrivals } from "./slice_arrivals.js";

/** @throws HounsfieldError `invalid-option` unless slices [z0, z1), possibly none, are of the grid */
export function checkSlices({ size: [, , slices] }: Grid, z0: number, z1: number): void {
  if (Number.isInteger(z0) && Number.isInteger(z1) && z0 >= 0 && z0 <= z1 && z1 <= slices) return;
  throw new HounsfieldError(
    "invalid-option",
    `slices [${z0}, ${z1}) were asked for; accepted are whole numbers with 0 <= z0 <= z1 <= ${slices}`,
    { got: [z0, z1], accepted: [0, slices] },
  );
}

/**
 * @throws HounsfieldError `not-loaded` where one of slices [z0, z1) has not come yet: what is in its place is
 * no value
 */
export function checkLoaded(
  { arrival }: { readonly arrival?: SliceArrivals },
  z0: number,
  z1: number,
  of: string,
): void {
  // What is not to come is told by the buffer, which is destroyed or lost.
  if (!arrival || arrival.isZeroed || arrival.error !== undefined) return;
  for (let z = z0; z < z1; z++) {
    if (arrival.has(z)) continue;
    throw new HounsfieldError("not-loaded", `${of}: slice ${z} has not been loaded yet`, { got: z });
  }
}
