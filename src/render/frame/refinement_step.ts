import type { Band } from "./render_target.js";

/**
 * Where the refinement of a picture stands: the rough picture is to be drawn; the full one is drawn over it,
 * band by band; the full one is drawn at once; nothing is to be drawn.
 */
export type RefinementStep =
  | { readonly name: "rough" }
  | { readonly name: "bands"; readonly rowsDone: number }
  | { readonly name: "whole" }
  | { readonly name: "done" };

export const DONE: RefinementStep = { name: "done" };
export const WHOLE: RefinementStep = { name: "whole" };
export const ROUGH: RefinementStep = { name: "rough" };
/** Over a rough picture that is there. */
export const BANDS: RefinementStep = { name: "bands", rowsDone: 0 };

/**
 * What the step draws of a picture of `heightPx` rows, and the step behind it.
 * @param rows of a band, where it is drawn in bands
 */
export function nextBand(
  step: Exclude<RefinementStep, { name: "done" }>,
  heightPx: number,
  rows: number,
): { readonly band: Band; readonly next: RefinementStep } {
  switch (step.name) {
    case "rough":
      return { band: { top: 0, bottom: heightPx }, next: BANDS };
    case "whole":
      return { band: { top: 0, bottom: heightPx }, next: DONE };
    case "bands": {
      const bottom = Math.min(heightPx, step.rowsDone + rows);
      const next: RefinementStep = bottom === heightPx ? DONE : { name: "bands", rowsDone: bottom };
      return { band: { top: step.rowsDone, bottom }, next };
    }
  }
}

/** Rows of the full picture that are drawn, from the top. */
export function rowsDone(step: RefinementStep, heightPx: number): number {
  if (step.name === "bands") return step.rowsDone;
  return step.name === "done" ? heightPx : 0;
}
