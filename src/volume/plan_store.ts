import type { Grid } from "../core/grid.js";
import type { EngineLimits } from "../engine/engine.js";
import { maskRowWords } from "./bit_mask.js";
import { sliceWords } from "./ct_volume.js";

/** How a volume would lie in an engine's memory. */
export interface StorePlan {
  /** In one piece, in several that are cut between slices, or not at all. */
  readonly store: "whole" | "slabs" | "none";
  /** A sentence that can be shown: the bytes, and the limit that decides. */
  readonly reason: string;
}

/** What is to be done with a volume, as far as it decides where there is room. */
export interface StoreNeeds {
  /** Masks whose parts hang together: one binding holds all of them. */
  readonly components?: boolean;
  /** Of volumes that are there at the same time. */
  readonly besideBytes?: number;
}

/**
 * Where a volume on `grid` fits, by what its header says: beside the record's bytes there has to be room for
 * a slab of results. Pure; what other pages and programs hold nobody knows before memory is asked for.
 */
export function planStore(
  grid: Grid,
  limits: StoreLimits,
  { components, besideBytes = 0 }: StoreNeeds = {},
): StorePlan {
  const { maxBufferBytes, maxBindingBytes, slabVoxels, budgetBytes } = limits;
  const sliceBytes = sliceWords(grid) * 4;
  const bytes = sliceBytes * grid.size[2];
  const said = `${grid.size.join(" x ")} voxels are ${bytes} bytes`;
  // A slice begins anywhere in a binding, whose start is a multiple of 256.
  if (sliceBytes + 256 > maxBindingBytes) {
    const reason = `a slice of ${grid.size[0]} x ${grid.size[1]} is ${sliceBytes} bytes; the device takes ${maxBindingBytes} in one binding`;
    return { store: "none", reason };
  }
  const maskBytes = maskRowWords(grid) * grid.size[1] * grid.size[2] * 4;
  if (components && maskBytes > maxBindingBytes) {
    const reason = `a mask of ${grid.size.join(" x ")} voxels is ${maskBytes} bytes; the device takes ${maxBindingBytes} in one binding`;
    return { store: "none", reason };
  }
  // float32, at most.
  const work = besideBytes + 4 * Math.min(slabVoxels, bytes / 2);
  if (budgetBytes !== undefined && bytes + work > budgetBytes) {
    const reason = `${said}, and ${work} for results; the budget is ${budgetBytes}`;
    return { store: "none", reason };
  }
  if (bytes > maxBufferBytes) {
    const reason = `${said}; the device takes ${maxBufferBytes} in one buffer: several buffers`;
    return { store: "slabs", reason };
  }
  return { store: "whole", reason: `${said}; the device takes ${maxBufferBytes} in one buffer` };
}

type StoreLimits = Pick<EngineLimits, "maxBufferBytes" | "maxBindingBytes" | "slabVoxels" | "budgetBytes">;
