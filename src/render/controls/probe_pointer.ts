import { invalidOption } from "../../core/options.js";
import { checkView } from "../view/check_given.js";
import type { Probe } from "../view/probe.js";
import type { View } from "../view/view.js";
import { type ControlElement, type ControlPointerEvent, checkControlElement } from "./control_element.js";

/**
 * Probes what is under the pointer as it moves over an element, usually the view's canvas, and tells
 * `listener`; undefined beside the volume and when the pointer leaves. One probe at a time: a fast pointer is
 * followed as fast as the device answers. It ends with the view, or by the call that it gives. In a worker
 * the element is what `receivePointerEvents` gives.
 * @throws HounsfieldError `invalid-option`
 */
export function attachProbe(
  view: View,
  element: ControlElement,
  listener: (probe: Probe | undefined) => void,
  onError: (error: unknown) => void = (error) => reportError(error),
): () => void {
  checkView("attachProbe", view);
  checkControlElement("attachProbe", element);
  for (const [name, call] of Object.entries({ listener, onError }))
    if (typeof call !== "function") throw invalidOption("attachProbe", name, call, "a function");
  const listening = new AbortController();
  const { signal } = listening;
  let place: readonly [number, number] | undefined;
  let busy = false;
  const follow = async () => {
    if (busy) return;
    busy = true;
    while (place && !signal.aborted && !view.ended) {
      const asked = place;
      const probe = await view.probe(...asked);
      if (!signal.aborted && place) listener(probe);
      if (place === asked) break;
    }
    busy = false;
  };
  const onMove = ({ clientX, clientY }: ControlPointerEvent) => {
    const { left, top, width } = element.getBoundingClientRect();
    const scale = view.widthPx / Math.max(1, width);
    place = [(clientX - left) * scale, (clientY - top) * scale];
    follow().catch((error) => {
      busy = false;
      if (!view.ended) onError(error);
    });
  };
  const onLeave = () => {
    place = undefined;
    listener(undefined);
  };
  element.addEventListener("pointermove", onMove, { signal });
  element.addEventListener("pointerleave", onLeave, { signal });
  return () => listening.abort();
}
