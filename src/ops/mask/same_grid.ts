import { HounsfieldError } from "../../core/errors.js";
import type { BitMask } from "../../volume/bit_mask.js";

/** Throws `invalid-option` unless two masks have as many voxels along each axis; where these lie is the caller's concern. */
export function checkSameGrid(one: BitMask, other: BitMask): void {
  const [a, b] = [one.grid.size, other.grid.size];
  if (a.every((length, axis) => length === b[axis])) return;
  throw new HounsfieldError(
    "invalid-option",
    `the masks are to be of one size; got ${a.join(" x ")} and ${b.join(" x ")} voxels`,
    { got: b, accepted: a },
  );
}
