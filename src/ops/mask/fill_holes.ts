import type { Control } from "../../core/control.js";
import { voxelVolumeMm3 } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import { atLeast, boolean, controlRules } from "../../core/rules.js";
import type { BitMask } from "../../volume/bit_mask.js";
import { checkMask } from "../../volume/check_argument.js";
import { historyOf } from "../../volume/history.js";
import { ALL_FACES, FRAME_FACES } from "./component_measures.js";
import { type ComponentRule, filterComponents } from "./components.js";

/** Options of fillHoles. */
export type HoleOptions =
  | {
      /** Holes of each slice: 4-connected background that does not touch the slice's frame. The default. */
      readonly perSlice?: true;
      /** Holes of more than this stay; all are filled by default. */
      readonly maximumAreaMm2?: number;
    }
  | {
      /** Cavities of the volume: 6-connected background that touches none of its six faces. */
      readonly perSlice: false;
      readonly maximumVolumeMm3?: number;
    };

/**
 * A new mask with its holes filled. A limit is taken down to whole voxels. Bit-exact.
 * @throws HounsfieldError `invalid-option`, `limit-exceeded`, `out-of-memory`
 */
export async function fillHoles(mask: BitMask, options: HoleOptions & Control = {}): Promise<BitMask> {
  checkMask("fillHoles", mask);
  checkHoles(options);
  const filled = await filterComponents(mask, holeRule(mask, options), "fill holes", options);
  return filled.withHistory(historyOf("fillHoles", options, mask));
}

/** Areas are of holes of slices, volumes of those of the volume: the other limit would be ignored. */
function checkHoles(options: HoleOptions & Control): void {
  const common = { ...controlRules, perSlice: boolean };
  if (options?.perSlice === false) {
    const rules = { ...common, maximumVolumeMm3: atLeast(0) };
    checkOptions<Extract<HoleOptions, { perSlice: false }> & Control>("fillHoles", options, rules);
  } else {
    const rules = { ...common, maximumAreaMm2: atLeast(0) };
    checkOptions<Exclude<HoleOptions, { perSlice: false }> & Control>("fillHoles", options, rules);
  }
}

function holeRule({ grid }: BitMask, options: HoleOptions): ComponentRule {
  if (options.perSlice === false) {
    const maximumVoxels = wholeVoxels(options.maximumVolumeMm3, voxelVolumeMm3(grid));
    return { neighbors: 6, background: true, rejectedFaces: ALL_FACES, maximumVoxels };
  }
  const [sx, sy] = grid.spacingMm;
  const maximumVoxels = wholeVoxels(options.maximumAreaMm2, sx * sy);
  return { neighbors: 4, background: true, rejectedFaces: FRAME_FACES, maximumVoxels };
}

function wholeVoxels(limit = Number.POSITIVE_INFINITY, voxel: number): number {
  return Math.floor(limit / voxel);
}
