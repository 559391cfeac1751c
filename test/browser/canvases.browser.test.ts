// Over 300 lines: what pages do with canvases, each a test of its own.
import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { launchBrowser } from "../support/browsers.js";
import { buildPage, type PageServer, serveFolders } from "../support/pages.js";
import type {} from "./canvases_page/main.js";
import type { WorkerQuestion } from "./canvases_page/worker.js";

let server: PageServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let page: Page;
/** What reached the page's console as uncaught: nothing may. */
let uncaught: string[];

beforeAll(async () => {
  server = await serveFolders({ "/": await buildPage("test/browser/canvases_page") });
  ({ browser, close: closeBrowser } = await launchBrowser());
});

afterAll(async () => {
  await closeBrowser?.();
  await server?.close();
});

beforeEach(async () => {
  uncaught = [];
  page = await browser.newPage();
  page.setDefaultTimeout(100_000);
  page.on("pageerror", (error) => uncaught.push(String(error)));
  await page.setViewport({ width: 600, height: 400 });
  await page.goto(`${server.url}/`);
  await page.waitForFunction(() => window.isPageReady);
});

afterEach(async () => {
  expect(uncaught).toEqual([]);
  await page.close();
});

describe("a canvas of another window", () => {
  test("follows its size and pixel ratio in an iframe, and reads like one of the page", async () => {
    const told = await page.evaluate(async () => {
      const { engine, volume } = await window.openPhantom();
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const inside = frame.contentDocument;
      if (!inside) throw new Error("no document in the iframe");
      const canvas = window.canvasOf("display:block;width:200px;height:100px", inside);
      const view = window.hounsfield.createView(canvas, volume, { projection: "mpr", window: "lung" });
      await view.settled();
      const first = [view.widthPx, view.heightPx, canvas.width, canvas.height];
      const levels = await window.levelsOn(canvas, view);
      canvas.style.width = "120px";
      await window.until(() => view.widthPx === 120);
      await view.settled();
      const second = [view.widthPx, view.heightPx, canvas.width, canvas.height];
      // A frame that goes takes its window along: the view draws no more, and fails by nothing.
      frame.remove();
      view.set({ mpr: { zoom: 2 } });
      await window.wait(300);
      view.destroy();
      volume.destroy();
      await window.wait(0);
      const left = engine.memory.snapshot();
      engine.destroy();
      return { first, levels, second, left };
    });
    expect(told.first).toEqual([200, 100, 200, 100]);
    expect(told.second).toEqual([120, 100, 120, 100]);
    expect(told.levels).toBeGreaterThan(40);
    expect(told.left).toEqual({});
  });

  test("is drawn in a pop-out while its opener is hidden, and again in the page when that closes", async () => {
    const told = await page.evaluate(async () => {
      const { engine, volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:150px;height:100px");
      const view = window.hounsfield.createView(canvas, volume, { projection: "mpr", window: "lung" });
      await view.settled();
      const popup = window.open("", "", "width=300,height=300") as (Window & typeof globalThis) | null;
      if (!popup) throw new Error("no pop-out");
      popup.document.body.append(canvas);
      canvas.style.width = "200px";
      await window.until(() => view.widthPx === 200);
      await view.settled();
      const out = [canvas.width, canvas.height];
      const showOpener = window.hideTab();
      view.set({ mpr: { zoom: 2 } });
      await view.settled();
      const levels = await window.levelsOn(canvas, view);
      showOpener();
      // A frame of the pop-out that will never come.
      window.hideTab(popup);
      view.set({ mpr: { zoom: 1 } });
      popup.addEventListener("pagehide", () => document.body.append(canvas));
      popup.close();
      canvas.style.width = "250px";
      await view.settled();
      await window.until(() => view.widthPx === 250);
      await view.settled();
      const back = [canvas.width, canvas.height];
      view.destroy();
      volume.destroy();
      engine.destroy();
      return { out, levels, back };
    });
    expect(told.out).toEqual([200, 100]);
    expect(told.levels).toBeGreaterThan(40);
    expect(told.back).toEqual([250, 100]);
  });

  test("has the display's pixels, also of the display that its window is moved to", async () => {
    await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:100px;height:60px");
      const view = window.hounsfield.createView(canvas, volume);
      await view.settled();
      Object.assign(window, { view });
    });
    const size = () => page.$eval("canvas", ({ width, height }) => [width, height]);
    expect(await size()).toEqual([100, 60]);
    // Emulated displays do not reach this browser's device pixels; zoom does.
    await page.$eval("html", ({ style }) => style.setProperty("zoom", "2"));
    await page.waitForFunction(() => document.querySelector("canvas")?.width === 200);
    expect(await size()).toEqual([200, 120]);
  });

  /** As Safari. */
  const forgetDevicePixels = () =>
    page.evaluate(() => {
      const { observe } = ResizeObserver.prototype;
      ResizeObserver.prototype.observe = function (target, options) {
        if (options?.box === "device-pixel-content-box") throw new TypeError("unknown box");
        observe.call(this, target, options);
      };
    });

  test("has them where the browser tells CSS pixels only", async () => {
    await forgetDevicePixels();
    await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:100px;height:60px");
      const view = window.hounsfield.createView(canvas, volume);
      await view.settled();
      Object.assign(window, { view });
    });
    const size = () => page.$eval("canvas", ({ width, height }) => [width, height]);
    expect(await size()).toEqual([100, 60]);
    await page.setViewport({ width: 600, height: 400, deviceScaleFactor: 2 });
    await page.waitForFunction(() => document.querySelector("canvas")?.width === 200);
    expect(await size()).toEqual([200, 120]);
    await page.setViewport({ width: 600, height: 400, deviceScaleFactor: 1.5 });
    await page.waitForFunction(() => document.querySelector("canvas")?.width === 150);
    expect(await size()).toEqual([150, 90]);
  });

  test("without a CSS size keeps the one it has, however fine the display's pixels are", async () => {
    await forgetDevicePixels();
    await page.setViewport({ width: 600, height: 400, deviceScaleFactor: 2 });
    const told = await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block");
      Object.assign(canvas, { width: 90, height: 70 });
      const view = window.hounsfield.createView(canvas, volume);
      await view.settled();
      await window.wait(200);
      await view.settled();
      return [canvas.width, canvas.height, canvas.clientWidth, canvas.clientHeight];
    });
    expect(told).toEqual([180, 140, 90, 70]);
  });
});

describe("a canvas without a size", () => {
  test.each([
    ["outside of the document", undefined, "width:80px;height:50px"],
    ["hidden", "display:none;width:80px;height:50px", "width:80px;height:50px"],
    ["of no width", "width:0;height:50px", "width:80px;height:50px"],
  ])("%s is waited for", async (_, before, after) => {
    const told = await page.evaluate(
      async (hidden, shown) => {
        const { volume } = await window.openPhantom();
        const canvas = window.canvasOf(hidden);
        const view = window.hounsfield.createView(canvas, volume, { window: "bone" });
        const heard: string[] = [];
        for (const type of ["drawn", "resize", "error", "notice"] as const)
          view.on(type, () => heard.push(type));
        view.ready.then(() => heard.push("ready"));
        view.settled().then(() => heard.push("settled"));
        await window.wait(1000);
        view.set({ camera: { azimuthDeg: 20 } });
        await window.wait(200);
        const waiting = [...heard];
        canvas.style.cssText = `display:block;${shown}`;
        document.body.append(canvas);
        await view.settled();
        const size = [canvas.width, canvas.height, view.widthPx, view.heightPx];
        return { waiting, size, heard, levels: await window.levelsOn(canvas, view) };
      },
      before,
      after,
    );
    expect(told.waiting).toEqual([]);
    expect(told.size).toEqual([80, 50, 80, 50]);
    expect(told.heard).toContain("ready");
    expect(told.heard).toContain("settled");
    expect(told.heard).not.toContain("error");
    expect(told.levels).toBeGreaterThan(40);
  });

  test("keeps its picture while it is hidden, and shows what changed meanwhile when it is shown", async () => {
    const told = await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:80px;height:50px");
      const view = window.hounsfield.createView(canvas, volume, { window: "bone" });
      await view.settled();
      let drawn = 0;
      view.on("drawn", () => drawn++);
      canvas.style.display = "none";
      await window.wait(100);
      // Nothing is left to draw.
      await view.settled();
      const size = [canvas.width, canvas.height];
      view.set({ camera: { azimuthDeg: 40 } });
      let settled = false;
      view.settled().then(() => (settled = true));
      await window.wait(300);
      const hidden = { drawn, settled };
      canvas.style.display = "block";
      await view.settled();
      return { size, hidden, shown: drawn };
    });
    expect(told.size).toEqual([80, 50]);
    expect(told.hidden).toEqual({ drawn: 0, settled: false });
    expect(told.shown).toBeGreaterThan(0);
  });

  test("but with a width and height of its own is drawn as it is, until it is laid out", async () => {
    const told = await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = Object.assign(window.canvasOf(), { width: 128, height: 96 });
      const view = window.hounsfield.createView(canvas, volume, { window: "bone" });
      await view.settled();
      const outside = [canvas.width, canvas.height, await window.levelsOn(canvas, view)];
      view.resize(64, 32);
      await view.settled();
      const resized = [canvas.width, canvas.height];
      canvas.style.cssText = "display:block;width:200px;height:100px";
      document.body.append(canvas);
      await window.until(() => view.widthPx === 200);
      await view.settled();
      return { outside, resized, inside: [canvas.width, canvas.height] };
    });
    expect(told.outside.slice(0, 2)).toEqual([128, 96]);
    expect(told.outside[2]).toBeGreaterThan(40);
    expect(told.resized).toEqual([64, 32]);
    expect(told.inside).toEqual([200, 100]);
  });
});

test("a hidden tab is waited for; pixels are rendered meanwhile", async () => {
  const told = await page.evaluate(async () => {
    const { volume } = await window.openPhantom();
    const show = window.hideTab();
    const view = window.hounsfield.createView(window.canvasOf("width:80px;height:50px"), volume);
    const heard: string[] = [];
    view.ready.then(() => heard.push("ready"));
    view.settled().then(() => heard.push("settled"));
    const pixels = await window.hounsfield.renderToPixels(
      volume,
      { window: "bone" },
      { width: 40, height: 30 },
    );
    await window.wait(1000);
    const hidden = [...heard];
    show();
    await view.settled();
    await window.wait(0);
    return { hidden, heard, levels: new Set(pixels).size };
  });
  expect(told.hidden).toEqual([]);
  expect(told.heard).toEqual(["ready", "settled"]);
  expect(told.levels).toBeGreaterThan(40);
});

describe("two views on one canvas", () => {
  test("the later has it, the earlier is told and takes nothing away", async () => {
    const told = await page.evaluate(async () => {
      const { engine, volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:80px;height:50px");
      const earlier = window.hounsfield.createView(canvas, volume, { projection: "mpr" });
      await earlier.settled();
      const heard: string[] = [];
      earlier.on("notice", ({ code }) => heard.push(code));
      earlier.on("error", () => heard.push("error"));
      earlier.on("resize", () => heard.push("resize"));
      const later = window.hounsfield.createView(canvas, volume, { projection: "mpr", window: "lung" });
      const ends = [earlier.ended, later.ended];
      await later.settled();
      const codes = [
        await window.codeOf(() => earlier.set({ window: "bone" })),
        await window.codeOf(() => earlier.probe(1, 1)),
        await window.codeOf(() => earlier.settled()),
      ];
      canvas.style.width = "120px";
      await window.until(() => later.widthPx === 120);
      await later.settled();
      earlier.destroy();
      later.set({ mpr: { zoom: 2 } });
      await later.settled();
      const levels = await window.levelsOn(canvas, later);
      const size = [canvas.width, canvas.height];
      later.destroy();
      volume.destroy();
      await window.wait(0);
      const left = engine.memory.snapshot();
      engine.destroy();
      return { heard, ends, codes, levels, size, left };
    });
    expect(told.heard).toEqual(["superseded"]);
    expect(told.ends).toEqual([true, false]);
    expect(told.codes).toEqual(["destroyed", "destroyed", "destroyed"]);
    expect(told.size).toEqual([120, 50]);
    expect(told.levels).toBeGreaterThan(40);
    expect(told.left).toEqual({});
  });

  test("StrictMode and keyed remounts, in any order, leave the last view alive and nothing behind", async () => {
    const told = await page.evaluate(async () => {
      const { engine, volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:80px;height:50px");
      const heard: string[] = [];
      const make = () => {
        const view = window.hounsfield.createView(canvas, volume, { projection: "mpr", window: "lung" });
        view.on("error", ({ error }) => heard.push(`error ${error}`));
        view.on("notice", ({ code }) => heard.push(code));
        return view;
      };
      // Mount, unmount, mount.
      make().destroy();
      let view = make();
      // A new key: the new one is made before the old one goes.
      for (let round = 0; round < 3; round++) {
        const next = make();
        view.destroy();
        view = next;
        if (round > 0) await view.ready;
      }
      // The old one goes a while after.
      const old = view;
      view = make();
      await view.ready;
      old.destroy();
      // An effect that is cancelled half way, while its picture is made.
      const cancelled = make();
      const end = cancelled.ready.catch((error) => error.name);
      view.destroy();
      await Promise.resolve();
      cancelled.destroy();
      view = make();
      await view.settled();
      const levels = await window.levelsOn(canvas, view);
      view.destroy();
      volume.destroy();
      await window.wait(0);
      const left = engine.memory.snapshot();
      engine.destroy();
      return { heard, end: await end, levels, left };
    });
    // Only the old one that was there for a while longer.
    expect(told.heard).toEqual(["superseded"]);
    expect(told.end).toBe("AbortError");
    expect(told.levels).toBeGreaterThan(40);
    expect(told.left).toEqual({});
  });

  test("a view that cannot be made leaves the canvas to who has it", async () => {
    const told = await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:80px;height:50px");
      const view = window.hounsfield.createView(canvas, volume);
      const bad: unknown = { widnow: "lung" };
      const code = await window.codeOf(() => window.hounsfield.createView(canvas, volume, bad as object));
      await view.settled();
      return { code, ended: view.ended };
    });
    expect(told).toEqual({ code: "invalid-option", ended: false });
  });
});

test("what is no canvas to draw on is refused in a sentence", async () => {
  const told = await page.evaluate(async () => {
    const { volume } = await window.openPhantom();
    const transferred = window.canvasOf("width:80px;height:50px");
    const offscreen = transferred.transferControlToOffscreen();
    const sent = new OffscreenCanvas(10, 10);
    const { port1 } = new MessageChannel();
    port1.postMessage(sent, [sent]);
    const flat = window.canvasOf();
    flat.getContext("2d");
    const bitmap = window.canvasOf();
    bitmap.getContext("bitmaprenderer");
    const gl = window.canvasOf();
    // A headless Firefox without OpenGL has none.
    const hasGl = gl.getContext("webgl") !== null;
    const given: Record<string, unknown> = {
      transferred,
      sent,
      flat,
      bitmap,
      ...(hasGl && { gl }),
      null: null,
      undefined,
      text: "#canvas",
      div: document.createElement("div"),
      list: [flat],
    };
    const messages: Record<string, string> = {};
    for (const [name, canvas] of Object.entries(given)) {
      try {
        window.hounsfield.createView(canvas as HTMLCanvasElement, volume);
      } catch (error) {
        const known = window.hounsfield.isHounsfieldError(error, "invalid-option");
        messages[name] = known ? error.message : `not ours: ${error}`;
      }
    }
    const given2: readonly unknown[] = [null, {}, 5, volume.grid];
    const volumes = [];
    for (const one of given2)
      volumes.push(
        await window.codeOf(() => window.hounsfield.createView(window.canvasOf(), one as typeof volume)),
      );
    const options = [];
    for (const one of [null, 5, { windw: "lung" }, { masks: 5 }, { masks: { a: {} } }, { mpr: { zom: 2 } }])
      options.push(
        await window.codeOf(() => window.hounsfield.createView(window.canvasOf(), volume, one as object)),
      );
    const fine = window.hounsfield.createView(offscreen, volume);
    await fine.settled();
    return { messages, volumes, options, hasGl };
  });
  expect(told.messages).toEqual({
    transferred: expect.stringMatching(/transferred/),
    sent: expect.stringMatching(/transferred/),
    flat: expect.stringMatching(/2D, WebGL/),
    bitmap: expect.stringMatching(/2D, WebGL/),
    ...(told.hasGl && { gl: expect.stringMatching(/2D, WebGL/) }),
    null: expect.stringMatching(/canvas is null/),
    undefined: expect.stringMatching(/canvas is undefined/),
    text: expect.stringMatching(/canvas is "#canvas"/),
    div: expect.stringMatching(/canvas is an? HTMLDivElement/),
    list: expect.stringMatching(/canvas is \[/),
  });
  expect(new Set(told.volumes)).toEqual(new Set(["invalid-option"]));
  expect(new Set(told.options)).toEqual(new Set(["invalid-option"]));
});

describe("what is destroyed under a view", () => {
  test.each(["volume", "engine"] as const)(
    "the %s ends it with `destroyed`, told to who listens",
    async (what) => {
      const told = await page.evaluate(async (which) => {
        const { engine, volume } = await window.openPhantom();
        const canvas = window.canvasOf("display:block;width:80px;height:50px");
        const other = window.canvasOf("display:block;width:80px;height:50px");
        const view = window.hounsfield.createView(canvas, volume, { projection: "mpr", window: "lung" });
        const silent = window.hounsfield.createView(other, volume);
        window.hounsfield.attachOrbitControls(silent, other);
        window.hounsfield.linkViews([view, silent]);
        const third = window.hounsfield.createView(window.canvasOf("width:80px;height:50px"), volume);
        await Promise.all([view.settled(), silent.settled()]);
        const ready = third.ready.then(
          () => "drawn",
          (error) => error.code,
        );
        const heard: string[] = [];
        view.on("error", ({ error }) =>
          heard.push(window.hounsfield.isHounsfieldError(error) ? error.code : "?"),
        );
        third.on("error", () => heard.push("third"));
        (which === "volume" ? volume : engine).destroy();
        // In the same task, as when a page closes all it has in some order: nothing to be told of.
        third.destroy();
        const atOnce = [...heard];
        await window.wait(200);
        const codes = [
          await window.codeOf(() => view.set({ window: "bone" })),
          await window.codeOf(() => view.setMasks({})),
          await window.codeOf(() => view.probe(5, 5)),
          await window.codeOf(() => view.settled()),
          await window.codeOf(() => window.hounsfield.createView(other, volume)),
          await window.codeOf(() => window.hounsfield.renderToPixels(volume, {}, { width: 5, height: 5 })),
        ];
        // What a page still does with it reads or does nothing.
        other.dispatchEvent(new WheelEvent("wheel", { deltaY: 100 }));
        const zoom = silent.state.camera.zoom;
        view.resize(10, 10);
        const left = engine.memory.snapshot();
        view.destroy();
        silent.destroy();
        const after = await window.codeOf(() => view.set({}));
        return { heard, atOnce, codes, ready: await ready, zoom, left, after, ended: view.ended };
      }, what);
      expect(told.atOnce).toEqual([]);
      expect(told.heard).toEqual(["destroyed"]);
      expect(told.codes).toEqual(Array(6).fill("destroyed"));
      expect(["drawn", 20]).toContain(told.ready);
      expect(told.zoom).toBe(1);
      expect(told.left).toEqual({});
      expect(told.after).toBe("destroyed");
      expect(told.ended).toBe(true);
    },
  );

  test("the view itself: what is asked of it is refused, what it knows can be read", async () => {
    const told = await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:80px;height:50px");
      const view = window.hounsfield.createView(canvas, volume, { projection: "mpr" });
      const waiting = view.settled().catch((error) => error.name);
      const asked = view.probe(40, 25).catch((error) => error.code);
      view.destroy();
      view.destroy();
      const codes = [
        await window.codeOf(() => view.set({ window: "lung" })),
        await window.codeOf(() => view.setMasks({})),
        await window.codeOf(() => view.probe(1, 1)),
        await window.codeOf(() => view.settled()),
      ];
      view.resize(5, 5);
      const { widthHu } = view.state.window;
      return { codes, widthHu, waiting: await waiting, asked: await asked, mm: view.mmPerPixel() > 0 };
    });
    expect(told.codes).toEqual(Array(4).fill("destroyed"));
    // The window of the phantom's files.
    expect(told).toMatchObject({ widthHu: 1500, waiting: "AbortError", asked: "destroyed", mm: true });
  });

  test("masks that are on the device already go unnoticed; others are refused, or told of, and the view goes on", async () => {
    const told = await page.evaluate(async () => {
      const { volume } = await window.openPhantom();
      const canvas = window.canvasOf("display:block;width:80px;height:50px");
      const view = window.hounsfield.createView(canvas, volume, { projection: "mpr", window: "lung" });
      await view.settled();
      const heard: unknown[] = [];
      view.on("notice", (notice) => {
        const error = notice.code === "no-overlays" && notice.error;
        heard.push(notice.code, window.hounsfield.isHounsfieldError(error) && error.code);
      });
      const lungs = (await window.hounsfield.lungMask(volume, { method: "threshold" })).right;
      view.setMasks({ lungs });
      view.set({ overlays: [{ mask: "lungs" }] });
      await view.settled();
      lungs.destroy();
      view.set({ mpr: { zoom: 1.5 } });
      await view.settled();
      const before = [...heard];
      const code = await window.codeOf(() => view.setMasks({ lungs }));
      const others = (await window.hounsfield.lungMask(volume, { method: "threshold" })).right;
      view.setMasks({ lungs: others });
      others.destroy();
      await view.settled();
      return { before, code, heard, ended: view.ended };
    });
    expect(told.before).toEqual([]);
    expect(told.code).toBe("destroyed");
    expect(told.heard).toEqual(["no-overlays", "destroyed"]);
    expect(told.ended).toBe(false);
  });
});

test("a view in a worker is steered by what the page forwards", async () => {
  await page.evaluate(async () => {
    const css = "position:absolute;left:40px;top:30px;width:200px;height:120px";
    const canvas = Object.assign(window.canvasOf(css), { tabIndex: 0 });
    await window.openWorker(canvas);
  });
  const ask = (what: WorkerQuestion) => page.evaluate((asked) => window.askWorker(asked), what);
  /** A busy browser hands input to the page, and that to the worker, when it finds the time. */
  const arrived = (camera: { azimuthDeg?: number; pannedMm?: number }) =>
    page.waitForFunction(
      async ({ azimuthDeg, pannedMm }) => {
        const { camera } = (await window.askWorker("state")).state;
        const isTurned = azimuthDeg === undefined || Math.abs(camera.azimuthDeg - azimuthDeg) < 1e-6;
        return isTurned && (pannedMm === undefined || Math.abs(camera.panMm[0] - pannedMm) < 1e-3);
      },
      {},
      camera,
    );
  const first = await ask("state");
  expect([first.widthPx, first.heightPx]).toEqual([200, 120]);
  expect(first.refusal).toMatch(/attachMprControls: element is .*receivePointerEvents/);
  expect(await page.$eval("canvas", ({ style }) => style.touchAction)).toBe("none");

  await page.mouse.move(140, 90);
  await page.mouse.wheel({ deltaY: -120 });
  await page.waitForFunction(async () => (await window.askWorker("state")).pointed);
  const zoomed = await ask("state");
  expect(zoomed.state.camera.zoom).toBeCloseTo(1 / 0.79, 9);
  expect(zoomed.pointed?.positionMm).toHaveLength(3);

  // Captured: the drag goes on outside of the canvas.
  await page.mouse.down();
  await page.mouse.move(160, 90);
  await page.mouse.move(340, 90);
  await page.mouse.up();
  await arrived({ azimuthDeg: 360 - 100 });
  const turned = await ask("state");
  expect(turned.state.camera.azimuthDeg).toBeCloseTo(360 - 100, 9);

  await page.mouse.move(140, 90);
  await page.keyboard.down("Shift");
  await page.mouse.down();
  await page.mouse.move(150, 90);
  await page.mouse.up();
  await page.keyboard.up("Shift");
  const { grid } = chestPhantom({ size: [48, 48, 16] });
  const mm = Math.max(...grid.size.map((count, axis) => count * grid.spacingMm[axis]));
  const pannedMm = (-10 * mm) / (0.9 * 120 * zoomed.state.camera.zoom);
  await arrived({ pannedMm });
  const [right] = (await ask("state")).state.camera.panMm;
  expect(right).toBeCloseTo(pannedMm, 6);

  await page.focus("canvas");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  await arrived({ azimuthDeg: 360 - 105 });
  const keyed = await ask("state");
  expect(keyed.state.camera.azimuthDeg).toBeCloseTo(360 - 105, 9);
  expect(keyed.state.camera.zoom).toBeCloseTo(1.1 / 0.79, 9);

  await page.$eval("canvas", ({ style }) => (style.width = "100px"));
  await page.waitForFunction(async () => (await window.askWorker("state")).widthPx === 100);
  // A canvas that is hidden is waited for.
  await page.$eval("canvas", ({ style }) => (style.display = "none"));
  await page.evaluate(() => window.wait(200));
  await page.keyboard.press("Home");
  expect(await ask("now")).toMatchObject({ widthPx: 100, heightPx: 120 });
  await page.$eval("canvas", ({ style }) => (style.display = "block"));
  expect(await ask("state")).toMatchObject({ settled: true, widthPx: 100 });

  await page.evaluate(() => window.stopForwarding());
  expect(await page.$eval("canvas", ({ style }) => style.touchAction)).toBe("");
  await page.mouse.move(80, 90);
  await page.mouse.wheel({ deltaY: -120 });
  const kept = await ask("now");
  expect(kept.state.camera).toEqual((await ask("state")).state.camera);
  expect((await ask("close")).left).toEqual({});
});

test("controls and links refuse what they cannot use", async () => {
  const codes = await page.evaluate(async () => {
    const { volume } = await window.openPhantom();
    const {
      attachAnnotations,
      attachMprControls,
      attachOrbitControls,
      attachProbe,
      createView,
      forwardPointerEvents,
      linkViews,
      receivePointerEvents,
      windowOf,
    } = window.hounsfield;
    const canvas = window.canvasOf("width:80px;height:50px");
    const view = createView(canvas, volume);
    // As JavaScript calls them.
    const given: Record<string, (wrong: never) => unknown> = {
      orbit: (wrong) => attachOrbitControls(view, wrong),
      orbitView: (wrong) => attachOrbitControls(wrong, canvas),
      mpr: (wrong) => attachMprControls(view, wrong),
      mprView: (wrong) => attachMprControls(wrong, canvas),
      mprOptions: (wrong) => attachMprControls(view, canvas, wrong),
      probe: (wrong) => attachProbe(view, wrong, () => {}),
      probeListener: (wrong) => attachProbe(view, canvas, wrong),
      annotations: (wrong) => attachAnnotations(view, wrong),
      annotationsView: (wrong) => attachAnnotations(wrong, document.body),
      annotationsOptions: (wrong) => attachAnnotations(view, document.body, wrong),
      link: (wrong) => linkViews(wrong),
      linkOptions: (wrong) => linkViews([view], wrong),
      forward: (wrong) => forwardPointerEvents(wrong, new MessageChannel().port1),
      forwardTo: (wrong) => forwardPointerEvents(canvas, wrong),
      receive: (wrong) => receivePointerEvents(wrong),
      windowOf: (wrong) => windowOf(wrong, 100),
      windowOfWidth: (wrong) => windowOf(40, wrong),
      set: (wrong) => view.set(wrong),
      setMasks: (wrong) => view.setMasks(wrong),
      resize: (wrong) => view.resize(wrong, 10),
      probeAt: (wrong) => view.probe(wrong, 10),
    };
    const told: Record<string, string[]> = {};
    for (const [name, call] of Object.entries(given)) {
      told[name] = [];
      for (const wrong of [null, "bogus", { bogus: 1 }, ["bogus"], Number.NaN])
        told[name].push(await window.codeOf(() => call(wrong as never)));
    }
    return told;
  });
  for (const [name, told] of Object.entries(codes))
    expect([name, ...told]).toEqual([name, ...Array(5).fill("invalid-option")]);
});
