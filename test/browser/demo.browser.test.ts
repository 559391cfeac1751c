// Over 300 lines: the page as its user goes through it, in one browser and one build, each of which takes
// seconds to start.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type ChestPhantomOptions, chestPhantom } from "../../src/phantom/chest.js";
import { launchBrowser } from "../support/browsers.js";
import { chooseFiles, look, lookNow, meanDifference, phantomFolder, settled } from "../support/demo_page.js";
import { positionsFrom, stackFiles } from "../support/generated_stack.js";
import { buildPage, type PageServer, serveFolders } from "../support/pages.js";

/** Small, so that SwiftShader is quick with it; the page's own phantom has 48 times the voxels. */
const size = [64, 64, 32] as const;
/** SwiftShader on a machine that others use as well. */
const PATIENCE_MS = 300_000;
vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });
const [axial, coronal, sagittal, whole] = ["axial", "coronal", "sagittal", "volume"].map(
  (name) => `[data-pane=${name}] .picture`,
);

let server: PageServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let complaints: string[] = [];
const folders: string[] = [];

beforeAll(async () => {
  const root = join(import.meta.dirname, "../..");
  server = await serveFolders({
    "/dist/": join(root, "dist"),
    "/examples/": join(root, "examples"),
    "/": await buildPage("demo"),
  });
  ({ browser, close: closeBrowser } = await launchBrowser());
});

afterEach(() => {
  const heard = complaints;
  complaints = [];
  expect(heard).toEqual([]);
});

afterAll(async () => {
  await closeBrowser?.();
  await server?.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function openPage(path = "/", before?: () => void): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
  await page.setViewport({ width: 800, height: 600 });
  if (before) await page.evaluateOnNewDocument(before);
  await page.goto(`${server.url}${path}`);
  return page;
}

function folderOf(...series: ChestPhantomOptions[]): string {
  const folder = phantomFolder(...series);
  folders.push(folder);
  return folder;
}

/** The page with the small phantom in it. */
async function openSmall(before?: () => void): Promise<Page> {
  const page = await openPage("/", before);
  await chooseFiles(page, "#folder", folderOf({ size }));
  await page.waitForSelector("#find-lungs", { visible: true });
  await settled(page);
  return page;
}

function visible(page: Page, selector: string): Promise<boolean> {
  return page.$eval(selector, (element) => element.checkVisibility());
}

function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? "");
}

/** Number of the slice that a pane's slider stands at. */
function sliceOf(page: Page, pane: string): Promise<number> {
  return page.$eval(`[data-pane=${pane}] .slices`, (slider) => (slider as HTMLInputElement).valueAsNumber);
}

/** Middle of a pane's picture in the page, moved by parts of its size. */
async function placeIn(page: Page, pane: string, right = 0, down = 0): Promise<[number, number]> {
  const box = await (await page.$(`${pane} canvas`))?.boundingBox();
  if (!box) throw new Error(`${pane} is not shown`);
  return [box.x + box.width * (0.5 + right), box.y + box.height * (0.5 + down)];
}

async function drag(page: Page, pane: string, right: number, down: number): Promise<void> {
  await page.mouse.move(...(await placeIn(page, pane)));
  await page.mouse.down();
  await page.mouse.move(...(await placeIn(page, pane, right, down)), { steps: 4 });
  await page.mouse.up();
}

/** As a person would by the arrow keys, but at once. */
function slide(page: Page, slider: string, value: number): Promise<void> {
  return page.$eval(
    slider,
    (input, to) => {
      (input as HTMLInputElement).valueAsNumber = to;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
    value,
  );
}

/** A chip, by the group's id and its value. */
function press(page: Page, group: string, value: string): Promise<void> {
  return page.$eval(`#${group} input[value=${value}]`, (input) => (input as HTMLInputElement).click());
}

test("the built-in phantom comes into all four panes", async () => {
  const page = await openPage();
  expect(await visible(page, "#start")).toBe(true);
  await page.click("#phantom");
  await page.waitForSelector("#find-lungs", { visible: true });
  for (const [pane, name] of [
    [axial, "axial"],
    [coronal, "coronal"],
    [sagittal, "sagittal"],
    [whole, "whole"],
  ]) {
    const picture = await look(page, pane, `demo-${name}`);
    expect(picture.levels).toBeGreaterThan(60);
    expect(picture.deviation).toBeGreaterThan(30);
  }
  expect(await textOf(page, "#facts")).toMatch(/256 × 256 × 96 voxels of 1\.40/);
  await lookNow(page, "body", "demo-page");
  await page.close();
});

describe("with a series open", () => {
  let page: Page;

  beforeAll(async () => {
    page = await openSmall();
  });

  afterAll(() => page?.close());

  test("a click moves the crosshair in all panes, the wheel and keys go through slices", async () => {
    const before = await look(page, coronal, "small-coronal");
    const whole0 = await look(page, whole, "small-whole");
    const places = await Promise.all(["axial", "coronal", "sagittal"].map((pane) => sliceOf(page, pane)));
    expect(places).toEqual([16, 32, 31]);
    await page.mouse.click(...(await placeIn(page, axial, -0.2, -0.1)));
    expect(await sliceOf(page, "axial")).toBe(16);
    expect(await sliceOf(page, "coronal")).toBeLessThan(32);
    // Its slices are counted from the patient's left.
    expect(await sliceOf(page, "sagittal")).toBeGreaterThan(31);
    expect(meanDifference(before, await look(page, coronal, "small-coronal-moved"))).toBeGreaterThan(2);
    // There only the cross moves.
    const moved = meanDifference(whole0, await look(page, whole, "small-whole-moved"));
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(1);

    const axial0 = await look(page, axial, "small-axial");
    await page.mouse.move(...(await placeIn(page, axial, 0, 0)));
    await page.mouse.wheel({ deltaY: 480 });
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>("[data-pane=axial] .slices")?.valueAsNumber === 12,
    );
    expect(meanDifference(axial0, await look(page, axial, "small-axial-below"))).toBeGreaterThan(1);
    await page.focus("[data-pane=axial] canvas");
    await page.keyboard.press("ArrowUp");
    expect(await sliceOf(page, "axial")).toBe(13);
    await slide(page, "[data-pane=axial] .slices", 20);
    expect(meanDifference(axial0, await look(page, axial, "small-axial-above"))).toBeGreaterThan(1);
  });

  test("the pointer reads HU and position from the record", async () => {
    await page.mouse.move(...(await placeIn(page, axial, 0.1, 0.1)));
    await page.waitForSelector("#probe:not(:empty)");
    const text = await textOf(page, "#probe");
    const [, hu, ...at] = text.match(
      /^(-?\d+) HU {3}([RL]) ([\d.]+) {2}([AP]) ([\d.]+) {2}([FH]) ([\d.]+) mm$/,
    ) ?? [text];
    const { grid, slice } = chestPhantom({ size });
    const mm = [0, 1, 2].map((axis) => Number(at[2 * axis + 1]) * ("RAF".includes(at[2 * axis]) ? -1 : 1));
    // Positions are written in tenths.
    const near = (axis: number) => {
      const index = (mm[axis] - grid.originMm[axis]) / grid.spacingMm[axis];
      return [...new Set([-0.1, 0.1].map((off) => Math.round(index + off / grid.spacingMm[axis])))];
    };
    const there = near(2).flatMap((k) => near(1).flatMap((j) => near(0).map((i) => slice(k)[i + 64 * j])));
    expect(there).toContain(Number(hu));
  });

  test("a window by drag and by preset is all planes'", async () => {
    // The files' own window is LINEAR: as wide as the preset, and half a HU aside of it.
    await press(page, "presets", "bone");
    await press(page, "presets", "lung");
    const before = await look(page, coronal, "small-window");
    await drag(page, axial, 0, 0.2);
    expect(await textOf(page, "#center-value")).not.toBe("-600 HU");
    expect(meanDifference(before, await look(page, coronal, "small-window-drag"))).toBeGreaterThan(10);
    await press(page, "presets", "bone");
    expect(await textOf(page, "#center-value")).toBe("400 HU");
    await press(page, "presets", "lung");
    expect(meanDifference(before, await look(page, coronal, "small-window-back"))).toBe(0);
  });

  test("slabs in mm are the planes' and the 3D pane's", async () => {
    const [plane, rays] = [await look(page, axial, "small-thin"), await look(page, whole, "small-all")];
    await slide(page, "#cut-slab", 30);
    expect(await textOf(page, "#cut-slab-value")).toBe("30 mm");
    await slide(page, "#volume-slab", 40);
    expect(await textOf(page, "#volume-slab-value")).toBe("40 mm");
    expect(meanDifference(plane, await look(page, axial, "small-thick"))).toBeGreaterThan(2);
    expect(meanDifference(rays, await look(page, whole, "small-slab"))).toBeGreaterThan(2);
    await slide(page, "#cut-slab", 0);
    await slide(page, "#volume-slab", 0);
    expect(meanDifference(rays, await look(page, whole, "small-no-slab"))).toBe(0);
  });

  test("the 3D pane turns, comes back, and shows other projections and presets", async () => {
    const front = await look(page, whole, "small-front");
    await drag(page, whole, -0.3, 0.05);
    const turned = await look(page, whole, "small-turned");
    expect(meanDifference(front, turned)).toBeGreaterThan(5);
    expect(turned.deviation).toBeGreaterThan(30);
    await page.keyboard.press("Home");
    await page.click("#front");
    expect(meanDifference(front, await look(page, whole, "small-home"))).toBeLessThan(0.5);

    await press(page, "projections", "dvr");
    const bone = await look(page, whole, "small-dvr-bone");
    expect(meanDifference(front, bone)).toBeGreaterThan(5);
    await press(page, "transfers", "soft-tissue");
    const skin = await look(page, whole, "small-dvr-soft-tissue");
    expect(meanDifference(bone, skin)).toBeGreaterThan(10);
    expect(skin.colored).toBeGreaterThan(0.1);
    for (const projection of ["minip", "average"]) {
      await press(page, "projections", projection);
      const picture = await look(page, whole, `small-${projection}`);
      expect(picture.levels).toBeGreaterThan(60);
      expect(picture.deviation).toBeGreaterThan(20);
    }
    await press(page, "projections", "mip");
    await slide(page, "#volume-slab", 0);
    expect(meanDifference(front, await look(page, whole, "small-mip"))).toBeLessThan(0.5);
  });

  test("a double click or a key enlarges a pane, and Escape shows all four", async () => {
    await page.mouse.click(...(await placeIn(page, whole)), { count: 2 });
    expect(await visible(page, axial)).toBe(false);
    const large = await look(page, whole, "small-enlarged");
    expect(large.deviation).toBeGreaterThan(20);
    await page.keyboard.press("Escape");
    expect(await visible(page, axial)).toBe(true);
    await page.keyboard.press("2");
    expect([await visible(page, coronal), await visible(page, whole)]).toEqual([true, false]);
    expect(await page.$eval("[data-pane=coronal] .enlarge", (button) => button.ariaPressed)).toBe("true");
    await page.keyboard.press("2");
    expect((await look(page, axial, "small-four")).levels).toBeGreaterThan(60);
  });

  test("lungs are found, or not when cancelled, and laid over the panes", async () => {
    const plain = await look(page, axial, "small-no-lungs");
    await page.click("#find-lungs");
    await page.click("#lungs-cancel");
    await page.waitForSelector("#find-lungs", { visible: true });
    await page.click("#find-lungs");
    await page.waitForSelector("#lungs-found:not([hidden])");
    const tinted = await look(page, axial, "small-lungs");
    expect(tinted.colored).toBeGreaterThan(plain.colored + 0.1);
    expect(await textOf(page, "output[for=mask-right]")).toMatch(/^\d{4} ml$/);
    await page.click("#mask-right");
    const left = await look(page, axial, "small-left-lung");
    expect(left.colored).toBeGreaterThan(plain.colored + 0.04);
    expect(left.colored).toBeLessThan(tinted.colored - 0.04);
    await press(page, "outside", "hide");
    await lookNow(page, "body", "small-lungs-page");
    expect((await look(page, whole, "small-lung-alone")).levels).toBeGreaterThan(20);
    await press(page, "outside", "show");
  });

  test("a phone shows one pane with tabs, and nothing is wider than it", async () => {
    await page.setViewport({ width: 390, height: 760 });
    await page.waitForFunction(() => document.querySelector("canvas")?.width !== 0);
    expect(await visible(page, sagittal)).toBe(false);
    await page.$eval("#tabs input[value=volume]", (tab) => (tab as HTMLInputElement).click());
    const narrow = await look(page, whole, "small-phone-3d");
    expect(narrow.levels).toBeGreaterThan(20);
    const widths = await page.$eval(`${whole} canvas`, ({ width, clientWidth }) => [width, clientWidth]);
    expect(widths).toEqual([390, 390]);
    await lookNow(page, "body", "small-phone");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(760);
  });
});

test("pictures are there before the series is", async () => {
  // Reading stops after every eighth slice, until the test says go. Listing reads five pieces of pixel
  // data, to see what they are.
  const page = await openPage("/", () => {
    const gate = new Promise<void>((resolve) => addEventListener("open-gate", () => resolve()));
    const { slice } = Blob.prototype;
    let reads = 0;
    Blob.prototype.slice = function (start = 0, ...rest) {
      const part = slice.call(this, start, ...rest);
      if (start > 0 && ++reads > 5 + 8) {
        const read = part.arrayBuffer.bind(part);
        part.arrayBuffer = () => gate.then(read);
      }
      return part;
    };
  });
  await chooseFiles(page, "#folder", folderOf({ size: [64, 64, 64] }));
  await page.waitForFunction(() => document.querySelector("#panes")?.checkVisibility());
  await page.waitForFunction(() => !document.querySelector(".picture.waiting"));
  expect((await lookNow(page, axial, "loading-axial")).levels).toBeGreaterThan(40);
  expect((await lookNow(page, whole, "loading-whole")).levels).toBeGreaterThan(40);
  await lookNow(page, "body", "loading");
  expect(await textOf(page, "#count")).toBe("8 of 64");
  expect(await visible(page, "#find-lungs")).toBe(false);
  await page.evaluate(() => dispatchEvent(new Event("open-gate")));
  await page.waitForSelector("#find-lungs", { visible: true });
  expect(await visible(page, "#busy")).toBe(false);
  await settled(page);
  await page.close();
});

test("a job is cancelled, and the page is ready for another", async () => {
  const page = await openPage();
  await page.click("#phantom");
  await page.waitForSelector("#count:not(:empty)");
  await page.click("#cancel");
  await page.waitForSelector("#start:not([hidden])");
  expect(await visible(page, "#busy")).toBe(false);
  expect(await textOf(page, "#start-note")).toContain("Cancelled");
  await page.close();
});

test("values in other units: no presets, lungs or colors of HU, and numbers in their units", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hounsfield-units-"));
  folders.push(folder);
  const files = stackFiles({
    positions: positionsFrom([0, 0, 0], [0, 0, 2], 8),
    columns: 32,
    rows: 32,
    hu: (_, k) => 10 * k,
    fields: () => ({ "0008,103e": "Iodine", "0028,1052": "-102.4", "0028,1053": "0.1", "0028,1054": "MGML" }),
  });
  for (const { name, read, size } of files) writeFileSync(join(folder, name), await read(0, size));
  const page = await openPage();
  await chooseFiles(page, "#folder", folder);
  await page.waitForFunction(() => document.querySelector("#center-value")?.textContent?.endsWith("MGML"));
  await settled(page);
  for (const selector of ["#presets", "#lungs", "#find-lungs", "#transfers"])
    expect(await visible(page, selector), selector).toBe(false);
  await page.mouse.move(...(await placeIn(page, axial, 0.1, 0.1)));
  await page.waitForSelector("#probe:not(:empty)");
  // Ten stored values a slice, a tenth of a mg/ml each.
  expect(await textOf(page, "#probe")).toMatch(/^[34] MGML {3}[RL]/);
  await page.close();
});

test("one of several series is chosen", async () => {
  const page = await openPage();
  const small = [32, 32, 8] as const;
  await chooseFiles(page, "#folder", folderOf({ size: small, seed: 1 }, { size: small, seed: 2 }));
  await page.waitForSelector("#choose:not([hidden])");
  await lookNow(page, "body", "several-series");
  expect((await page.$$("#series button")).length).toBe(2);
  await page.click("#series li:last-child button");
  await page.waitForSelector("#find-lungs", { visible: true });
  await page.click("#another");
  expect(await visible(page, "#start")).toBe(true);
  expect(await visible(page, "#panes")).toBe(false);
  await page.close();
});

test("an odd folder: what is wrong is said, shown without it where that is wished, and listed beside the pictures", async () => {
  const folder = folderOf({ size: [32, 32, 8] });
  const page = "<html>504 Gateway Time-out</html>".repeat(20);
  writeFileSync(join(folder, "0_CT_9999.dcm"), page);
  writeFileSync(join(folder, "notes.txt"), "nothing to see");
  const demo = await openPage();
  await chooseFiles(demo, "#folder", folder);
  await demo.waitForSelector("#problem:not([hidden])");
  expect(await textOf(demo, "#problem-text")).toContain("0_CT_9999.dcm");
  expect(await textOf(demo, "#repair")).toBe("Show without this file");
  await demo.click("#repair");
  await demo.waitForSelector("#find-lungs", { visible: true });
  const said = await demo.$$eval("#oddities-list li", (items) => items.map((item) => item.textContent ?? ""));
  expect(said.map((text) => /0_CT_9999\.dcm|notes\.txt/.exec(text)?.[0])).toEqual([
    "0_CT_9999.dcm",
    "notes.txt",
  ]);
  await look(demo, "body", "odd-folder");
  await demo.click("#another");
  await chooseFiles(demo, "#folder", folderOf({ size: [32, 32, 8] }));
  await demo.waitForSelector("#find-lungs", { visible: true });
  expect(await visible(demo, "#oddities")).toBe(false);
  await demo.close();
});

test("files that are no DICOM are refused in words", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hounsfield-no-dicom-"));
  folders.push(folder);
  const file = join(folder, "notes.txt");
  writeFileSync(file, "nothing to see");
  const page = await openPage();
  await chooseFiles(page, "#files", file);
  await page.waitForSelector("#problem:not([hidden])");
  expect(await textOf(page, "#problem-title")).toBe("No DICOM images here");
  expect(await textOf(page, "#problem-text")).toContain("notes.txt");
  await page.click("#back");
  expect(await visible(page, "#start")).toBe(true);
  await page.close();
});

test("a browser without WebGPU is told so", async () => {
  const page = await openPage("/", () => {
    Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });
  });
  await page.waitForSelector("#problem:not([hidden])");
  expect(await textOf(page, "#problem-title")).toBe("No WebGPU here");
  await page.close();
});

test("a lost GPU device is told of, and the pictures come back", async () => {
  const page = await openSmall(() => {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await requestDevice.apply(this, options);
      addEventListener("lose-device", () => device.destroy(), { once: true });
      return device;
    };
  });
  const before = await look(page, axial, "before-loss");
  // Watched within the page: a device may be there again before a question from outside has arrived.
  await page.evaluate(() => {
    const notice = document.querySelector<HTMLElement>("#notice")!;
    const watch = () => !notice.hidden && notice.setAttribute("data-was-shown", "");
    new MutationObserver(watch).observe(notice, { attributes: true, attributeFilter: ["hidden"] });
    dispatchEvent(new Event("lose-device"));
  });
  await page.waitForSelector("#notice[data-was-shown]");
  await page.waitForFunction(() => document.querySelector<HTMLElement>("#notice")?.hidden);
  expect(meanDifference(before, await look(page, axial, "after-loss"))).toBe(0);
  await page.close();
});

test("the embedding example shows a folder that was chosen", async () => {
  const page = await openPage("/examples/embed/index.html");
  await chooseFiles(page, "#files", folderOf({ size }));
  const picture = await look(page, "canvas", "embed");
  expect(picture.levels).toBeGreaterThan(60);
  expect(picture.deviation).toBeGreaterThan(30);
  await page.close();
});
