import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { parseViewChange } from "./parse_view_change.js";
import { changeState, defaultViewState, type ViewChange, type ViewState } from "./view_state.js";

/** The state of a new view of a volume: cuts go through the volume's middle unless told. Throws `invalid-option`. */
export function initialState(grid: Grid, change: ViewChange): ViewState {
  const middle = changeState(defaultViewState, { mpr: { pointMm: middleVoxelMm(grid) } });
  return changeState(middle, parseViewChange(change));
}

/** A voxel's center: between two slices both would be seen. */
function middleVoxelMm(grid: Grid): Vec3 {
  const [x, y, z] = grid.size.map((count) => count >> 1);
  return positionMm(grid, [x, y, z]);
}
