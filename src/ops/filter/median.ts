import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules } from "../../core/rules.js";
import { checkVolume } from "../../volume/check_argument.js";
import { allocateVolume, type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { historyOf } from "../../volume/history.js";
import { runSlabs } from "../../volume/slabs.js";
import { withScratch } from "../scratch.js";
import { filterSlabs, widened } from "./filter_slabs.js";

/** Slices that one invocation walks: each is loaded and sorted once, 2 in 10 twice. */
const DEPTH = 8;

/**
 * A new volume of the median of the 3 x 3 x 3 voxels around each, whatever their spacing; outside the volume
 * its edge is repeated. Bit-exact.
 * @throws HounsfieldError `limit-exceeded`, `out-of-memory`
 */
export async function median(volume: CtVolume, control: Control = {}): Promise<CtVolume> {
  checkVolume("median", volume);
  checkOptions("median", control, controlRules);
  const { engine, grid } = volume;
  const [columns, rows, slices] = grid.size;
  const bytesPerSlice = sliceWords(grid) * 4;
  return withScratch(async (scratch) => {
    const result = scratch.own(await allocateVolume(engine, grid, "median volume", volume.values));
    const slabs = filterSlabs(engine, grid, { bytesPerSlice, halo: 1, work: 8 });
    await runSlabs(engine, slabs, "median", control, (slab) => {
      const source = widened(slab, 1, grid);
      const from = sliceRange(volume.buffer, sliceWords(grid), source.z0, source.z1);
      const to = sliceRange(result.buffer, sliceWords(grid), slab.z0, slab.z1);
      return [
        {
          kernel: "median_3x3x3",
          params: {
            columns,
            rows,
            slices,
            z_first: slab.z0,
            z_end: slab.z1,
            depth: DEPTH,
            source_slice: source.z0,
            source_word: from.firstWord,
            out_word: to.firstWord,
          },
          bindings: { hu: from.range, filtered: to.range },
          invocations: [rowWords(grid), rows, Math.ceil((slab.z1 - slab.z0) / DEPTH)],
        },
      ];
    });
    return scratch.release(result).withHistory(historyOf("median", {}, volume));
  });
}
