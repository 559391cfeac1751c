import { decode } from "fast-png";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, inject } from "vitest";
import { launchChromium } from "../../support/chromium.js";
import { chooseFiles } from "../../support/demo_page.js";
import { elementPicture } from "../../support/element_picture.js";
import { countGpuMemory, gpuBytes } from "./gpu_memory.js";

export interface Visit {
  readonly width: number;
  readonly height: number;
  /** The canvas as it is on the screen, RGBA. */
  readonly pixels: ArrayLike<number>;
  /**
   * Whatever went wrong unseen: uncaught errors, also in workers, console errors, requests that failed,
   * broken policies.
   */
  readonly problems: readonly string[];
  /** What the page's GPU objects hold with the picture on show. */
  readonly gpuBytes: number;
}

/** The size of a page, and with the examples' style sheet of its canvas: 200 x 160 pixels. */
const viewport = { width: 200, height: 200 };

/** The one browser of a test file. */
export function visitor() {
  let browser: Browser;
  let close: (() => Promise<void>) | undefined;
  beforeAll(async () => ({ browser, close } = await launchChromium()));
  afterAll(() => close?.());

  /**
   * Opens a page, chooses the phantom's folder as a person does, and looks when the picture is there. The
   * last of `times` is of files that need every codec, those before of JPEG Lossless.
   */
  return async function visit(url: string, times: 1 | 2 = 1): Promise<Visit[]> {
    const page = await browser.newPage();
    await page.setViewport(viewport);
    await page.evaluateOnNewDocument(countGpuMemory);
    const problems = collectProblems(page);
    try {
      await page.goto(url);
      const visits: Visit[] = [];
      for (const folder of [inject("dicom"), inject("everyCodec")].slice(-times))
        visits.push(await look(page, folder, problems));
      return visits;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error([`${url}: ${why}`, ...new Set(problems)].join("\n"));
    } finally {
      await page.close();
    }
  };
}

async function look(page: Page, folder: string, problems: readonly string[]): Promise<Visit> {
  await page.waitForSelector("input[type=file]");
  // Until the page says so itself: a framework may update what the last folder left only after this looks.
  await page.evaluate(() => document.querySelector("canvas")?.setAttribute("aria-busy", "true"));
  await chooseFiles(page, "input[type=file]", folder);
  await drawn(page);
  await presented(page);
  const canvas = await page.$("canvas");
  if (!canvas) throw new Error("the page has no canvas");
  const { data, width, height } = decode(await elementPicture(canvas));
  const once = [...new Set(problems)];
  return { pixels: data, width, height, problems: once, gpuBytes: await settledGpuBytes(page) };
}

/**
 * What is held once nothing comes or goes for a second: a view frees what its last steps needed after its
 * picture is there, and a busy machine takes its time.
 */
async function settledGpuBytes(page: Page): Promise<number> {
  let held = Number.NaN;
  for (let seconds = 0; seconds < 60; seconds++) {
    const before = held;
    held = await page.evaluate(gpuBytes);
    if (held === before) return held;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error("the page's GPU memory did not come to rest within a minute");
}

/** Until the canvas says that its picture is there; throws what the page's status says instead. */
async function drawn(page: Page): Promise<void> {
  const outcome = await page.waitForFunction(
    () => {
      const status = document.querySelector("output")?.textContent ?? "";
      const failed = /^[\w-]+: /.test(status) && !/: \d+ of \d+$/.test(status);
      if (failed) return status;
      return document.querySelector("canvas")?.ariaBusy === "false" && "drawn";
    },
    { timeout: 240_000 },
  );
  const status = await outcome.jsonValue();
  if (status !== "drawn") throw new Error(String(status));
}

/** Until what is drawn has been on the screen: a busy compositor shows the frame before for another while. */
async function presented(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  });
}

export function collectProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`uncaught: ${firstLine(error)}`));
  page.on("console", (message) => {
    if (message.type() === "error")
      problems.push(`console: ${message.text()} ${message.location().url ?? ""}`);
  });
  page.on("workercreated", (worker) =>
    worker.on("console", (message) => {
      if (message.type() === "error") problems.push(`console of a worker: ${message.text()}`);
    }),
  );
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") problems.push(`no answer: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
