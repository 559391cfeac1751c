import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import type { VoiWindow } from "../../core/voi_window.js";
import { parseViewChange } from "./parse_view_change.js";
import { changeState, defaultViewState, type ViewChange, type ViewState } from "./view_state.js";
import type { CtWindow } from "./window_presets.js";

/**
 * The state of a new view of a volume: cuts go through the volume's middle, and the window is its files',
 * unless told.
 * @throws HounsfieldError `invalid-option`
 */
export function initialState(grid: Grid, change: ViewChange, own?: VoiWindow): ViewState {
  const window = own && windowIn(own);
  const middle = changeState(defaultViewState, { mpr: { pointMm: middleVoxelMm(grid) }, window });
  return changeState(middle, parseViewChange(change));
}

/** A file's window as a state has it. */
export function windowIn({ centerHu, widthHu, voiFunction }: VoiWindow): CtWindow {
  return { centerHu, widthHu, ...(voiFunction !== "LINEAR_EXACT" && { voiFunction }) };
}

/** A voxel's center: between two slices both would be seen. */
function middleVoxelMm(grid: Grid): Vec3 {
  const [x, y, z] = grid.size.map((count) => count >> 1);
  return positionMm(grid, [x, y, z]);
}
