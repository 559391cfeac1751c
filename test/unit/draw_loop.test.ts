import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FrameRenderer } from "../../src/render/frame/frame_renderer.js";
import { defaultViewState } from "../../src/render/state/view_state.js";
import { DrawLoop, type ViewResources } from "../../src/render/view/draw_loop.js";
import type { Surface } from "../../src/render/view/surface.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A rough picture and three bands for each version of the content; what was asked of it, in order. */
function scripted() {
  const asked: string[] = [];
  const content = { version: 1 };
  let drawn = 0;
  let left = 0;
  const renderer: FrameRenderer = {
    begin(_state, _width, _height, { version }, rests) {
      if (version === drawn) return false;
      // The rough picture of the version before serves.
      left = rests && drawn > 0 ? 3 : 4;
      drawn = version;
      return true;
    },
    get finished() {
      return left === 0;
    },
    advance() {
      asked.push(left === 4 ? `rough ${drawn}` : `band ${drawn}`);
      left--;
    },
    present: () => asked.push("present"),
    destroy() {},
  };
  const rendererOf: ViewResources["rendererOf"] = () => renderer;
  return { asked, content, renderer, resources: { content, pending: false, changing: false, rendererOf } };
}

/** Submits since the test began, and how long each takes the device. */
const device = { submits: 0, frameMs: 0 };
beforeEach(() => Object.assign(device, { submits: 0, frameMs: 0 }));

/** Frames of a page that may be hidden, and a canvas that may have no size. */
const page = { shown: true, hasSize: true, frame: undefined as (() => void) | undefined };
beforeEach(() => {
  Object.assign(page, { shown: true, hasSize: true, frame: undefined });
  setInterval(() => {
    const draw = page.shown ? page.frame : undefined;
    if (draw) page.frame = undefined;
    draw?.();
  }, 16);
});

const surface: Surface = {
  format: "rgba8unorm",
  widthPx: 8,
  heightPx: 8,
  get hasSize() {
    return page.hasSize;
  },
  requestFrame(draw) {
    page.frame = draw;
  },
  cancelFrame() {
    page.frame = undefined;
  },
  target: () => ({ texture: {} as GPUTexture, widthPx: 8, heightPx: 8 }),
  async frame(encode) {
    encode({ encoder: {} as GPUCommandEncoder, done: Promise.resolve() });
    device.submits++;
    if (device.frameMs > 0) await new Promise((resolve) => setTimeout(resolve, device.frameMs));
  },
  use() {},
  resize() {},
  destroy() {},
};

function loopOf(onError: (error: unknown) => void = () => {}) {
  let settled = 0;
  const loop = new DrawLoop(surface, {
    state: () => defaultViewState,
    onDrawn: () => {},
    onSettled: () => settled++,
    onError,
  });
  return { loop, settled: () => settled };
}

test("rough at once, refined at rest, and then quiet", async () => {
  const { asked, resources } = scripted();
  const { loop, settled } = loopOf();
  loop.use(resources);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked.filter((what) => what !== "present")).toEqual(["rough 1", "band 1", "band 1", "band 1"]);
  // The rough picture and the whole one; bands between come faster than a canvas is worth drawing.
  expect(asked.filter((what) => what === "present")).toHaveLength(2);
  expect(asked.at(-1)).toBe("present");
  expect(settled()).toBe(1);
  const quiet = asked.length;
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked.length).toBe(quiet);
  loop.stop(new Error("over"));
});

test("while slices arrive the picture stays rough, and nothing turns in circles", async () => {
  const { asked, resources, content } = scripted();
  const { loop, settled } = loopOf();
  resources.changing = true;
  loop.use(resources);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toEqual(["rough 1", "present"]);
  content.version = 2;
  loop.update();
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked.filter((what) => what !== "present")).toEqual(["rough 1", "rough 2"]);
  expect(settled()).toBe(0);
  resources.changing = false;
  content.version = 3;
  loop.update();
  // At once, for nobody's hand is at it; and the rough picture that is there stays until the full one covers
  // it.
  await vi.advanceTimersByTimeAsync(20);
  expect(asked.filter((what) => what !== "present").slice(2)).toContain("band 3");
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked.filter((what) => what !== "present").slice(2)).toEqual(["band 3", "band 3", "band 3"]);
  expect(settled()).toBe(1);
  loop.stop(new Error("over"));
});

test("content that goes on changing is followed every 400 ms, and a change by somebody at once", async () => {
  const { asked, resources, content } = scripted();
  const { loop } = loopOf();
  resources.changing = true;
  loop.use(resources);
  await vi.advanceTimersByTimeAsync(20);
  for (let step = 0; step < 20; step++) {
    content.version++;
    loop.update();
    await vi.advanceTimersByTimeAsync(50);
  }
  const rough = () => asked.filter((what) => what.startsWith("rough"));
  // In a second: the first, and one 400 and 800 ms after it.
  expect(rough()).toHaveLength(3);
  content.version++;
  loop.wake();
  await vi.advanceTimersByTimeAsync(20);
  expect(rough()).toHaveLength(4);
  expect(rough().at(-1)).toBe(`rough ${content.version}`);
  content.version++;
  loop.update();
  await vi.advanceTimersByTimeAsync(500);
  expect(rough().at(-1)).toBe(`rough ${content.version}`);
  loop.stop(new Error("over"));
});

test("a long refinement is shown as it goes, and a change of presentation at once", async () => {
  const { asked, resources } = scripted();
  const { loop } = loopOf();
  device.frameMs = 250;
  loop.use(resources);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toEqual(["rough 1", "present", "band 1", "band 1", "present", "band 1", "present"]);
  // What a frame draws and shows is one submit.
  expect(device.submits).toBe(4);
  loop.wake();
  await vi.advanceTimersByTimeAsync(20);
  expect(asked.slice(7)).toEqual(["present"]);
  loop.stop(new Error("over"));
});

test("what a picture needs is made before there is anything to be seen", async () => {
  const { asked, resources, content, renderer } = scripted();
  const { loop } = loopOf();
  content.version = 0;
  let made = 0;
  const making = Promise.resolve().then(() => made++);
  resources.rendererOf = () => (made ? renderer : making);
  loop.use(resources);
  await vi.advanceTimersByTimeAsync(100);
  expect(made).toBe(1);
  expect(asked).toEqual([]);
  loop.stop(new Error("over"));
});

test("what it fails by is told once, by the first picture", async () => {
  const { resources, content } = scripted();
  const told: unknown[] = [];
  const { loop } = loopOf((error) => told.push(error));
  const failure = new Error("no pipeline");
  content.version = 0;
  resources.rendererOf = () => Promise.reject(failure);
  loop.use(resources);
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toEqual([]);
  content.version = 1;
  loop.wake();
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toEqual([failure]);
});

test("a page that is hidden, and a canvas without a size, are waited for", async () => {
  const { asked, resources } = scripted();
  const { loop, settled } = loopOf();
  let ready = false;
  let waited = false;
  loop.ready.then(() => (ready = true));
  page.hasSize = false;
  loop.use(resources);
  loop.settled().then(() => (waited = true));
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toEqual([]);
  page.hasSize = true;
  page.shown = false;
  loop.wake();
  await vi.advanceTimersByTimeAsync(2000);
  expect([asked, ready, waited]).toEqual([[], false, false]);
  page.shown = true;
  await vi.advanceTimersByTimeAsync(20);
  expect([ready, waited, settled()]).toEqual([true, true, 1]);

  // Nothing is left to draw, so that there is nothing to wait for; after a change there is.
  page.hasSize = false;
  await loop.settled();
  loop.wake();
  let again = false;
  loop.settled().then(() => (again = true));
  await vi.advanceTimersByTimeAsync(2000);
  expect(again).toBe(false);
  page.hasSize = true;
  loop.wake();
  await vi.advanceTimersByTimeAsync(2000);
  expect(again).toBe(true);
  loop.stop(new Error("over"));
});
