import { anteriorCamera, turnCamera } from "../state/camera.js";
import type { View } from "../view/view.js";
import type { ControlElement } from "./control_element.js";
import { attachGestures } from "./gestures.js";
import { dragViewWindow } from "./window_drag.js";

const LEAST_ZOOM = 0.25;
const MOST_ZOOM = 40;
/** A camera turns by half a degree a pixel, so a key press turns by 5 degrees. */
const KEY_PX = 10;
const KEY_ZOOM = 1.1;
/** One notch of a wheel is a fifth nearer or farther. */
const NOTCH_ZOOM = 0.79;

/**
 * Turns a view by dragging on an element, usually its canvas: drag turns, drag with Shift or the middle
 * button moves, with the right button changes the window, wheel and pinch zoom; with focus, arrow keys turn,
 * + and - zoom, Home returns to the front. In a worker the element is what `receivePointerEvents` gives.
 * Gives the call that detaches it.
 * @throws HounsfieldError `invalid-option`
 */
export function attachOrbitControls(view: View, element: ControlElement): () => void {
  const turn = (dx: number, dy: number) => view.set({ camera: turnCamera(view.state.camera, dx, dy) });
  const zoom = (factor: number) => {
    const wanted = view.state.camera.zoom * factor;
    view.set({ camera: { zoom: Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, wanted)) } });
  };
  const move = (dx: number, dy: number) => {
    const [right, up] = view.state.camera.panMm;
    const mm = (view.mmPerPixel() * view.widthPx) / Math.max(1, element.clientWidth);
    view.set({ camera: { panMm: [right - dx * mm, up + dy * mm] } });
  };
  return attachGestures("attachOrbitControls", view, element, {
    drag({ dx, dy, button, shiftKey }) {
      if (button === 2) dragViewWindow(view, element, dx, dy);
      else if (button === 1 || shiftKey) move(dx, dy);
      else turn(dx, dy);
    },
    pinch(factor, _x, _y, dx, dy) {
      zoom(factor);
      move(dx, dy);
    },
    wheel: (notches) => zoom(NOTCH_ZOOM ** notches),
    keys: {
      ArrowLeft: () => turn(-KEY_PX, 0),
      ArrowRight: () => turn(KEY_PX, 0),
      ArrowUp: () => turn(0, -KEY_PX),
      ArrowDown: () => turn(0, KEY_PX),
      "+": () => zoom(KEY_ZOOM),
      "=": () => zoom(KEY_ZOOM),
      "-": () => zoom(1 / KEY_ZOOM),
      Home: () => view.set({ camera: anteriorCamera }),
    },
  });
}
