import { growthLimits, thresholdHu } from "./airway_growth.js";
import { LUMEN_BELOW_HU } from "./airways.js";
import { bowelLimits } from "./bowel_rules.js";
import { lungHu } from "./candidates.js";
import { AIR_BELOW_HU, CERTAIN_ROOM_BELOW_HU, ROOM_AIR_BELOW_HU } from "./inner_air.js";

const { firstHu, lastHu, stepHu } = growthLimits;
const growthHu = Array.from({ length: (lastHu - firstHu) / stepHu + 1 }, (_, step) => thresholdHu(step));

/**
 * Every threshold that the recipe may ask for, ascending: 15, so 4 bits a voxel. One that is missing here
 * gives the same masks, and costs a decoding of the series.
 */
export const recipeEdgesHu: readonly number[] = [
  ...new Set([
    AIR_BELOW_HU,
    ROOM_AIR_BELOW_HU,
    CERTAIN_ROOM_BELOW_HU,
    LUMEN_BELOW_HU,
    ...growthHu,
    bowelLimits.gasBelowHu,
    bowelLimits.lungBelowHu,
    lungHu.fromHu,
    lungHu.belowHu,
  ]),
].sort((a, b) => a - b);
