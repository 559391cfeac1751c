import type { CtWindow } from "../state/window_presets.js";
import type { View } from "../view/view.js";
import type { ControlElement } from "./control_element.js";

/**
 * A picture's height of drag changes center or width by this much of the width: a window is found as fast,
 * narrow or wide.
 */
const PART_PER_PICTURE = 2;

/**
 * A window after a drag by parts of the picture's size, as workstations have it: to the right wider, up
 * darker. To tenths, and no narrower than 1; or to `step`, the record's, where that is finer.
 */
export function dragWindow(window: CtWindow, right: number, down: number, step = 1): CtWindow {
  const { centerHu, widthHu } = window;
  const perUnit = Math.max(10, 1 / step);
  const rounded = (value: number) => Math.round(value * perUnit) / perUnit;
  return {
    ...window,
    centerHu: rounded(centerHu - down * PART_PER_PICTURE * widthHu),
    widthHu: Math.max(Math.min(1, step), rounded(widthHu * Math.exp(right * PART_PER_PICTURE))),
  };
}

/** `dx` and `dy` in CSS pixels of an element that shows the view. */
export function dragViewWindow(view: View, element: ControlElement, dx: number, dy: number): void {
  const size = Math.max(1, Math.min(element.clientWidth, element.clientHeight));
  view.set({ window: dragWindow(view.state.window, dx / size, dy / size, view.volume.values.slope) });
}
