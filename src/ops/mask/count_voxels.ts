import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { runSlabs, slabsOf } from "../../volume/slabs.js";
import { type Scratch, withScratch } from "../scratch.js";

/** Set voxels of each slice, by ascending z. Exact. */
export async function countVoxelsPerSlice(mask: BitMask, control: Control = {}): Promise<Uint32Array> {
  checkMask("countVoxelsPerSlice", mask);
  checkOptions("countVoxelsPerSlice", control, controlRules);
  return countSlices(mask, control);
}

function countSlices(mask: BitMask, control: Control): Promise<Uint32Array> {
  return withScratch(async (scratch) => (await countOnDevice(scratch, mask, control))());
}

/**
 * Has the voxels of each slice counted now, and gives what reads the counts: the mask itself is needed no
 * more.
 */
export async function countOnDevice(
  scratch: Scratch,
  mask: BitMask,
  control: Control,
): Promise<() => Promise<Uint32Array>> {
  const { engine, grid } = mask;
  const [columns, rows, depth] = grid.size;
  const voxels = scratch.own(await engine.allocate("voxels per slice", depth * 4));
  const slabs = slabsOf(engine, grid, maskRowWords(grid) * rows * 4);
  await runSlabs(engine, slabs, "count voxels", control, ({ z0, z1 }) => [
    {
      kernel: "mask_count",
      params: { columns, rows, first_slice: z0, slices: z1 - z0 },
      bindings: { mask: mask.buffer, voxels },
      invocations: [rows, z1 - z0, 1],
    },
  ]);
  return async () => new Uint32Array(await engine.read(voxels, 0, depth * 4));
}

/** Set voxels of the whole mask. Exact. */
export async function countVoxels(mask: BitMask, control: Control = {}): Promise<number> {
  checkMask("countVoxels", mask);
  checkOptions("countVoxels", control, controlRules);
  return sumOf(await countSlices(mask, control));
}

export function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
