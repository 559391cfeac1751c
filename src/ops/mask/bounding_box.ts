import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import type { VoxelBox } from "../../core/voxel_box.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { runSlabs, slabsOf } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";

/**
 * The smallest box that holds all set voxels, undefined of an empty mask: `crop` takes it. Exact.
 * @throws HounsfieldError `limit-exceeded`, `out-of-memory`
 */
export async function boundingBox(mask: BitMask, control: Control = {}): Promise<VoxelBox | undefined> {
  checkMask("boundingBox", mask);
  checkOptions("boundingBox", control, controlRules);
  const { engine, grid } = mask;
  const [columns, rows, slices] = grid.size;
  const pitch = maskRowWords(grid);
  const words = grid.size.map((length) => Math.ceil(length / 32));
  const [rows_word, slices_word] = [words[0], words[0] + words[1]];
  const bytes = (slices_word + words[2]) * 4;
  return withScratch(async (scratch) => {
    const held = scratch.own(await engine.allocate("mask extent", bytes));
    await runSlabs(engine, slabsOf(engine, grid, pitch * rows * 4), "bounding box", control, ({ z0, z1 }) => {
      const { range, firstWord } = sliceRange(mask.buffer, pitch * rows, z0, z1);
      const slab = { columns, rows, slices: z1 - z0, first_slice: z0, mask_word: firstWord };
      return [
        {
          kernel: "mask_extent",
          params: { ...slab, rows_word, slices_word },
          bindings: { mask: range, held },
          invocations: [rows, z1 - z0, 1],
        },
      ];
    });
    const bits = new Uint32Array(await engine.read(held, 0, bytes));
    const [x, y, z] = [
      extentOf(bits.subarray(0, rows_word), columns),
      extentOf(bits.subarray(rows_word, slices_word), rows),
      extentOf(bits.subarray(slices_word), slices),
    ];
    if (x.from === x.to) return undefined;
    return Object.freeze({ from: [x.from, y.from, z.from], to: [x.to, y.to, z.to] } as const);
  });
}

/** From the first set bit to behind the last; empty at the end where there is none. */
function extentOf(words: Uint32Array, length: number): { from: number; to: number } {
  const isSet = (i: number) => (words[i >> 5] >>> (i & 31)) & 1;
  let [from, to] = [0, length];
  while (from < length && !isSet(from)) from++;
  while (to > from && !isSet(to - 1)) to--;
  return { from, to };
}
