import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { launchChromium } from "../support/chromium.js";
import { buildPage, type PageServer, serveFolders } from "../support/pages.js";

/** Pictures for people: ignored by git. */
const pictures = fileURLToPath(new URL("../../out/screenshots", import.meta.url));

let server: PageServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  server = await serveFolders({
    "/embed/": await buildPage("examples/embed"),
    "/": await buildPage("demo"),
  });
  ({ browser, close: closeBrowser } = await launchChromium());
});

afterEach(() => {
  const heard = complaints;
  complaints = [];
  expect(heard).toEqual([]);
});

afterAll(async () => {
  await closeBrowser?.();
  await server?.close();
});

async function openPage(path = "/", before?: () => void): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(100_000);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
  await page.setViewport({ width: 900, height: 700 });
  if (before) await page.evaluateOnNewDocument(before);
  await page.goto(`${server.url}${path}`);
  return page;
}

/** The picture in a canvas once it is refined, as a person sees it; kept under `name`. */
async function look(page: Page, name: string): Promise<Picture> {
  await page.waitForSelector("canvas[aria-busy=false]");
  const canvas = (await page.$("canvas")) as ElementHandle<HTMLCanvasElement>;
  const png = await canvas.screenshot();
  writeFileSync(join(pictures, `${name}.png`), png);
  return pictureOf(png);
}

interface Picture {
  readonly gray: Uint8Array;
  readonly mean: number;
  readonly deviation: number;
  readonly levels: number;
}

function pictureOf(png: Uint8Array): Picture {
  const { data, channels, width, height } = decode(png);
  const gray = Uint8Array.from({ length: width * height }, (_, i) => data[i * channels]);
  const mean = gray.reduce((sum, value) => sum + value, 0) / gray.length;
  const variance = gray.reduce((sum, value) => sum + (value - mean) ** 2, 0) / gray.length;
  return { gray, mean, deviation: Math.sqrt(variance), levels: new Set(gray).size };
}

function meanDifference(a: Picture, b: Picture): number {
  return a.gray.reduce((sum, value, i) => sum + Math.abs(value - b.gray[i]), 0) / a.gray.length;
}

function visible(page: Page, selector: string): Promise<boolean> {
  return page.$eval(selector, (element) => element.checkVisibility());
}

test("the phantom comes onto the canvas, turns by drag and keys, and takes windows", async () => {
  const page = await openPage();
  expect(await visible(page, "#start")).toBe(true);
  await page.click("#phantom");
  const front = await look(page, "demo-front");
  expect(front.levels).toBeGreaterThan(60);
  expect(front.deviation).toBeGreaterThan(30);
  expect(await page.$eval("#facts", (facts) => facts.textContent)).toMatch(/256 × 256 × 96 voxels of 1\.40/);

  await page.mouse.move(450, 300);
  await page.mouse.down();
  await page.mouse.move(350, 280, { steps: 4 });
  await page.mouse.up();
  const turned = await look(page, "demo-turned");
  expect(meanDifference(front, turned)).toBeGreaterThan(5);
  expect(turned.deviation).toBeGreaterThan(30);

  await page.focus("canvas");
  await page.keyboard.press("Home");
  await page.$eval("canvas", (canvas) => canvas.blur());
  expect(meanDifference(front, await look(page, "demo-home"))).toBeLessThan(0.5);

  await page.click("#presets label");
  const lung = await look(page, "demo-lung");
  expect(lung.mean).toBeGreaterThan(front.mean + 40);
  expect(await page.$eval("#center-value", (output) => output.textContent)).toBe("-600 HU");

  await page.setViewport({ width: 390, height: 760 });
  const narrow = await look(page, "demo-phone");
  expect(narrow.levels).toBeGreaterThan(20);
  expect(await page.$eval("canvas", ({ width, clientWidth }) => [width, clientWidth])).toEqual([390, 390]);
  await page.screenshot({ path: join(pictures, "demo-phone-page.png") });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.close();
});

test("a job is cancelled, and the page is ready for another", async () => {
  const page = await openPage();
  await page.click("#phantom");
  await page.waitForSelector("#count:not(:empty)");
  await page.click("#cancel");
  await page.waitForSelector("#start:not([hidden])");
  expect(await visible(page, "#busy")).toBe(false);
  await page.close();
});

test("files that are no DICOM are refused in words", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hounsfield-no-dicom-"));
  const file = join(folder, "notes.txt");
  writeFileSync(file, "nothing to see");
  const page = await openPage();
  const input = (await page.$("#files")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(file);
  await page.waitForSelector("#problem:not([hidden])");
  expect(await page.$eval("#problem-title", (title) => title.textContent)).toBe("No DICOM images here");
  expect(await page.$eval("#problem-text", (text) => text.textContent)).toContain("notes.txt");
  await page.click("#back");
  expect(await visible(page, "#start")).toBe(true);
  await page.close();
  rmSync(folder, { recursive: true });
});

test("a browser without WebGPU is told so", async () => {
  const page = await openPage("/", () => {
    Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });
  });
  await page.waitForSelector("#problem:not([hidden])");
  expect(await page.$eval("#problem-title", (title) => title.textContent)).toBe("No WebGPU here");
  await page.close();
});

test("the embedding example shows a folder that was chosen", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hounsfield-embed-"));
  for (const { name, bytes } of phantomSeries(chestPhantom({ size: [96, 96, 40] }))) {
    writeFileSync(join(folder, name), bytes);
  }
  const page = await openPage("/embed/index.html");
  const input = (await page.$("#files")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(folder);
  const picture = await look(page, "embed");
  expect(picture.levels).toBeGreaterThan(60);
  expect(picture.deviation).toBeGreaterThan(30);
  await page.close();
  rmSync(folder, { recursive: true });
});
