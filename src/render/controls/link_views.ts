import { checkOptions, invalidOption } from "../../core/options.js";
import { boolean } from "../../core/rules.js";
import type { ViewChange, ViewState } from "../state/view_state.js";
import { checkView } from "../view/check_given.js";
import type { View } from "../view/view.js";

/** Options of linkViews: what views share beside the crosshair. */
export interface LinkOptions {
  /** Also windows. */
  readonly window?: boolean;
  /** Also the zoom of cuts. */
  readonly zoom?: boolean;
  /** Also thickness and kind of slabs. */
  readonly slab?: boolean;
}

/** What linking needs of a view. */
export type LinkedView = Pick<View, "on" | "set" | "state" | "ended">;

/**
 * Links views, also of different volumes of one patient: the crosshair moved in one moves in all, and what
 * else is asked for. Those that show no cut keep the crosshair in their state; those at their end are left
 * alone. Gives the call that unlinks them.
 * @throws HounsfieldError `invalid-option`
 */
export function linkViews(views: readonly LinkedView[], options: LinkOptions = {}): () => void {
  checkOptions("linkViews", options, { window: boolean, zoom: boolean, slab: boolean });
  // Whatever JavaScript gives.
  const given: unknown = views;
  if (!Array.isArray(given)) throw invalidOption("linkViews", "views", given, "a list of views");
  for (const view of given) checkView("linkViews", view);
  let following = false;
  const follow = (leader: LinkedView, state: ViewState) => {
    if (following) return;
    following = true;
    try {
      for (const view of views) if (view !== leader && !view.ended) view.set(sharedPart(state, options));
    } finally {
      following = false;
    }
  };
  const ends = views.map((view) =>
    view.on("change", ({ state, changed }) => {
      if (changed.includes("mpr") || (options.window && changed.includes("window"))) follow(view, state);
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}

function sharedPart({ mpr, window }: ViewState, options: LinkOptions): ViewChange {
  return {
    ...(options.window && { window }),
    mpr: {
      pointMm: mpr.pointMm,
      ...(options.zoom && { zoom: mpr.zoom }),
      ...(options.slab && { slabMm: mpr.slabMm, slabKind: mpr.slabKind }),
    },
  };
}
