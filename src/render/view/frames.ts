/** The next animation frame of wherever a picture is shown; one is waited for at a time. */
export interface Frames {
  /**
   * Calls `draw` at the next frame. Asked again while one is pending, it moves to the window that the element
   * is in by now: frames of the window before may never come.
   */
  request(draw: () => void): void;
  cancel(): void;
}

type Window = typeof globalThis;

/** A worker without animation frames (one inside a shared worker, for instance) draws this often at most. */
const TIMED_MS = 16;

/**
 * The window that shows an element, which may be another than the one whose code runs; our own for an element
 * of no window.
 */
export function windowOfElement(element: Element | undefined): Window {
  return element?.ownerDocument.defaultView ?? globalThis;
}

/** Frames of the window of an element, or of this worker's display where there is none. */
export function framesOf(element?: Element): Frames {
  let pending: { readonly host: Window; cancel(): void } | undefined;
  const cancel = () => {
    pending?.cancel();
    pending = undefined;
  };
  return {
    request(draw) {
      const host = windowOfElement(element);
      if (pending?.host === host) return;
      cancel();
      const run = () => {
        pending = undefined;
        draw();
      };
      pending = { host, cancel: nextFrame(host, run) };
    },
    cancel,
  };
}

/** Gives the call that cancels it. */
function nextFrame(host: Window, run: () => void): () => void {
  if (typeof host.requestAnimationFrame !== "function") {
    const timer = setTimeout(run, TIMED_MS);
    return () => clearTimeout(timer);
  }
  const frame = host.requestAnimationFrame(run);
  return () => host.cancelAnimationFrame(frame);
}
