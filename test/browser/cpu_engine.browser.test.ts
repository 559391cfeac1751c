import { createHash } from "node:crypto";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { launchBrowser } from "../support/browsers.js";
import { buildPage, isolation, type PageServer, serveFolders } from "../support/pages.js";
import { uploadVolume } from "../support/volumes.js";
import { hashResults, type Results } from "./cpu_page/results.js";

let servers: { plain: PageServer; isolated: PageServer };
let browser: Browser;
let closeBrowser: () => Promise<void>;
let expected: Results;

beforeAll(async () => {
  const page = await buildPage("test/browser/cpu_page");
  servers = {
    plain: await serveFolders({ "/": page }),
    isolated: await serveFolders({ "/": page }, isolation),
  };
  ({ browser, close: closeBrowser } = await launchBrowser());
  expected = await resultsInNode();
});

afterAll(async () => {
  await closeBrowser?.();
  await servers?.plain.close();
  await servers?.isolated.close();
});

async function resultsInNode(): Promise<Results> {
  const engine = await createCpuEngine();
  const phantom = chestPhantom({ size: [95, 96, 40] });
  const [nx, ny, nz] = phantom.grid.size;
  const voxels = new Int16Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) voxels.set(phantom.slice(z), z * nx * ny);
  const volume = await uploadVolume(engine, phantom.grid, voxels);
  const results = await hashResults(volume, async (values) =>
    createHash("sha256").update(values).digest("hex"),
  );
  engine.destroy();
  return results;
}

test("where the driver gives an adapter and no device, auto computes on the CPU and gpu says no-gpu", async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(100_000);
  await page.evaluateOnNewDocument(() => {
    const requestDevice = () => Promise.reject(new DOMException("the driver is blocked", "OperationError"));
    const adapter = { limits: {}, features: new Set(), info: {}, requestDevice };
    Object.defineProperty(Navigator.prototype, "gpu", { value: { requestAdapter: async () => adapter } });
  });
  await page.goto(`${servers.plain.url}/`);
  await page.waitForFunction(() => "computeOnCpu" in window);
  const result = await page.evaluate(() => window.computeOnCpu());
  expect([result.hasGpu, result.capabilities.processor]).toEqual([true, "cpu"]);
  expect(result.results).toEqual(expected);
  expect([result.view, result.gpu]).toEqual(["no-gpu", "no-gpu"]);
  await page.close();
});

test.each(["plain", "isolated"] as const)(
  "in a %s page without WebGPU the CPU engine reads, projects, reslices and masks as in Node",
  async (kind) => {
    const page = await browser.newPage();
    page.setDefaultTimeout(100_000);
    await page.evaluateOnNewDocument(() => Reflect.deleteProperty(Navigator.prototype, "gpu"));
    await page.goto(`${servers[kind].url}/`);
    await page.waitForFunction(() => "computeOnCpu" in window);
    const result = await page.evaluate(() => window.computeOnCpu());
    expect(result.hasGpu).toBe(false);
    expect(result.results).toEqual(expected);
    expect(result.capabilities).toMatchObject({ processor: "cpu", rendering: false });
    expect(result.capabilities.threads > 1).toBe(kind === "isolated");
    expect([result.view, result.gpu]).toEqual(["no-gpu", "no-gpu"]);
    expect(result.leaked).toEqual({});
    await page.close();
  },
);
