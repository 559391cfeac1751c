import { anteriorCamera, turnCamera } from "./camera.js";
import type { View } from "./view.js";

const leastZoom = 0.25;
const mostZoom = 40;
/** A camera turns by half a degree a pixel, so a key press turns by 5 degrees. */
const keyPx = 10;
const keyZoom = 1.1;
/** One notch of a wheel (120 units) is a fifth nearer or farther. */
const wheelZoom = 0.998;

/**
 * Turns a view by dragging on an element, usually its canvas: drag turns, drag with Shift or the middle button moves, wheel and
 * pinch zoom; with focus, arrow keys turn, + and - zoom, Home returns to the front. Gives the call that detaches it.
 */
export function attachOrbitControls(view: View, element: HTMLElement): () => void {
  const listening = new AbortController();
  const { touchAction } = element.style;
  element.style.touchAction = "none";
  attachPointers(view, element, listening.signal);
  attachWheel(view, element, listening.signal);
  attachKeys(view, element, listening.signal);
  return () => {
    listening.abort();
    element.style.touchAction = touchAction;
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function attachPointers(view: View, element: HTMLElement, signal: AbortSignal): void {
  const pointers = new Map<number, Point>();
  const onDown = (event: PointerEvent) => {
    if (event.button > 1) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const onMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const spread = spreadOf(pointers);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
    if (pointers.size > 1) zoom(view, spreadOf(pointers) / spread);
    else if (event.shiftKey || event.buttons & 4) move(view, dx, dy);
    else turn(view, dx, dy);
  };
  const onEnd = (event: PointerEvent) => pointers.delete(event.pointerId);
  element.addEventListener("pointerdown", onDown, { signal });
  element.addEventListener("pointermove", onMove, { signal });
  element.addEventListener("pointerup", onEnd, { signal });
  element.addEventListener("pointercancel", onEnd, { signal });
}

function attachWheel(view: View, element: HTMLElement, signal: AbortSignal): void {
  const pxPerLine = 20;
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * pxPerLine : event.deltaY;
    zoom(view, wheelZoom ** px);
  };
  element.addEventListener("wheel", onWheel, { signal, passive: false });
}

function attachKeys(view: View, element: HTMLElement, signal: AbortSignal): void {
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => turn(view, -keyPx, 0),
    ArrowRight: () => turn(view, keyPx, 0),
    ArrowUp: () => turn(view, 0, -keyPx),
    ArrowDown: () => turn(view, 0, keyPx),
    "+": () => zoom(view, keyZoom),
    "=": () => zoom(view, keyZoom),
    "-": () => zoom(view, 1 / keyZoom),
    Home: () => view.set({ camera: anteriorCamera }),
  };
  const onKey = (event: KeyboardEvent) => {
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
  element.addEventListener("keydown", onKey, { signal });
}

function turn(view: View, dx: number, dy: number): void {
  view.set({ camera: turnCamera(view.state.camera, dx, dy) });
}

function zoom(view: View, factor: number): void {
  const wanted = view.state.camera.zoom * factor;
  view.set({ camera: { zoom: Math.min(mostZoom, Math.max(leastZoom, wanted)) } });
}

function move(view: View, dx: number, dy: number): void {
  const [right, up] = view.state.camera.panMm;
  const mm = view.mmPerPixel() * devicePixelRatio;
  view.set({ camera: { panMm: [right - dx * mm, up + dy * mm] } });
}

/** Distance between the first two pointers; never 0. */
function spreadOf(pointers: ReadonlyMap<number, Point>): number {
  const [a, b] = pointers.values();
  return a && b ? Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) : 1;
}
