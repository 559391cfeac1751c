import { decode } from "fast-png";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browsers.js";
import { elementPicture } from "../support/element_picture.js";

let browser: Browser;
let close: (() => Promise<void>) | undefined;

beforeAll(async () => ({ browser, close } = await launchBrowser()));
afterAll(() => close?.());

const TEXT = `<style>body { margin: 0 } p { width: 100%; height: 80vh; margin: 0; background: rgb(1, 2, 3) }</style>`;

declare global {
  interface Window {
    sizes?: string[];
  }
}

// A view whose canvas has another size for a moment draws a draft again, and tests that wait for its full
// picture first would see that.
test("a picture of an element leaves the window's size as it is", async () => {
  const page = await browser.newPage();
  await page.setViewport({ width: 200, height: 200 });
  await page.setContent(`${TEXT}<p></p>`);
  await page.evaluate(async () => {
    // The event of the size that was set just now comes with a frame.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    window.sizes = [];
    addEventListener("resize", () => window.sizes?.push(`${innerWidth} x ${innerHeight}`));
  });
  const element = await page.$("p");
  if (!element) throw new Error("the page has no p");
  for (let time = 0; time < 3; time++) {
    const { width, height, data } = decode(await elementPicture(element));
    expect([width, height, ...data.subarray(0, 3)]).toEqual([200, 160, 1, 2, 3]);
  }
  expect(await page.evaluate(() => window.sizes)).toEqual([]);
  await page.close();
});
