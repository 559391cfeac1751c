import { checkOptions, invalidOption } from "../../core/options.js";
import { callback } from "../../core/rules.js";
import type { MprSlice } from "../mpr/mpr_slice.js";
import type { MprState } from "../state/mpr_state.js";
import { checkView } from "../view/check_given.js";
import type { View } from "../view/view.js";
import type { ControlElement } from "./control_element.js";
import { attachGestures } from "./gestures.js";
import { panBy, pointAt, stepPoint, zoomAt } from "./mpr_moves.js";
import { dragViewWindow } from "./window_drag.js";

/** What dragging with the main button does on a slice. */
export type MprTool = "window" | "point" | "pan" | "zoom";

/** Options of attachMprControls. */
export interface MprControlOptions {
  /** What dragging with the main button or one finger does; asked at each drag. "window" unless told. */
  readonly tool?: () => MprTool;
}

const KEY_ZOOM = 1.1;
/** A picture's height of drag zooms by e². */
const ZOOM_PER_PICTURE = 2;

/**
 * Steers a slice by an element, usually the view's canvas: wheel and up and down keys go through slices, a
 * tap moves the crosshair, drag changes the window (or what `tool` says), with Shift or the middle button
 * moves the picture, with the right button zooms; pinch zooms; with focus, + and - zoom, Home shows all
 * again. In a worker the element is what `receivePointerEvents` gives. Gives the call that detaches it.
 * @throws HounsfieldError `invalid-option`
 */
export function attachMprControls(
  view: View,
  element: ControlElement,
  options: MprControlOptions = {},
): () => void {
  const { tool = () => "window" } = checkOptions("attachMprControls", options, { tool: callback });
  checkView("attachMprControls", view);
  const { grid } = view.volume;
  /** The state and its picture, where the view shows a slice, and pixels of it to a CSS pixel. */
  const change = (make: (mpr: MprState, slice: MprSlice, scale: number) => Partial<MprState>) => {
    const slice = view.mprSlice();
    if (!slice) return;
    const scale = slice.widthPx / Math.max(1, element.clientWidth);
    view.set({ mpr: make(view.state.mpr, slice, scale) });
  };
  let unstepped = 0;
  const step = (slices: number) => {
    // A trackpad's parts of a notch add up: slices are whole.
    unstepped += slices;
    const whole = Math.trunc(unstepped);
    unstepped -= whole;
    if (whole !== 0) change((mpr) => ({ pointMm: stepPoint(grid, mpr, whole) }));
  };
  const zoomMiddle = (factor: number) =>
    change((mpr, slice) => zoomAt(mpr, slice, factor, slice.widthPx / 2, slice.heightPx / 2));
  const pan = (dx: number, dy: number) =>
    change((mpr, slice, scale) => panBy(mpr, slice, dx * scale, dy * scale));
  const pointTo = (x: number, y: number) =>
    change((mpr, slice, scale) => ({ pointMm: pointAt(grid, slice, mpr.plane, x * scale, y * scale) }));

  const byTool: Readonly<Record<MprTool, (dx: number, dy: number, x: number, y: number) => void>> = {
    window: (dx, dy) => dragViewWindow(view, element, dx, dy),
    point: (_dx, _dy, x, y) => pointTo(x, y),
    pan,
    zoom: (_dx, dy) => zoomMiddle(Math.exp((-dy / Math.max(1, element.clientHeight)) * ZOOM_PER_PICTURE)),
  };
  const toolOf = (button: number, shiftKey: boolean): MprTool => {
    if (button === 2) return "zoom";
    if (button === 1 || shiftKey) return "pan";
    const chosen = tool();
    if (Object.hasOwn(byTool, chosen)) return chosen;
    throw invalidOption("attachMprControls", "tool()", chosen, Object.keys(byTool));
  };
  return attachGestures("attachMprControls", view, element, {
    drag: ({ dx, dy, x, y, button, shiftKey }) => byTool[toolOf(button, shiftKey)](dx, dy, x, y),
    tap: pointTo,
    pinch(factor, x, y, dx, dy) {
      pan(dx, dy);
      change((mpr, slice, scale) => zoomAt(mpr, slice, factor, x * scale, y * scale));
    },
    // Towards the user is towards the viewer of the slice: axial ones go to the feet.
    wheel: (notches) => step(-notches),
    keys: {
      ArrowUp: () => step(1),
      ArrowDown: () => step(-1),
      PageUp: () => step(10),
      PageDown: () => step(-10),
      "+": () => zoomMiddle(KEY_ZOOM),
      "=": () => zoomMiddle(KEY_ZOOM),
      "-": () => zoomMiddle(1 / KEY_ZOOM),
      Home: () => change(() => ({ zoom: 1, panMm: [0, 0] })),
    },
  });
}
