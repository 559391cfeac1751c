import { parseViewChange } from "../state/parse_view_change.js";
import { changeState, type ViewChange, type ViewState } from "../state/view_state.js";

/** A state after a change: which parts differ, and whether what is drawn of it does. */
export interface ChangedState {
  /** Unchanged parts are the very objects they were: renderers know by that what need not be drawn anew. */
  readonly state: ViewState;
  readonly changed: readonly (keyof ViewState)[];
  readonly isSeen: boolean;
}

/**
 * What a change makes of a state.
 * @throws HounsfieldError `invalid-option`
 */
export function changedState(before: ViewState, change: ViewChange): ChangedState {
  const after = changeState(before, parseViewChange(change));
  const changed = changedParts(before, after);
  return {
    state: keepParts(before, after, changed),
    changed,
    isSeen: changed.some((part) => !unseen[after.projection].includes(part)),
  };
}

/** Parts of a state are plain data, so that equal ones read the same. */
function changedParts(before: ViewState, after: ViewState): (keyof ViewState)[] {
  const names = Object.keys(after) as (keyof ViewState)[];
  return names.filter(
    (name) => before[name] !== after[name] && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

function keepParts(before: ViewState, after: ViewState, changed: readonly (keyof ViewState)[]): ViewState {
  const kept: { -readonly [K in keyof ViewState]: ViewState[K] } = { ...before };
  const take = <K extends keyof ViewState>(name: K) => (kept[name] = after[name]);
  for (const name of changed) take(name);
  return kept;
}

/** Parts of a state that a projection does not show. */
const unseen: Readonly<Record<ViewState["projection"], readonly (keyof ViewState)[]>> = {
  mpr: ["camera", "slab", "clip", "cut", "transfer", "shading"],
  mip: ["mpr", "transfer", "shading"],
  minip: ["mpr", "transfer", "shading"],
  average: ["mpr", "transfer", "shading"],
  dvr: ["mpr", "window"],
};
