// One run of one contestant: a fresh browser, its page, the series loaded, frames of each mode.
import { cpuSeconds, forgetPeaks, memoryOf } from "./process_use.js";
import { canvasPx } from "./scene.js";

/**
 * Frames of a mode are counted until they have taken so long; and a first frame that takes as long is no
 * warm-up, but counts.
 */
const enoughCpuSeconds = 40;
const degreesPerFrame = 10;
/** How much shorter the step is of pictures that quality is measured against. */
const fineFactor = 4;

/**
 * Times in ms, memory in MB above what the same process held before the load.
 * @param {{ page: string, urls: string[], modes: string[], frames: number, stepMm: number, quality: boolean,
 * picture: (mode: string, png: Buffer) => void }} plan
 */
export async function measure(launch, plan) {
  const { browser, close } = await launch();
  try {
    return await measureIn(browser, plan);
  } finally {
    await close();
  }
}

async function measureIn(browser, { page: address, urls, modes, frames, stepMm, quality, picture }) {
  const root = browser.process().pid;
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.setViewport({ width: canvasPx, height: canvasPx, deviceScaleFactor: 1 });
  await page.goto(address, { waitUntil: "networkidle0" });
  await page.waitForFunction("window.contestant", { timeout: 30_000 }).catch(() => {
    throw new Error(`${address} did not start: ${problems.join("; ")}`);
  });
  const call = await caller(page);
  forgetPeaks(root);
  const base = memoryOf(root);
  const cpuBefore = cpuSeconds(root);
  const load = await call("load", urls, stepMm).catch((error) => {
    throw new Error(`${error.message}\nthe page said: ${problems.join("\n")}`, { cause: error });
  });
  load.cpuSeconds = cpuSeconds(root) - cpuBefore;
  console.error(
    `  load: first ${load.firstMs.toFixed(0)} ms, full ${load.fullMs.toFixed(0)} ms, ${load.cpuSeconds.toFixed(2)} CPU s`,
  );
  const results = {};
  let memory;
  for (const mode of modes) {
    results[mode] = await measureMode(call, root, mode, frames, async () => picture(mode, await shoot(page)));
    const { change, frames: drawn } = results[mode];
    for (const { ms, cpuSeconds: cpu } of [change, ...drawn])
      console.error(`  ${mode} ${ms.toFixed(0)} ms, ${cpu.toFixed(2)} CPU s`);
    memory ??= memoryAbove(base, memoryOf(root));
  }
  const memoryAtEnd = memoryAbove(base, memoryOf(root));
  const about = await call("about");
  const samples = {};
  for (const mode of modes) samples[mode] = await call("samples", mode, degreesPerFrame);
  const canBeFine = await page.evaluate(() => Boolean(window.contestant.fine));
  for (const mode of quality && canBeFine ? modes : []) {
    await call("fine", mode, degreesPerFrame, fineFactor);
    picture(`${mode}-fine`, await shoot(page));
  }
  return { load, memory: memory ?? memoryAtEnd, memoryAtEnd, modes: results, samples, about, problems };
}

function shoot(page) {
  return page.screenshot({ clip: { x: 0, y: 0, width: canvasPx, height: canvasPx } });
}

/**
 * Calls the page's contestant, undefined for what it has not, and waits as long as it takes: puppeteer gives
 * a plain evaluation three minutes.
 */
async function caller(page) {
  let settle;
  page.browser().on("disconnected", () => settle?.({ error: "the browser ended" }));
  await page.exposeFunction("settleCall", (outcome) => settle(outcome));
  return async (method, ...args) => {
    const settled = new Promise((resolve) => (settle = resolve));
    await page.evaluate(
      (name, given) => {
        Promise.resolve(window.contestant[name]?.(...given)).then(
          (result) => window.settleCall({ result }),
          (error) => window.settleCall({ error: error?.stack ?? String(error) }),
        );
      },
      method,
      args,
    );
    const { result, error } = await settled;
    if (error) throw new Error(`${method}: ${error}`);
    return result;
  };
}

/**
 * The first frame, with what a new look costs, is told apart; its picture is the one to compare, for slow
 * ones have no other.
 */
async function measureMode(call, root, mode, frames, picture) {
  const timed = async (method, ...args) => {
    const before = cpuSeconds(root);
    const { ms, roughMs } = (await call(method, ...args)) ?? { ms: 0 };
    return { ms, roughMs, cpuSeconds: cpuSeconds(root) - before };
  };
  const made = await timed("change", mode);
  const first = await timed("frame", mode, degreesPerFrame);
  const change = { ms: made.ms + first.ms, cpuSeconds: made.cpuSeconds + first.cpuSeconds };
  await picture();
  const drawn = first.cpuSeconds < enoughCpuSeconds ? [] : [first];
  let spent = first.cpuSeconds;
  for (let turn = 2; turn <= frames + 1 && spent < enoughCpuSeconds; turn++) {
    const frame = await timed("frame", mode, turn * degreesPerFrame);
    drawn.push(frame);
    spent += frame.cpuSeconds;
  }
  return { change, frames: drawn };
}

function memoryAbove(before, after) {
  return Object.fromEntries(
    Object.keys(before).map((kind) => [kind, after[kind].peakMb - before[kind].residentMb]),
  );
}
