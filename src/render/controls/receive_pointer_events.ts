import { invalidOption } from "../../core/options.js";
import type { ControlElement } from "./control_element.js";
import {
  type ForwardedMessage,
  type ForwardedSize,
  isEndpoint,
  isOurs,
  type ListeningMessage,
  type MessageEndpoint,
} from "./forwarded_input.js";

/** In a worker, an element of the page: controls listen to it, and its size is the canvas's. */
export interface ReceivedElement extends ControlElement {
  /**
   * Calls `listener` with the element's size in device pixels, 0 while it is not laid out: at once where it
   * is known, and at each change. Gives the call that ends it.
   */
  onSize(listener: (widthPx: number, heightPx: number) => void): () => void;
  /** Hears nothing more. Idempotent. */
  destroy(): void;
}

/**
 * In a worker, takes what `forwardPointerEvents` sends: the element that `attachOrbitControls`,
 * `attachMprControls` and `attachProbe` want. `from` is the worker itself, or the port that was sent to it.
 *
 * ```ts
 * const element = receivePointerEvents();
 * attachOrbitControls(view, element);
 * element.onSize(view.resize);
 * ```
 * @throws HounsfieldError `invalid-option`
 */
export function receivePointerEvents(from: MessageEndpoint = globalThis): ReceivedElement {
  if (!isEndpoint(from))
    throw invalidOption("receivePointerEvents", "from", from, "a worker's own scope or a MessagePort");
  const target = new EventTarget();
  const receiving = new AbortController();
  const { signal } = receiving;
  const listeners = new Set<(widthPx: number, heightPx: number) => void>();
  let size: ForwardedSize | undefined;
  const receive = ({ data }: { readonly data: unknown }) => {
    if (!isOurs<ForwardedMessage>(data, "input")) return;
    const before = size;
    size = data.size;
    if (size.widthPx !== before?.widthPx || size.heightPx !== before.heightPx)
      for (const listener of listeners) listener(size.widthPx, size.heightPx);
    // What could be prevented was, in the page.
    if (data.event) target.dispatchEvent(Object.assign(new Event(data.event.type), data.event.fields));
  };
  from.addEventListener("message", receive, { signal });
  from.start?.();
  const listening: ListeningMessage = { hounsfield: "listening" };
  from.postMessage(listening);

  return {
    get clientWidth() {
      return size?.width ?? 0;
    },
    get clientHeight() {
      return size?.height ?? 0;
    },
    // Places come as they are from the element's corner.
    getBoundingClientRect: () => ({ left: 0, top: 0, width: size?.width ?? 0 }),
    // The page captured it.
    setPointerCapture() {},
    addEventListener(type, listener, options) {
      const call = (event: Event) => listener(event as Event & Parameters<typeof listener>[0]);
      target.addEventListener(type, call, options);
    },
    onSize(listener) {
      listeners.add(listener);
      if (size) listener(size.widthPx, size.heightPx);
      return () => listeners.delete(listener);
    },
    destroy() {
      receiving.abort();
      listeners.clear();
    },
  };
}
