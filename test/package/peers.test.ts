import { join } from "node:path";
import { decode } from "fast-png";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { launchChromium } from "../support/chromium.js";
import { elementPicture } from "../support/element_picture.js";
import { type PageServer, serveFolders } from "../support/pages.js";
import { createProject } from "./support/project.js";
import { collectProblems } from "./support/visit.js";

// The real cornerstone3D, vtk.js, NiiVue and three.js on one page with the packed library: voxels, places,
// and pictures of one slice of a phantom that lies obliquely, two pixels a voxel.

const SIZE = 96;
const hu = chestPhantom({ size: [SIZE, SIZE, 40], spacingMm: [3.7, 3.7, 7] }).slice(20);

let server: PageServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;
beforeAll(async () => {
  const project = createProject("test/package/peers");
  await project.run("vite", "build");
  server = await serveFolders({ "/": join(project.folder, "dist") });
  ({ browser, close: closeBrowser } = await launchChromium());
});
afterAll(async () => {
  await closeBrowser?.();
  await server?.close();
});

interface Visit {
  readonly found: Readonly<Record<string, unknown>> & {
    readonly farthestMm: number;
    /** Of the slice's voxels. */
    readonly labels: readonly number[];
  };
  /** RGB of one of the pixels that a voxel of the slice has. */
  pixel(column: number, row: number): readonly number[];
}

/** What a peer's page found, and its picture. */
async function visit(peer: string): Promise<Visit> {
  const page = await browser.newPage();
  await page.setViewport({ width: 2 * SIZE, height: 2 * SIZE });
  const problems = collectProblems(page);
  try {
    await page.goto(server.url);
    const found = (await page.evaluate(`window.run(${JSON.stringify(peer)})`)) as Visit["found"];
    const element = await page.$("div");
    if (!element) throw new Error("the page has no element");
    const { data, width, height } = decode(await elementPicture(element));
    expect([width, height]).toEqual([2 * SIZE, 2 * SIZE]);
    const channels = data.length / (width * height);
    expect(problems).toEqual([]);
    return {
      found,
      pixel(column, row) {
        const at = (2 * row * width + 2 * column) * channels;
        return [data[at], data[at + 1], data[at + 2]];
      },
    };
  } finally {
    await page.close();
  }
}

/** How labels lie over the slice: 255 for a color's channel, and how much of the slice is seen no more. */
interface Overlay {
  readonly colors: readonly (readonly number[])[];
  readonly opacity: number;
}

const OWN_COLORS = [[], [255, 0, 0], [0, 255, 0], [0, 0, 255]];

/** The largest difference of gray levels to the slice by its window, the labels over it. */
function worstDifference({ found, pixel }: Visit, { colors, opacity }: Overlay): number {
  let worst = 0;
  for (let at = 0; at < SIZE ** 2; at++) {
    const gray = 255 * Math.min(1, Math.max(0, (hu[at] + 1000) / 1400));
    const color = colors[found.labels[at]];
    pixel(at % SIZE, Math.floor(at / SIZE)).forEach((level, i) => {
      const wanted = color?.length ? gray * (1 - opacity) + color[i] * opacity : gray;
      worst = Math.max(worst, Math.abs(level - wanted));
    });
  }
  return worst;
}

/** Right lung and left lung, each of them a good part of the slice. */
function expectLungs({ found: { labels } }: Visit): void {
  for (const label of [1, 2]) expect(labels.filter((one) => one === label).length).toBeGreaterThan(800);
}

// The bounds of places: vtk.js's are in float64, cornerstone3D's and NIfTI's in float32.
test("vtk.js shows a volume and its lungs; those of a volume that vtk.js has read are the same", async () => {
  const seen = await visit("vtk");
  expect(seen.found).toMatchObject({ isSame: true, isSameLabels: true });
  expect(seen.found.farthestMm).toBeLessThan(1e-9);
  expectLungs(seen);
  expect(worstDifference(seen, { colors: OWN_COLORS, opacity: 0.5 })).toBeLessThanOrEqual(1);
});

// Its gray levels are of a table, and three off.
test("cornerstone3D loads volume and labels by imageIds, has them where they are, and shows them", async () => {
  const seen = await visit("cornerstone");
  expect(seen.found).toMatchObject({ isSame: true, isSameLabels: true, order: 0, type: "Int16Array" });
  expect(seen.found.farthestMm).toBeLessThan(1e-4);
  expectLungs(seen);
  expect(worstDifference(seen, { colors: OWN_COLORS, opacity: 1 })).toBeLessThanOrEqual(4);
});

test("NiiVue opens volume and labels as NIfTI, and shows them", async () => {
  const seen = await visit("niivue");
  expect(seen.found).toMatchObject({ isSame: true, range: [-1000, 400] });
  expect(seen.found.farthestMm).toBeLessThan(1e-4);
  expectLungs(seen);
  const red = [255, 0, 0];
  expect(worstDifference(seen, { colors: [[], red, red, red], opacity: 1 })).toBeLessThanOrEqual(2);
});

test("three.js draws the slice on the device that the lungs are computed on, before and after", async () => {
  const seen = await visit("three");
  expect(seen.found).toMatchObject({ isShared: true, isSameAfter: true });
  expect(seen.found.farthestMm).toBeLessThan(1e-9);
  expectLungs(seen);
  expect(worstDifference(seen, { colors: [], opacity: 0 })).toBeLessThanOrEqual(1);
});

test("a model of ONNX Runtime runs on the engine's device between the tensor and the picture, nothing read back", async () => {
  const seen = await visit("onnx");
  const { readBytes, readBytesAfter, location, wrong, lung, outside } = seen.found;
  expect({ readBytes, location, wrong, outside }).toEqual({
    readBytes: 0,
    location: "gpu-buffer",
    wrong: 0,
    outside: 0,
  });
  // What is counted is counted: the mask itself is read in the end.
  expect(readBytesAfter).toBeGreaterThan(0);
  expect(lung).toBeGreaterThan(20_000);
  expect(worstDifference(seen, { colors: [[], [255, 0, 0]], opacity: 1 })).toBeLessThanOrEqual(1);
});
