import { invalidOption } from "../../core/options.js";
import { followElementSize } from "../view/element_size.js";
import { checkControlElement } from "./control_element.js";
import {
  type ForwardedMessage,
  isEndpoint,
  isOurs,
  type ListeningMessage,
  type MessageEndpoint,
} from "./forwarded_input.js";

const pointerFields = [
  "pointerId",
  "pointerType",
  "isPrimary",
  "button",
  "buttons",
  "pressure",
  "ctrlKey",
  "shiftKey",
  "altKey",
  "metaKey",
] as const;
const wheelFields = ["deltaX", "deltaY", "deltaMode", "ctrlKey", "shiftKey", "altKey", "metaKey"] as const;
const keyFields = ["key", "code", "repeat", "ctrlKey", "shiftKey", "altKey", "metaKey"] as const;

/**
 * The keys of all controls: only these are kept from scrolling the page, as the page cannot know what the
 * worker does with the others.
 */
export const controlKeys: readonly string[] = [
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "PageUp",
  "PageDown",
  "Home",
  "+",
  "=",
  "-",
];

/**
 * Sends what is done with an element by mouse, pen, fingers and keys, and the element's size, to a worker,
 * where `receivePointerEvents` takes it: for a view on the canvas's `OffscreenCanvas`. Messages are plain
 * data. As controls do in a page, it captures pointers and keeps touches, wheel, context menu and the
 * controls' keys from the page. `to` is the worker, or a port where it has several canvases. Gives the call
 * that ends it.
 * @throws HounsfieldError `invalid-option`
 */
export function forwardPointerEvents(element: HTMLElement, to: MessageEndpoint): () => void {
  checkControlElement("forwardPointerEvents", element);
  if (!isEndpoint(to)) throw invalidOption("forwardPointerEvents", "to", to, "a Worker or a MessagePort");
  const forwarding = new AbortController();
  const { signal } = forwarding;
  const pixels = { widthPx: 0, heightPx: 0 };
  const send = (event?: ForwardedMessage["event"]) => {
    const { width, height } = element.getBoundingClientRect();
    const message: ForwardedMessage = { hounsfield: "input", size: { width, height, ...pixels }, event };
    to.postMessage(message);
  };
  const sendPlaced = <E extends MouseEvent>(event: E, names: readonly (keyof E & string)[]) => {
    const { left, top } = element.getBoundingClientRect();
    const place = { clientX: event.clientX - left, clientY: event.clientY - top };
    send({ type: event.type, fields: { ...picked(event, names), ...place } });
  };

  const onPointer = (event: PointerEvent) => sendPlaced(event, pointerFields);
  element.addEventListener("pointerdown", ({ pointerId }) => element.setPointerCapture(pointerId), {
    signal,
  });
  for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"] as const)
    element.addEventListener(type, onPointer, { signal });
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    sendPlaced(event, wheelFields);
  };
  element.addEventListener("wheel", onWheel, { signal, passive: false });
  element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  const onKey = (event: KeyboardEvent) => {
    const isCommand = event.ctrlKey || event.metaKey || event.altKey;
    if (!isCommand && controlKeys.includes(event.key)) event.preventDefault();
    send({ type: event.type, fields: picked(event, keyFields) });
  };
  element.addEventListener("keydown", onKey, { signal });

  const onMessage = ({ data }: { readonly data: unknown }) => {
    if (isOurs<ListeningMessage>(data, "listening")) send();
  };
  to.addEventListener("message", onMessage, { signal });
  to.start?.();
  const follower = followElementSize(element, {
    onSize(widthPx, heightPx) {
      Object.assign(pixels, { widthPx: Math.round(widthPx), heightPx: Math.round(heightPx) });
      send();
    },
  });
  const { touchAction } = element.style;
  element.style.touchAction = "none";
  return () => {
    if (signal.aborted) return;
    forwarding.abort();
    follower.stop();
    element.style.touchAction = touchAction;
  };
}

function picked<E, K extends keyof E & string>(event: E, names: readonly K[]) {
  const fields: Record<string, string | number | boolean> = {};
  for (const name of names) {
    const value = event[name];
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      fields[name] = value;
  }
  return fields;
}
