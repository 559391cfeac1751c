import type { Probe } from "../view/probe.js";
import type { View } from "../view/view.js";

/**
 * Probes what is under the pointer as it moves over an element, usually the view's canvas, and tells `listener`; undefined beside the
 * volume and when the pointer leaves. One probe at a time: a fast pointer is followed as fast as the device answers. Gives the call that ends it.
 */
export function attachProbe(
  view: View,
  element: HTMLElement,
  listener: (probe: Probe | undefined) => void,
  onError: (error: unknown) => void = reportError,
): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let place: readonly [number, number] | undefined;
  let busy = false;
  const follow = async () => {
    if (busy) return;
    busy = true;
    while (place && !signal.aborted) {
      const asked = place;
      const probe = await view.probe(...asked);
      if (!signal.aborted && place) listener(probe);
      if (place === asked) break;
    }
    busy = false;
  };
  const onMove = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width } = element.getBoundingClientRect();
    const scale = view.widthPx / Math.max(1, width);
    place = [(clientX - left) * scale, (clientY - top) * scale];
    follow().catch((error) => {
      busy = false;
      onError(error);
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
