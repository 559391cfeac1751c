import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { historyOf } from "../../volume/history.js";
import { filterComponents } from "./components.js";

export interface LargeOptions {
  /** Smallest component kept, as a fraction (0 to 1) of the largest; to the nearest millionth. 1 keeps the largest, and others as large. */
  readonly minimumFraction: number;
}

/**
 * A new mask of the large 6-connected components: the largest, and all of at least `minimumFraction` of its voxels, compared in
 * integers. Bit-exact. Throws `invalid-option`, `limit-exceeded`, `out-of-memory`.
 */
export async function keepLargeComponents(
  mask: BitMask,
  { minimumFraction, ...control }: LargeOptions & Control,
): Promise<BitMask> {
  if (!(minimumFraction >= 0 && minimumFraction <= 1)) {
    throw new HounsfieldError("invalid-option", `minimumFraction is 0 to 1; got ${minimumFraction}`, {
      got: minimumFraction,
      accepted: [0, 1],
    });
  }
  const rule = { neighbors: 6, minimumFraction } as const;
  const kept = await filterComponents(mask, rule, "keep large components", control);
  return kept.withHistory(historyOf("keepLargeComponents", { minimumFraction }, mask));
}
