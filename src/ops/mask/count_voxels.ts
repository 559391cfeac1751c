import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import type { EngineBuffer } from "../../engine/engine.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { cutSlabs, type PacedSlab, runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";
import { type Scratch, withScratch } from "../scratch.js";
import { checkBinding } from "./check_binding.js";

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
  const slabs = countedSlabs(mask);
  const isWhole = mask.buffer.bytes <= engine.limits.maxBindingBytes;
  await runSlabs(engine, slabs, "count voxels", control, ({ z0, z1 }) => [
    {
      kernel: "mask_count",
      params: { columns, rows, first_slice: isWhole ? z0 : 0, slices: z1 - z0 },
      bindings: isWhole ? { mask: mask.buffer, voxels } : partsOfSlab(mask, voxels, { z0, z1 }),
      invocations: [rows, z1 - z0, 1],
    },
  ]);
  return async () => new Uint32Array(await engine.read(voxels, 0, depth * 4));
}

/** Counts of so many slices begin where bindings may, and so do the slices. */
const ALIGNED_SLICES = 64;

/** Of a mask larger than a binding, slabs that begin where bindings may. */
function countedSlabs({ engine, grid, buffer }: BitMask): PacedSlab[] {
  const sliceBytes = maskRowWords(grid) * grid.size[1] * 4;
  const slabs = slabsOf(engine, grid, sliceBytes);
  if (buffer.bytes <= engine.limits.maxBindingBytes) return slabs;
  const depth = Math.max(ALIGNED_SLICES, slabs[0].z1 - (slabs[0].z1 % ALIGNED_SLICES));
  checkBinding(engine, `${ALIGNED_SLICES} slices of a mask`, depth * sliceBytes);
  return cutSlabs(grid.size[2], depth, slabs[0].work / slabs[0].z1);
}

function partsOfSlab({ grid, buffer }: BitMask, voxels: EngineBuffer, { z0, z1 }: Slab) {
  const sliceBytes = maskRowWords(grid) * grid.size[1] * 4;
  return {
    mask: { buffer, offsetBytes: z0 * sliceBytes, bytes: (z1 - z0) * sliceBytes },
    voxels: { buffer: voxels, offsetBytes: z0 * 4, bytes: (z1 - z0) * 4 },
  };
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
