import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, oneOf, required } from "../../core/rules.js";
import { allocateMask, type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { checkInputs } from "../../volume/check_inputs.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { runSlabs, slabsOf } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";
import { lineInvocations } from "./scan_counts.js";

/** What is set in the result: voxels of both, of either, of exactly one, of the first but not the second. */
export type MaskRule = "and" | "or" | "xor" | "andNot";

/** Options of combineMasks. */
export interface CombineOptions {
  readonly rule: MaskRule;
}

/** What becomes of the four cases, as the kernel takes them. */
interface TruthTable {
  readonly neither: number;
  readonly one_alone: number;
  readonly other_alone: number;
  readonly both: number;
}

const YES = 0xffffffff;

const tables: Readonly<Record<MaskRule, TruthTable>> = {
  and: { neither: 0, one_alone: 0, other_alone: 0, both: YES },
  or: { neither: 0, one_alone: YES, other_alone: YES, both: YES },
  xor: { neither: 0, one_alone: YES, other_alone: YES, both: 0 },
  andNot: { neither: 0, one_alone: YES, other_alone: 0, both: 0 },
};

/**
 * A new mask of two on one grid, voxel by voxel: `combineMasks(lungs, airways, { rule: "andNot" })`.
 * Bit-exact.
 * @throws HounsfieldError `wrong-grid`, `wrong-engine`, `destroyed`, `limit-exceeded`, `out-of-memory`
 */
export async function combineMasks(
  one: BitMask,
  other: BitMask,
  options: CombineOptions & Control,
): Promise<BitMask> {
  checkMask("combineMasks", one, "one");
  checkMask("combineMasks", other, "other");
  const { rule, ...control } = checkOptions("combineMasks", options, {
    ...controlRules,
    rule: required(oneOf(...Object.keys(tables))),
  });
  checkInputs({ one, other });
  const combined = await applyTable(one, other, tables[rule], "combine masks", control);
  return combined.withHistory(historyOf("combineMasks", { rule }, one, other));
}

/**
 * A new mask of the voxels that are clear. Bit-exact.
 * @throws HounsfieldError `limit-exceeded`, `out-of-memory`
 */
export async function invertMask(mask: BitMask, control: Control = {}): Promise<BitMask> {
  checkMask("invertMask", mask);
  checkOptions("invertMask", control, controlRules);
  const table = { neither: YES, one_alone: 0, other_alone: 0, both: 0 };
  const inverted = await applyTable(mask, mask, table, "invert mask", control);
  return inverted.withHistory(historyOf("invertMask", {}, mask));
}

/**
 * The same of masks of a part, into the slices from `firstSlice` on of a mask of the whole, which is neither
 * of them.
 * @throws as `combineMasks`
 */
export async function combineInto(
  target: BitMask,
  firstSlice: number,
  one: BitMask,
  other: BitMask,
  { rule, ...control }: CombineOptions & Control,
): Promise<void> {
  checkInputs({ one, other });
  await applyInto({ mask: target, firstSlice }, one, other, tables[rule], "combine masks", control);
}

async function applyTable(
  one: BitMask,
  other: BitMask,
  table: TruthTable,
  stage: string,
  control: Control,
): Promise<BitMask> {
  const { engine, grid } = one;
  return withScratch(async (scratch) => {
    const mask = scratch.own(await allocateMask(engine, grid, `${stage} mask`, "unwritten"));
    await applyInto({ mask, firstSlice: 0 }, one, other, table, stage, control);
    return scratch.release(mask);
  });
}

interface MaskSlices {
  readonly mask: BitMask;
  readonly firstSlice: number;
}

function applyInto(
  { mask, firstSlice }: MaskSlices,
  one: BitMask,
  other: BitMask,
  table: TruthTable,
  stage: string,
  control: Control,
): Promise<void> {
  const { engine, grid } = one;
  const words = maskRowWords(grid) * grid.size[1];
  return runSlabs(engine, slabsOf(engine, grid, words * 4), stage, control, ({ z0, z1 }) => {
    const [a, b] = [one, other].map(({ buffer }) => sliceRange(buffer, words, z0, z1));
    const c = sliceRange(mask.buffer, words, firstSlice + z0, firstSlice + z1);
    const at = { one_word: a.firstWord, other_word: b.firstWord, combined_word: c.firstWord };
    return [
      {
        kernel: "mask_combine",
        params: { columns: grid.size[0], words: words * (z1 - z0), ...at, ...table },
        bindings: { one: a.range, other: b.range, combined: c.range },
        invocations: lineInvocations(words * (z1 - z0)),
      },
    ];
  });
}
