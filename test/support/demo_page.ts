import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import type { ElementHandle, Page } from "puppeteer-core";
import { type ChestPhantomOptions, chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { elementPicture } from "./element_picture.js";

/** Pictures for people: ignored by git. */
const pictures = fileURLToPath(new URL("../../out/screenshots", import.meta.url));

/** What a screenshot holds. */
export interface Picture {
  /** Its red channel. */
  readonly gray: Uint8Array;
  readonly mean: number;
  readonly deviation: number;
  readonly levels: number;
  /** Share of the pixels that are no gray. */
  readonly colored: number;
}

function pictureOf(png: Uint8Array): Picture {
  const { data, channels, width, height } = decode(png);
  const gray = Uint8Array.from({ length: width * height }, (_, i) => data[i * channels]);
  const mean = gray.reduce((sum, value) => sum + value, 0) / gray.length;
  const variance = gray.reduce((sum, value) => sum + (value - mean) ** 2, 0) / gray.length;
  const differs = (i: number) => Math.abs(data[i * channels] - data[i * channels + 2]) > 12;
  const colored = gray.reduce((sum, _, i) => sum + Number(differs(i)), 0) / gray.length;
  return { gray, mean, deviation: Math.sqrt(variance), levels: new Set(gray).size, colored };
}

export function meanDifference(a: Picture, b: Picture): number {
  return a.gray.reduce((sum, value, i) => sum + Math.abs(value - b.gray[i]), 0) / a.gray.length;
}

/** Until every canvas on show has its refined picture. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll("canvas")].every(
      (canvas) => canvas.ariaBusy === "false" || !canvas.checkVisibility(),
    ),
  );
}

/** An element as a person sees it, once all pictures are refined; kept under `name`. */
export async function look(page: Page, selector: string, name: string): Promise<Picture> {
  await settled(page);
  return lookNow(page, selector, name);
}

/** The same, whatever is still to come. */
export async function lookNow(page: Page, selector: string, name: string): Promise<Picture> {
  const element = await page.$(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  const png = await elementPicture(element);
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, `${name}.png`), png);
  return pictureOf(png);
}

export async function chooseFiles(page: Page, input: string, path: string): Promise<void> {
  const element = (await page.$(input)) as ElementHandle<HTMLInputElement> | null;
  if (!element) throw new Error(`the page has no ${input}`);
  // Firefox is driven by a protocol that cannot choose a folder: what is in it is chosen instead.
  const isFolder = statSync(path).isDirectory();
  if (!isFolder || (await page.browser().version()).includes("Chrome")) return element.uploadFile(path);
  await element.evaluate((input) => input.removeAttribute("webkitdirectory"));
  await element.uploadFile(...readdirSync(path).map((name) => join(path, name)));
}

/** A new folder with the phantom's series of each of these options. */
export function phantomFolder(...series: readonly ChestPhantomOptions[]): string {
  const folder = mkdtempSync(join(tmpdir(), "hounsfield-demo-"));
  for (const [i, options] of series.entries()) {
    for (const { name, bytes } of phantomSeries(chestPhantom(options)))
      writeFileSync(join(folder, `${i}_${name}`), bytes);
  }
  return folder;
}
