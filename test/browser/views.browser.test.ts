import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { chromiumTest, launchBrowser } from "../support/browsers.js";
import { testEngine } from "../support/gpu.js";
import { buildPage, type PageServer, serveFolders } from "../support/pages.js";
import { uploadVolume } from "../support/volumes.js";
import type {} from "./views_page/main.js";

const data = fileURLToPath(new URL("../../../shared/data/covid-ct-md", import.meta.url));
const patient = join(data, "COVID-19 subjects/P001");
/**
 * That the page looks as it did: within seconds, for what a busy machine's compositor shows is a few frames
 * behind the canvases.
 */
async function expectPicture(page: Page, before: Uint8Array): Promise<void> {
  await expect.poll(async () => Buffer.compare(await page.screenshot(), before), { timeout: 20_000 }).toBe(0);
}

/** Screenshots to be looked at; nothing is compared with them. */
const pictures = fileURLToPath(new URL("../../out/pictures", import.meta.url));

const engine = testEngine();
let server: PageServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  const page = await buildPage("test/browser/views_page");
  server = await serveFolders({ "/": page, "/data/": patient });
  ({ browser, close: closeBrowser } = await launchBrowser());
});

afterAll(async () => {
  await closeBrowser?.();
  await server?.close();
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(100_000);
  page.on("pageerror", (error) => console.error(String(error)));
  await page.setViewport({ width: 514, height: 514 });
  await page.goto(`${server.url}/`);
  await page.waitForFunction(() => window.panesReady);
  return page;
}

async function openPanes(urls: readonly string[] = []): Promise<Page> {
  const page = await openPage();
  await page.evaluate((list) => window.openPanes(list), urls);
  return page;
}

async function close(page: Page): Promise<void> {
  expect(await page.evaluate(() => window.closePanes())).toEqual({});
  await page.close();
}

// As Firefox does where nobody pokes it; a device that is slow by itself stays with drafts
// (test/unit/pace.test.ts).
test("a device that answers 100 ms late draws full pictures while a cut is moved", async () => {
  const page = await openPage();
  const [, again] = await page.evaluate(() => window.moveLate(100, 30));
  expect(again.slice(-20).filter(Boolean).length).toBeGreaterThan(10);
  await page.close();
});

describe("three cuts and a projection of one volume", () => {
  test("follow wheel, tap, drag and keys, draw only what changed, and share one texture", async () => {
    const page = await openPanes();
    const held = await page.evaluate(() => window.heldBytes());
    expect(held["display texture"]).toBe(4 * 96 * 96 * 48);
    await page.evaluate(() => window.drawnSince());
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await page.evaluate(() => window.drawnSince())).toEqual([0, 0, 0, 0]);

    const point = () => page.evaluate(() => window.stateOf(2).mpr.pointMm);
    const [x, y, z] = await point();
    await page.mouse.move(100, 128);
    await page.mouse.wheel({ deltaY: 240 });
    await page.evaluate(() => window.settledPanes());
    // Two slices of 6 mm to the feet, in every view.
    expect(await point()).toEqual([x, y, z - 12]);
    expect(await page.evaluate(() => window.drawnSince())).toEqual([1, 1, 1, 0]);

    await page.mouse.click(64, 192);
    await page.evaluate(() => window.settledPanes());
    const tapped = await point();
    expect(tapped[0]).toBeLessThan(x);
    expect(tapped[1]).toBeGreaterThan(y);
    expect(tapped[2]).toBe(z - 12);

    const window0 = await page.evaluate(() => window.stateOf(0).window);
    await page.mouse.move(128, 128);
    await page.mouse.down();
    await page.mouse.move(128, 160, { steps: 4 });
    await page.mouse.up();
    await page.evaluate(() => window.settledPanes());
    const window1 = await page.evaluate(() => window.stateOf(0).window);
    expect(window1.centerHu).toBeLessThan(window0.centerHu);
    expect(window1.widthHu).toBe(window0.widthHu);
    expect(await page.evaluate(() => window.stateOf(1).window)).toEqual(window0);

    await page.focus("div:nth-child(2) canvas");
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowUp");
    await page.evaluate(() => window.settledPanes());
    const coronal = await page.evaluate(() => window.stateOf(1).mpr);
    expect(coronal.zoom).toBeCloseTo(1.1, 9);
    expect(coronal.pointMm[1]).toBeGreaterThan(tapped[1]);
    await page.keyboard.press("Home");
    expect(await page.evaluate(() => window.stateOf(1).mpr.zoom)).toBe(1);
    await close(page);
  });

  const fingers = "no other is sent two fingers at once";
  chromiumTest(fingers, "follow two fingers and their size in the page", async () => {
    const page = await openPanes();
    const session = await page.createCDPSession();
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...points: [number, number][]) => {
      const touchPoints = points.map(([x, y], id) => ({ x, y, id }));
      return session.send("Input.dispatchTouchEvent", { type, touchPoints });
    };
    await touch("touchStart", [100, 128], [150, 128]);
    await touch("touchMove", [75, 128], [150, 128]);
    await touch("touchMove", [75, 128], [175, 128]);
    await touch("touchEnd");
    await page.evaluate(() => window.settledPanes());
    const { zoom, panMm } = await page.evaluate(() => window.stateOf(0).mpr);
    expect(zoom).toBeCloseTo(2, 9);
    // Round (125, 128), three pixels to the left of the middle: 1.4 mm each, at zoom 1.
    expect(panMm[0]).toBeCloseTo(-3 * 1.4 * 0.5, 1);

    await page.evaluate(() => window.drawnSince());
    await page.addStyleTag({ content: "div:first-child canvas { width: 200px; height: 100px }" });
    await page.waitForFunction(() => window.sizesOf(0)[0] === 200);
    await page.evaluate(() => window.settledPanes());
    expect(await page.evaluate(() => window.sizesOf(0))).toEqual([200, 100, 200, 100]);
    expect(await page.evaluate(() => window.drawnSince())).toEqual([1, 0, 0, 0]);
    await close(page);
  });

  test("are the same pictures as in Node, within a gray level", async () => {
    const page = await openPanes();
    const phantom = chestPhantom({ size: [96, 96, 48] });
    const voxels = new Int16Array(96 * 96 * 48);
    for (let z = 0; z < 48; z++) voxels.set(phantom.slice(z), z * 96 * 96);
    const volume = await uploadVolume(await engine(), phantom.grid, voxels);
    for (const change of [
      {
        projection: "mpr",
        window: "mediastinum",
        mpr: { plane: "sagittal", slabMm: 9, slabKind: "average" },
      },
      {
        projection: "mpr",
        window: "lung",
        mpr: { plane: { right: [1, 0.4, 0], down: [0, 0.3, -1] }, interpolation: "cubic", zoom: 1.6 },
      },
    ] as const) {
      const inPage = await page.evaluate((c) => window.pixelsOf(c, 120, 100), change);
      const here = await renderToPixels(volume, change, { width: 120, height: 100 });
      expect(Math.max(...inPage.map((value, i) => Math.abs(value - here[i])))).toBeLessThanOrEqual(1);
      expect(new Set(here).size).toBeGreaterThan(100);
    }
    volume.destroy();
    await close(page);
  });

  test("show masks, from one texture for all of them", async () => {
    const page = await openPanes();
    await page.evaluate(() => window.overlayLungs());
    expect(await page.evaluate(() => window.heldBytes())).toMatchObject({ labels: 96 * 96 * 48 });
    await page.screenshot({ path: join(pictures, "panes-lungs.png") });
    await close(page);
  });

  test("read HU under the pointer from the record", async () => {
    const page = await openPanes();
    const phantom = chestPhantom({ size: [96, 96, 48] });
    const { spacingMm, originMm } = phantom.grid;
    for (const [pane, px, py] of [
      [0, 90, 130],
      [1, 140, 100],
      [2, 128, 90],
    ]) {
      const probe = await page.evaluate((...at) => window.probePane(...at), pane, px, py);
      const [i, j, k] = probe?.voxel ?? [0, 0, 0];
      expect(probe?.hu).toBe(phantom.slice(k)[i + 96 * j]);
      [i, j, k].forEach((index, axis) => {
        const center = originMm[axis] + index * spacingMm[axis];
        expect(Math.abs((probe?.positionMm[axis] ?? 0) - center)).toBeLessThanOrEqual(
          spacingMm[axis] / 2 + 1e-9,
        );
      });
    }
    // A slab's maximum is that of its voxels.
    await page.evaluate(() => window.setPane(0, { mpr: { slabMm: 24, slabKind: "maximum" } }));
    const greatest = await page.evaluate(() => window.probePane(0, 90, 130));
    const [i, j] = greatest?.voxel ?? [0, 0, 0];
    const middle = await page.evaluate(() => window.stateOf(0).mpr.pointMm[2]);
    const k0 = Math.round((middle - originMm[2]) / spacingMm[2]);
    const around = [-2, -1, 0, 1, 2].map((step) => phantom.slice(k0 + step)[i + 96 * j]);
    expect(greatest?.hu).toBe(Math.max(...around));

    await page.mouse.move(100, 120);
    await page.waitForFunction(() => window.pointed !== undefined);
    const pointed = await page.evaluate(() => window.pointed);
    const same = await page.evaluate(() => window.probePane(0, 100, 120));
    expect(pointed).toEqual(same);
    await close(page);
  });

  test("come back, with the same state, after their device was lost", async () => {
    const page = await openPanes();
    await page.evaluate(() => window.setPane(0, { mpr: { zoom: 1.5 }, window: "mediastinum" }));
    await page.screenshot({ path: join(pictures, "before-loss.png") });
    const before = await page.screenshot();
    const { events, same } = await page.evaluate(() => window.loseDevice());
    expect([...events].sort()).toEqual([0, 1, 2, 3].flatMap((i) => [`${i} lost`, `${i} recovered`]));
    expect(same).toBe(true);
    await page.screenshot({ path: join(pictures, "after-loss.png") });
    await expectPicture(page, before);

    // What was computed does not come back: masks are dropped, and that is told.
    await page.evaluate(() => window.overlayLungs());
    const again = await page.evaluate(() => window.loseDevice());
    expect(again.same).toBe(true);
    for (let i = 0; i < 4; i++) expect(again.events).toContain(`${i} no-overlays device-lost`);
    await expectPicture(page, before);
    await close(page);
  });

  test("end with an error where the volume cannot be made again", async () => {
    const page = await openPage();
    expect(await page.evaluate(() => window.loseComputed())).toBe("device-lost");
    await page.close();
  });

  test.skipIf(!existsSync(patient))("show P001 (needs ../shared/data)", async () => {
    const urls = readdirSync(patient).map((name) => `${server.url}/data/${encodeURIComponent(name)}`);
    const page = await openPanes(urls);
    await page.screenshot({ path: join(pictures, "panes-P001.png") });
    await page.evaluate(() =>
      window.setPane(0, { mpr: { slabMm: 20, slabKind: "maximum", zoom: 1.5 }, window: "lung" }),
    );
    await page.evaluate(() =>
      window.setPane(1, {
        mpr: { plane: { right: [1, 0.4, 0], down: [0, 0.3, -1] }, interpolation: "cubic" },
      }),
    );
    await page.screenshot({ path: join(pictures, "panes-P001-slab-oblique.png") });
    await page.evaluate(() => window.setPane(0, { mpr: { slabMm: 0, zoom: 1 } }));
    await page.evaluate(() => window.overlayLungs());
    await page.screenshot({ path: join(pictures, "panes-P001-lungs.png") });
    await close(page);
  });
});

test("a volume is watched while it is loaded, coarse first", async () => {
  const page = await openPage();
  const arrived = await page.evaluate(() => window.watchLoading());
  expect(arrived).toBe(8);
  await page.screenshot({ path: join(pictures, "loading.png") });
  await page.evaluate(() => window.drawnSince());
  await page.evaluate(() => window.finishLoading());
  for (const count of await page.evaluate(() => window.drawnSince())) expect(count).toBeGreaterThan(0);
  await page.screenshot({ path: join(pictures, "loaded.png") });
  await close(page);
});

test("a volume longer than the device's textures is shown as it arrives, coarser, and its view says so once", async () => {
  const page = await openPage();
  const told = await page.evaluate(() => window.watchLong());
  expect(told.codes).toEqual(["downsampled"]);
  const { longest } = told;
  const [long, half] = [longest + 53, Math.ceil((longest + 53) / 2)];
  const reason = expect.stringMatching(
    new RegExp(`^${long} x 6 x 20 voxels are drawn as ${half} x 6 x 20, .* take ${longest} along`),
  );
  expect(told.downsampling).toEqual({ factors: [2, 1, 1], reason });
  expect(told.texelBytes).toBe(4 * half * 6 * 20);
  expect(told.hu[0]).toBe(told.hu[1]);
  await page.screenshot({ path: join(pictures, "long.png") });
  await close(page);
});

test("100 rounds of opening and closing leave nothing behind, also when closed in the middle of it", async () => {
  const page = await openPage();
  expect(await page.evaluate(() => window.openAndCloseAll(100))).toEqual({});
  await page.close();
});

test("a view draws to an OffscreenCanvas in a worker", async () => {
  const page = await openPage();
  const result = await page.evaluate(() => window.workerView());
  expect(result).toMatchObject({ width: 96, height: 80, leaked: {} });
  const phantom = chestPhantom({ size: [48, 48, 16] });
  // The middle of the picture: the corner of four voxels, of which the probe takes the next one.
  expect(result.hu).toBe(phantom.slice(8)[24 + 48 * 24]);
  await page.screenshot({ path: join(pictures, "worker.png") });
  await page.close();
});
