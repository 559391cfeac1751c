// One run of one contestant: a fresh browser, its page, the series loaded, frames of each mode.
import { cpuSeconds, forgetPeaks, memoryOf } from "./process_use.js";
import { canvasPx } from "./scene.js";

/** Frames of a mode are counted until they have taken so long; and a first frame that takes as long is no warm-up, but counts. */
const enoughMs = 20_000;
const degreesPerFrame = 10;

/**
 * Times in ms, memory in MB above what the same process held before the load.
 * @param {{ page: string, urls: string[], modes: string[], frames: number, stepMm: number, picture: (mode: string, png: Buffer) => void }} plan
 */
export async function measure(launch, plan) {
  const { browser, close } = await launch();
  try {
    return await measureIn(browser, plan);
  } finally {
    await close();
  }
}

async function measureIn(browser, { page: address, urls, modes, frames, stepMm, picture }) {
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
    results[mode] = await measureMode(call, root, mode, frames);
    for (const { ms, cpuSeconds: cpu } of results[mode])
      console.error(`  ${mode} ${ms.toFixed(0)} ms, ${cpu.toFixed(2)} CPU s`);
    memory ??= memoryAbove(base, memoryOf(root));
    picture(mode, await page.screenshot({ clip: { x: 0, y: 0, width: canvasPx, height: canvasPx } }));
  }
  const about = await call("about");
  return { load, memory, memoryAtEnd: memoryAbove(base, memoryOf(root)), modes: results, about, problems };
}

/** Calls the page's contestant and waits as long as it takes: puppeteer gives a plain evaluation three minutes. */
async function caller(page) {
  let settle;
  page.browser().on("disconnected", () => settle?.({ error: "the browser ended" }));
  await page.exposeFunction("settleCall", (outcome) => settle(outcome));
  return async (method, ...args) => {
    const settled = new Promise((resolve) => (settle = resolve));
    await page.evaluate(
      (name, given) => {
        Promise.resolve(window.contestant[name](...given)).then(
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

async function measureMode(call, root, mode, frames) {
  const measured = [];
  let spentMs = 0;
  for (let turn = 0; turn <= frames && spentMs < enoughMs; turn++) {
    const before = cpuSeconds(root);
    const { ms, roughMs } = await call("frame", mode, turn * degreesPerFrame);
    const frame = { ms, roughMs, cpuSeconds: cpuSeconds(root) - before, degrees: turn * degreesPerFrame };
    if (turn > 0 || ms >= enoughMs) measured.push(frame);
    spentMs += ms;
  }
  return measured;
}

function memoryAbove(before, after) {
  return Object.fromEntries(
    Object.keys(before).map((kind) => [kind, after[kind].peakMb - before[kind].residentMb]),
  );
}
