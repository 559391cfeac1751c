import { invalidOption } from "../../core/options.js";

/** The part of a `PointerEvent` that controls read. */
export interface ControlPointerEvent {
  readonly pointerId: number;
  /** As the main button's 0. */
  readonly button: number;
  /** CSS pixels, as `getBoundingClientRect`. */
  readonly clientX: number;
  readonly clientY: number;
  readonly shiftKey: boolean;
}

/** The part of a `WheelEvent` that controls read. */
export interface ControlWheelEvent {
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly ctrlKey: boolean;
  preventDefault(): void;
}

/** The part of a `KeyboardEvent` that controls read. */
export interface ControlKeyEvent {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  preventDefault(): void;
}

/** What each event that controls listen to brings them. */
export interface ControlEvents {
  readonly pointerdown: ControlPointerEvent;
  readonly pointermove: ControlPointerEvent;
  readonly pointerup: ControlPointerEvent;
  readonly pointercancel: ControlPointerEvent;
  readonly pointerleave: ControlPointerEvent;
  readonly wheel: ControlWheelEvent;
  readonly keydown: ControlKeyEvent;
  readonly contextmenu: { preventDefault(): void };
}

/** What controls listen to: an element of a page, or in a worker what `receivePointerEvents` gives. */
export interface ControlElement {
  /** CSS pixels. */
  readonly clientWidth: number;
  readonly clientHeight: number;
  getBoundingClientRect(): { readonly left: number; readonly top: number; readonly width: number };
  /** Elements of a page have it. */
  readonly style?: { touchAction: string };
  setPointerCapture(pointerId: number): void;
  addEventListener<T extends keyof ControlEvents>(
    type: T,
    listener: (event: ControlEvents[T]) => void,
    options?: AddEventListenerOptions,
  ): void;
}

/**
 * @throws HounsfieldError `invalid-option` for what controls of the function `of` cannot listen to: a bare
 * OffscreenCanvas, for one
 */
export function checkControlElement(of: string, element: ControlElement): void {
  const isOne =
    typeof element === "object" &&
    element !== null &&
    ["addEventListener", "getBoundingClientRect", "setPointerCapture"].every((name) => name in element);
  if (!isOne)
    throw invalidOption(of, "element", element, "an element, or in a worker what receivePointerEvents gives");
}
