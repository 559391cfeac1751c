import { checkView } from "../view/check_given.js";
import type { View } from "../view/view.js";
import {
  type ControlElement,
  type ControlKeyEvent,
  type ControlPointerEvent,
  type ControlWheelEvent,
  checkControlElement,
} from "./control_element.js";

/** A movement of the pointer with a button held, or of one finger: CSS pixels. */
export interface Drag {
  readonly dx: number;
  readonly dy: number;
  /** Where it is now, from the element's top left corner. */
  readonly x: number;
  readonly y: number;
  /**
   * As `PointerEvent.button` when it began: 0 for the main one and for touch, 1 for the middle one, 2 for the
   * other.
   */
  readonly button: number;
  readonly shiftKey: boolean;
}

/** What is done with an element by mouse, pen, fingers and keys. All lengths are CSS pixels. */
export interface Gestures {
  drag?(drag: Drag): void;
  /** The main button or a finger went down and up again in one place. */
  tap?(x: number, y: number): void;
  /**
   * Two fingers: the factor by which they went apart, round their middle, and how far that moved. Also a
   * trackpad's pinch, unmoved.
   */
  pinch?(factor: number, x: number, y: number, dx: number, dy: number): void;
  /** Notches of a wheel, positive towards the user; parts of them on a trackpad. */
  wheel?(notches: number, x: number, y: number): void;
  /** By `KeyboardEvent.key`, while the element has focus. */
  readonly keys?: Readonly<Record<string, () => void>>;
}

/** Below it a press is a tap: a hand is not steadier. */
const TAP_PX = 4;
const PX_PER_NOTCH = 120;
const PX_PER_LINE = 20;
/** `WheelEvent.DOM_DELTA_LINE`, which workers do not have. */
const DELTA_IS_LINES = 1;
/** A trackpad's pinch comes as a wheel with Ctrl; a hundredth a pixel is what browsers themselves zoom by. */
const PINCH_PER_PX = 0.01;

/** What an element and a view that it steers have in common for a while. */
interface Attachment {
  readonly element: ControlElement;
  readonly gestures: Gestures;
  /** Of a view at its end nothing is asked, and the element is the page's again. */
  isLive(): boolean;
  readonly signal: AbortSignal;
}

/**
 * Does with a view, for as long as it lasts, what is done with an element. `of` names the controls in errors.
 * Gives the call that detaches them.
 */
export function attachGestures(
  of: string,
  view: Pick<View, "ended">,
  element: ControlElement,
  gestures: Gestures,
): () => void {
  checkView(of, view);
  checkControlElement(of, element);
  const listening = new AbortController();
  const { style } = element;
  const touchAction = style?.touchAction ?? "";
  if (style) style.touchAction = "none";
  const attachment: Attachment = { element, gestures, isLive: () => !view.ended, signal: listening.signal };
  attachPointers(attachment);
  attachWheel(attachment);
  attachKeys(attachment);
  return () => {
    if (listening.signal.aborted) return;
    listening.abort();
    if (style) style.touchAction = touchAction;
  };
}

interface Pointer {
  x: number;
  y: number;
  readonly button: number;
}

function attachPointers({ element, gestures, isLive, signal }: Attachment): void {
  const pointers = new Map<number, Pointer>();
  let traveled = 0;
  const onDown = (event: ControlPointerEvent) => {
    if (!isLive()) return;
    element.setPointerCapture(event.pointerId);
    if (pointers.size === 0) traveled = 0;
    pointers.set(event.pointerId, { ...placeIn(element, event), button: event.button });
  };
  const onMove = (event: ControlPointerEvent) => {
    const pointer = pointers.get(event.pointerId);
    if (!pointer || !isLive()) return;
    const before = middleOf(pointers);
    const { x, y } = placeIn(element, event);
    const [dx, dy] = [x - pointer.x, y - pointer.y];
    traveled += Math.hypot(dx, dy);
    Object.assign(pointer, { x, y });
    if (pointers.size > 1) {
      const after = middleOf(pointers);
      const [mx, my] = [after.x - before.x, after.y - before.y];
      gestures.pinch?.(after.spread / before.spread, after.x, after.y, mx, my);
    } else if (traveled >= TAP_PX) {
      gestures.drag?.({ dx, dy, x, y, button: pointer.button, shiftKey: event.shiftKey });
    }
  };
  const onUp = (event: ControlPointerEvent) => {
    const pointer = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (isLive() && pointer?.button === 0 && pointers.size === 0 && traveled < TAP_PX)
      gestures.tap?.(pointer.x, pointer.y);
  };
  const onCancel = (event: ControlPointerEvent) => pointers.delete(event.pointerId);
  element.addEventListener("pointerdown", onDown, { signal });
  element.addEventListener("pointermove", onMove, { signal });
  element.addEventListener("pointerup", onUp, { signal });
  element.addEventListener("pointercancel", onCancel, { signal });
  element.addEventListener("contextmenu", (event) => isLive() && event.preventDefault(), { signal });
}

function attachWheel({ element, gestures, isLive, signal }: Attachment): void {
  const onWheel = (event: ControlWheelEvent) => {
    if (!isLive()) return;
    event.preventDefault();
    const px = event.deltaMode === DELTA_IS_LINES ? event.deltaY * PX_PER_LINE : event.deltaY;
    const { x, y } = placeIn(element, event);
    if (event.ctrlKey) gestures.pinch?.(Math.exp(-px * PINCH_PER_PX), x, y, 0, 0);
    else gestures.wheel?.(px / PX_PER_NOTCH, x, y);
  };
  element.addEventListener("wheel", onWheel, { signal, passive: false });
}

function attachKeys({ element, gestures: { keys = {} }, isLive, signal }: Attachment): void {
  const onKey = (event: ControlKeyEvent) => {
    if (!isLive() || !Object.hasOwn(keys, event.key) || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    keys[event.key]();
  };
  element.addEventListener("keydown", onKey, { signal });
}

function placeIn(
  element: ControlElement,
  event: { readonly clientX: number; readonly clientY: number },
): { x: number; y: number } {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** Of the first two pointers: their middle and distance, never 0. */
function middleOf(pointers: ReadonlyMap<number, Pointer>): { x: number; y: number; spread: number } {
  const [a, b = a] = pointers.values();
  const spread = Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread };
}
