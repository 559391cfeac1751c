import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { Refinement } from "../../src/render/frame/refinement.js";
import { waitingMs } from "../../src/render/frame/waiting.js";
import { seededRandom } from "../support/random.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** A device by what a frame takes: some waiting, so many samples a millisecond, and now and then a hiccup. */
interface FakeDevice {
  readonly waitingMs: number;
  readonly samplesAMs: number;
  readonly hiccupMs?: (frame: number) => number;
}

/** Pictures of a view that somebody turns, on a device and a clock that are not real. */
function turningView({ waitingMs, samplesAMs, hiccupMs = () => 0 }: FakeDevice, samplesAPixel = 200) {
  const device = { createTexture: () => ({ destroy() {} }) };
  const memory = { take: () => () => {} };
  const engine = { device, memory, adapter: { software: true } } as unknown as GpuEngine;
  let samples = 0;
  let frames = 0;
  const worksMs: number[] = [];
  const refinement = new Refinement(engine, (ofPixel: number, picture, band) => {
    samples = ofPixel * picture.widthPx * (band.bottom - band.top);
  });
  const draw = async () => {
    let finish = () => {};
    const done = new Promise<void>((resolve) => (finish = resolve));
    refinement.advance({ encoder: {} as GPUCommandEncoder, done });
    const workMs = samples / samplesAMs;
    worksMs.push(workMs);
    vi.advanceTimersByTime(waitingMs + workMs + hiccupMs(frames++));
    finish();
    await done;
    // What is loaded with the first draft.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    /** What each frame's samples took, without waiting and hiccups. */
    worksMs,
    /** Draws the first frame of the next picture; whether that is in full quality. */
    async turn(): Promise<boolean> {
      const rendition = (width: number, height: number, stepFactor: number) => {
        const cast = Math.ceil(samplesAPixel / stepFactor);
        return { cast, samples: width * height * cast };
      };
      refinement.begin("hu", 512, 512, rendition, false);
      await draw();
      return refinement.finished;
    },
    /** Draws the rest of the picture; in how many frames. */
    async rest(): Promise<number> {
      const before = frames;
      while (!refinement.finished) await draw();
      return frames - before;
    },
  };
}

type View = ReturnType<typeof turningView>;

async function turns(view: View, times: number): Promise<boolean[]> {
  const full: boolean[] = [];
  for (let time = 0; time < times; time++) full.push(await view.turn());
  return full;
}

describe("a device that answers late whatever it is given (Firefox, unpoked: 100 ms)", () => {
  test("draws full pictures while it is turned, a few drafts after the first rest", async () => {
    const view = turningView({ waitingMs: 100, samplesAMs: 1e7 });
    await view.turn();
    await view.rest();
    const full = await turns(view, 40);
    expect(full.indexOf(true)).toBeLessThan(10);
    expect(full.slice(full.indexOf(true))).not.toContain(false);
  });

  test("also where it was turned for long before that", async () => {
    const view = turningView({ waitingMs: 100, samplesAMs: 1e7 });
    await turns(view, 30);
    await view.rest();
    const full = await turns(view, 40);
    expect(full.slice(-30)).not.toContain(false);
  });

  test.each([20, 33, 60, 90])("and where it answers after %i ms", async (late) => {
    const view = turningView({ waitingMs: late, samplesAMs: 1e7 });
    await view.turn();
    await view.rest();
    const full = await turns(view, 40);
    expect(full.slice(-20)).not.toContain(false);
  });

  test("keeps drafts where the work itself takes long", async () => {
    const view = turningView({ waitingMs: 100, samplesAMs: 2e5 });
    for (let round = 0; round < 5; round++) {
      expect(await turns(view, 10)).not.toContain(true);
      await view.rest();
    }
  });
});

describe("a slow device that does not wait", () => {
  test("keeps drafts, and its refined picture comes in bands of a fifth of a second", async () => {
    const view = turningView({ waitingMs: 0, samplesAMs: 5e4 });
    for (let round = 0; round < 5; round++) {
      expect(await turns(view, 10)).not.toContain(true);
      expect(await view.rest()).toBeGreaterThan(3);
    }
    expect(Math.max(...view.worksMs)).toBeLessThan(300);
  });

  // Browsers end a page's device over work of seconds.
  test.each([1, 2, 3, 4, 5, 6])("hiccups make no frame of it long (seed %i)", async (seed) => {
    const random = seededRandom(seed);
    for (const late of [0, 16, 100]) {
      const hiccupMs = () => (random() < 0.15 ? 500 * random() : 8 * random());
      const view = turningView({ waitingMs: late, samplesAMs: 2e4, hiccupMs });
      for (let round = 0; round < 20; round++) {
        await turns(view, Math.floor(12 * random()));
        await view.rest();
      }
      expect(Math.max(...view.worksMs)).toBeLessThan(1000);
    }
  });
});

test("a draft of as many samples as the picture is the picture, drawn at once", async () => {
  const view = turningView({ waitingMs: 100, samplesAMs: 1e7 }, 1);
  expect(await turns(view, 40)).not.toContain(false);
});

describe("waiting", () => {
  const line = (waiting: number, samples: readonly number[]) =>
    samples.map((count) => ({ samples: count, ms: waiting + count / 100 }));

  test("is where the line through passes of different sizes begins", () => {
    expect(waitingMs(line(40, [100, 200, 400, 800]), 0)).toBeCloseTo(40, 9);
  });

  test("is what was known where sizes are alike, or too few", () => {
    expect(waitingMs(line(40, [100, 101, 102, 103]), 7)).toBe(7);
    expect(waitingMs(line(40, [100, 200]), 7)).toBe(7);
  });

  test("one hiccup of any size does not move it", () => {
    const passes = line(40, [100, 200, 400, 800, 1600]);
    passes[1] = { samples: 200, ms: 3000 };
    expect(waitingMs(passes, 0)).toBeCloseTo(40, 9);
  });

  test("is never longer than the shortest pass, nor than 120 ms, nor less than nothing", () => {
    expect(waitingMs([{ samples: 1, ms: 5 }], 60)).toBe(5);
    expect(waitingMs(line(500, [100, 200, 400, 800]), 0)).toBe(120);
    expect(
      waitingMs(
        [1, 2, 4, 8].map((samples) => ({ samples, ms: samples ** 2 })),
        0,
      ),
    ).toBe(0);
  });
});
