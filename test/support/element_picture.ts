import type { ElementHandle } from "puppeteer-core";

/**
 * An element as it is on the screen, as PNG; of one larger than the window, what the window shows of it.
 * Puppeteer's own `screenshot` of an element is of the whole element, for which Chromium lays the page out
 * anew: it has a "resize" event each time, and on a busy machine a window of 1 x 1 pixels for a moment. A
 * view then begins with a draft, and that was the picture: rays of twice the step, 22 gray levels off.
 */
export async function elementPicture(element: ElementHandle): Promise<Uint8Array> {
  return element.screenshot({ captureBeyondViewport: false });
}
