import type { CtWindow } from "../state/window_presets.js";
import type { View } from "../view/view.js";
import type { ControlElement } from "./control_element.js";

/** A picture's height of drag changes center or width by this much of the width: a window is found as fast, narrow or wide. */
const partPerPicture = 2;
const leastWidthHu = 1;

/** A window after a drag by parts of the picture's size, as workstations have it: to the right wider, up darker. */
export function dragWindow({ centerHu, widthHu }: CtWindow, right: number, down: number): CtWindow {
  const wider = widthHu * Math.exp(right * partPerPicture);
  return {
    centerHu: Math.round((centerHu - down * partPerPicture * widthHu) * 10) / 10,
    widthHu: Math.max(leastWidthHu, Math.round(wider * 10) / 10),
  };
}

/** `dx` and `dy` in CSS pixels of an element that shows the view. */
export function dragViewWindow(view: View, element: ControlElement, dx: number, dy: number): void {
  const size = Math.max(1, Math.min(element.clientWidth, element.clientHeight));
  view.set({ window: dragWindow(view.state.window, dx / size, dy / size) });
}
