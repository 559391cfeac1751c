import { anteriorCamera, turnCamera } from "../state/camera.js";
import type { View } from "../view/view.js";
import type { ControlElement } from "./control_element.js";
import { attachGestures } from "./gestures.js";
import { dragViewWindow } from "./window_drag.js";

const leastZoom = 0.25;
const mostZoom = 40;
/** A camera turns by half a degree a pixel, so a key press turns by 5 degrees. */
const keyPx = 10;
const keyZoom = 1.1;
/** One notch of a wheel is a fifth nearer or farther. */
const notchZoom = 0.79;

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
    view.set({ camera: { zoom: Math.min(mostZoom, Math.max(leastZoom, wanted)) } });
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
    wheel: (notches) => zoom(notchZoom ** notches),
    keys: {
      ArrowLeft: () => turn(-keyPx, 0),
      ArrowRight: () => turn(keyPx, 0),
      ArrowUp: () => turn(0, -keyPx),
      ArrowDown: () => turn(0, keyPx),
      "+": () => zoom(keyZoom),
      "=": () => zoom(keyZoom),
      "-": () => zoom(1 / keyZoom),
      Home: () => view.set({ camera: anteriorCamera }),
    },
  });
}
