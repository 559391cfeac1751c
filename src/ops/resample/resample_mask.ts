import type { Control } from "../../core/control.js";
import type { Grid } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { allocateMask, type BitMask, maskRowWords, maskWords } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import type { Slab } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";
import { cutSlices, runPasses, tooLarge } from "./resample_batches.js";
import type { AxisMap } from "./resample_map.js";
import type { ResampleOptions, ResampleTarget } from "./resample_options.js";
import { targetRules, transformRule } from "./resample_options.js";
import { nearestIndices, uploadIndices } from "./resample_pick.js";
import { planResampling } from "./resample_plan.js";
import { uploadPositions } from "./resample_positions.js";

/**
 * A grid for a mask, and how to get there: all that `resample` takes but for what nearest neighbor and bits
 * leave no choice in.
 */
export type ResampleMaskOptions = ResampleTarget & Pick<ResampleOptions, "transform">;

/**
 * The mask on another grid, by nearest neighbor, halves upward; clear outside the source. The same on every
 * device.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded` when the source exceeds one binding,
 * `out-of-memory`
 */
export async function resampleMask(mask: BitMask, options: ResampleMaskOptions & Control): Promise<BitMask> {
  checkMask("resampleMask", mask);
  const rules = { ...targetRules, transform: transformRule };
  const checked = checkOptions("resampleMask", options, rules);
  const { engine, grid: source } = mask;
  const plan = planResampling(source, { ...checked, kernel: "nearest" });
  const sourceBytes = maskWords(source) * 4;
  if (sourceBytes > engine.limits.maxBindingBytes)
    tooLarge("the mask", sourceBytes, engine.limits.maxBindingBytes);
  return withScratch(async (scratch) => {
    const result = scratch.own(await allocateMask(engine, plan.grid, "resampled mask"));
    const { size } = plan.grid;
    const sliceBytes = maskRowWords(plan.grid) * size[1] * 4;
    const slabs = cutSlices(engine, 0, size[2], size[0] * size[1], sliceBytes);
    let passOf: (slab: Slab) => Pass;
    if (plan.method === "oblique") {
      const positions = await uploadPositions(engine, scratch, plan.map, plan.grid);
      passOf = (slab) => gatherPass(mask, result, slab, positions);
    } else {
      const { axes } = plan;
      const tables = axes.map((axis, i) => nearestIndices(axis, source.size[axis.sourceAxis], size[i], true));
      const indices = await uploadIndices(engine, scratch, tables);
      passOf = (slab) => pickPass(mask, result, slab, axes, indices);
    }
    await runPasses(engine, slabs.map(passOf), "resample", checked);
    return scratch.release(result).withHistory(historyOf("resampleMask", checked, mask));
  });
}

function pickPass(
  mask: BitMask,
  result: BitMask,
  slab: Slab,
  axes: readonly AxisMap[],
  indices: EngineBuffer,
): Pass {
  const rowBits = maskRowWords(mask.grid) * 32;
  const strides = [1, rowBits, rowBits * mask.grid.size[1]];
  const [stride_x, stride_y, stride_z] = axes.map(({ sourceAxis }) => strides[sourceAxis]);
  const { params, range, invocations } = slabOf(result, slab);
  return {
    kernel: "resample_pick_mask",
    params: { ...params, stride_x, stride_y, stride_z },
    bindings: { indices, mask: mask.buffer, picked: range },
    invocations,
  };
}

function gatherPass(mask: BitMask, result: BitMask, slab: Slab, positions: EngineBuffer): Pass {
  const [source_columns, source_rows, source_slices] = mask.grid.size;
  const { params, range, invocations } = slabOf(result, slab);
  return {
    kernel: "resample_gather_mask",
    params: { ...params, source_columns, source_rows, source_slices },
    bindings: { positions, mask: mask.buffer, resampled: range },
    invocations,
  };
}

/** What both kernels need to write slices of `result`. */
function slabOf({ grid, buffer }: { readonly grid: Grid; readonly buffer: EngineBuffer }, { z0, z1 }: Slab) {
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  const { range, firstWord } = sliceRange(buffer, pitch * rows, z0, z1);
  return {
    params: { columns, rows, slices: z1 - z0, slice_first: z0, out_word: firstWord },
    range,
    invocations: [pitch, rows, z1 - z0] as const,
  };
}
