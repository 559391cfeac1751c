// One run of one contestant: a fresh browser, its page, the series loaded, frames of each mode.
import { cpuSeconds, forgetPeaks, memoryOf } from "./process_use.js";
import { CANVAS_PX } from "./scene.js";

/**
 * Frames of a mode are counted until they have taken so long; and a first frame that takes as long is no
 * warm-up, but counts.
 */
const ENOUGH_CPU_SECONDS = 40;
const DEGREES_PER_FRAME = 10;
/** How much shorter the step is of pictures that quality is measured against. */
const FINE_FACTOR = 4;

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./scene.js").Mode} Mode */
/** @typedef {import("./contestant.js").Contestant} Contestant */
/** @typedef {import("./process_use.js").MemoryUse} MemoryUse */

/**
 * @typedef {{ readonly page: string, readonly urls: readonly string[], readonly modes: readonly Mode[],
 * readonly frames: number, readonly stepMm: number, readonly quality: boolean,
 * readonly picture: (name: string, png: Uint8Array) => void }} Plan
 */

/** @typedef {{ readonly ms: number, readonly roughMs?: number, readonly cpuSeconds: number }} Timed */
/** @typedef {{ readonly change: Timed, readonly frames: readonly Timed[] }} ModeTimes */
/** @typedef {Readonly<Record<"gpu" | "renderer", number>>} Megabytes */
/** @typedef {Awaited<ReturnType<typeof measureIn>>} Run */

/**
 * Times in ms, memory in MB above what the same process held before the load.
 * @param {() => Promise<{ browser: Browser, close(): Promise<void> }>} launch
 * @param {Plan} plan
 */
export async function measure(launch, plan) {
  const { browser, close } = await launch();
  try {
    return await measureIn(browser, plan);
  } finally {
    await close();
  }
}

/** @param {Browser} browser @param {Plan} plan */
async function measureIn(browser, { page: address, urls, modes, frames, stepMm, quality, picture }) {
  const root = browser.process()?.pid;
  if (root === undefined) throw new Error("the browser has no process here");
  const page = await browser.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on("pageerror", (error) => {
    problems.push(String(error));
  });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.setViewport({ width: CANVAS_PX, height: CANVAS_PX, deviceScaleFactor: 1 });
  await page.goto(address, { waitUntil: "networkidle0" });
  await page.waitForFunction("window.contestant", { timeout: 30_000 }).catch(() => {
    throw new Error(`${address} did not start: ${problems.join("; ")}`);
  });
  const call = await caller(page);
  forgetPeaks(root);
  const base = memoryOf(root);
  const cpuBefore = cpuSeconds(root);
  const loaded = await call("load", urls, stepMm).catch((error) => {
    throw new Error(`${error.message}\nthe page said: ${problems.join("\n")}`, { cause: error });
  });
  if (!loaded) throw new Error("the page loaded nothing");
  const load = { ...loaded, cpuSeconds: cpuSeconds(root) - cpuBefore };
  console.error(
    `  load: first ${load.firstMs.toFixed(0)} ms, full ${load.fullMs.toFixed(0)} ms, ${load.cpuSeconds.toFixed(2)} CPU s`,
  );
  /** @type {Partial<Record<Mode, ModeTimes>>} */
  const results = {};
  let memory;
  for (const mode of modes) {
    const result = await measureMode(call, root, mode, frames, async () => picture(mode, await shoot(page)));
    results[mode] = result;
    const { change, frames: drawn } = result;
    for (const { ms, cpuSeconds: cpu } of [change, ...drawn])
      console.error(`  ${mode} ${ms.toFixed(0)} ms, ${cpu.toFixed(2)} CPU s`);
    memory ??= memoryAbove(base, memoryOf(root));
  }
  const memoryAtEnd = memoryAbove(base, memoryOf(root));
  const about = await call("about");
  /** @type {Partial<Record<Mode, import("./contestant.js").Samples | undefined>>} */
  const samples = {};
  for (const mode of modes) samples[mode] = await call("samples", mode, DEGREES_PER_FRAME);
  const canBeFine = await page.evaluate(() => Boolean(window.contestant.fine));
  for (const mode of quality && canBeFine ? modes : []) {
    await call("fine", mode, DEGREES_PER_FRAME, FINE_FACTOR);
    picture(`${mode}-fine`, await shoot(page));
  }
  return { load, memory: memory ?? memoryAtEnd, memoryAtEnd, modes: results, samples, about, problems };
}

/** @param {Page} page */
function shoot(page) {
  return page.screenshot({ clip: { x: 0, y: 0, width: CANVAS_PX, height: CANVAS_PX } });
}

/**
 * Calls the page's contestant, undefined for what it has not, and waits as long as it takes: puppeteer gives
 * a plain evaluation three minutes.
 * @param {Page} page
 */
async function caller(page) {
  /** @type {((outcome: import("./contestant.js").Outcome) => void) | undefined} */
  let settle;
  page.browser().on("disconnected", () => settle?.({ error: "the browser ended" }));
  await page.exposeFunction("settleCall", (/** @type {import("./contestant.js").Outcome} */ outcome) =>
    settle?.(outcome),
  );
  /**
   * @template {keyof Contestant} Method
   * @param {Method} method
   * @param {Parameters<NonNullable<Contestant[Method]>>} args
   * @returns {Promise<Awaited<ReturnType<NonNullable<Contestant[Method]>>> | undefined>}
   */
  return async (method, ...args) => {
    /** @type {Promise<import("./contestant.js").Outcome>} */
    const settled = new Promise((resolve) => {
      settle = resolve;
    });
    await page.evaluate(
      (name, given) => {
        const methods =
          /** @type {Readonly<Record<string, ((...given: unknown[]) => unknown) | undefined>>} */ (
            /** @type {unknown} */ (window.contestant)
          );
        Promise.resolve(methods[name]?.(...given)).then(
          (result) => window.settleCall({ result }),
          (error) => window.settleCall({ error: error?.stack ?? String(error) }),
        );
      },
      method,
      args,
    );
    const { result, error } = await settled;
    if (error) throw new Error(`${method}: ${error}`);
    return /** @type {Awaited<ReturnType<NonNullable<Contestant[Method]>>> | undefined} */ (result);
  };
}

/**
 * The first frame, with what a new look costs, is told apart; its picture is the one to compare, for slow
 * ones have no other.
 * @param {Awaited<ReturnType<typeof caller>>} call
 * @param {number} root
 * @param {Mode} mode
 * @param {number} frames
 * @param {() => Promise<void>} picture
 * @returns {Promise<ModeTimes>}
 */
async function measureMode(call, root, mode, frames, picture) {
  /** @param {() => Promise<import("./contestant.js").Drawn | undefined>} draw */
  const timed = async (draw) => {
    const before = cpuSeconds(root);
    const { ms, roughMs } = (await draw()) ?? { ms: 0 };
    return { ms, roughMs, cpuSeconds: cpuSeconds(root) - before };
  };
  const made = await timed(() => call("change", mode));
  const first = await timed(() => call("frame", mode, DEGREES_PER_FRAME));
  const change = { ms: made.ms + first.ms, cpuSeconds: made.cpuSeconds + first.cpuSeconds };
  await picture();
  const drawn = first.cpuSeconds < ENOUGH_CPU_SECONDS ? [] : [first];
  let spent = first.cpuSeconds;
  for (let turn = 2; turn <= frames + 1 && spent < ENOUGH_CPU_SECONDS; turn++) {
    const frame = await timed(() => call("frame", mode, turn * DEGREES_PER_FRAME));
    drawn.push(frame);
    spent += frame.cpuSeconds;
  }
  return { change, frames: drawn };
}

/**
 * @param {Readonly<Record<"gpu" | "renderer", MemoryUse>>} before
 * @param {Readonly<Record<"gpu" | "renderer", MemoryUse>>} after
 * @returns {Megabytes}
 */
function memoryAbove(before, after) {
  return {
    gpu: after.gpu.peakMb - before.gpu.residentMb,
    renderer: after.renderer.peakMb - before.renderer.residentMb,
  };
}
