import { windowOfElement } from "./frames.js";

/** Follows an element, whichever window shows it. */
export interface SizeFollower {
  /** Looks whether the element is in another window now, and follows it there. */
  check(): void;
  stop(): void;
}

export interface SizeHooks {
  /**
   * In device pixels, not yet rounded where the browser knows CSS pixels only; 0 x 0 for an element that is
   * not laid out.
   */
  onSize(widthPx: number, heightPx: number): void;
  /** The element is in another window, or its window was closed. */
  onMoved?(): void;
}

/** Tells the size of an element's content in device pixels as soon as it is laid out, and when it changes. */
export function followElementSize(element: HTMLElement, { onSize, onMoved }: SizeHooks): SizeFollower {
  let host = windowOfElement(element);
  const check = () => {
    const now = windowOfElement(element);
    if (now === host) return;
    stop();
    host = now;
    stop = observe(element, host, onSize, check);
    // An observer says nothing at first of an element that is not laid out.
    if (element.clientWidth === 0 || element.clientHeight === 0) onSize(0, 0);
    onMoved?.();
  };
  let stop = observe(element, host, onSize, check);
  return { check, stop: () => stop() };
}

/** By the means of one window: an observer of another one rests while its own window is hidden. */
function observe(
  element: HTMLElement,
  host: typeof globalThis,
  onSize: SizeHooks["onSize"],
  check: () => void,
): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let isExact = true;
  const css = { width: 0, height: 0 };
  const tellFromCss = () => onSize(css.width * host.devicePixelRatio, css.height * host.devicePixelRatio);
  const observer = new host.ResizeObserver(([entry]) => {
    check();
    if (signal.aborted) return;
    const exact = entry.devicePixelContentBoxSize?.[0];
    if (isExact && exact) return onSize(exact.inlineSize, exact.blockSize);
    css.width = entry.contentRect.width;
    css.height = entry.contentRect.height;
    tellFromCss();
  });
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    // Safari knows CSS pixels only, which stay when a window moves to another display.
    isExact = false;
    observer.observe(element);
    watchPixelRatio(host, tellFromCss, signal);
  }
  // A window that closes takes its observers and frames along; what closes it may have moved the element by
  // then.
  const onClose = () => setTimeout(() => signal.aborted || check());
  if (host !== globalThis) host.addEventListener("pagehide", onClose, { signal });
  return () => {
    listening.abort();
    observer.disconnect();
  };
}

/** A media query holds for one ratio: each change wants another. */
function watchPixelRatio(host: typeof globalThis, onChange: () => void, signal: AbortSignal): void {
  const query = host.matchMedia(`(resolution: ${host.devicePixelRatio}dppx)`);
  const changed = () => {
    onChange();
    watchPixelRatio(host, onChange, signal);
  };
  query.addEventListener("change", changed, { once: true, signal });
}
