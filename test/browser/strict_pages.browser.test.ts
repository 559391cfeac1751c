import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { launchChromium } from "../support/chromium.js";
import { type PageServer, serveFolders } from "../support/pages.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** Names of the slices of the series that the page reads. */
const names = ["0.dcm", "1.dcm", "2.dcm", "3.dcm"];
const size = [16, 16, 4] as const;
const open = { "access-control-allow-origin": "*" };

let folder: string;
let library: string;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let cdn: PageServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hounsfield-strict-"));
  library = mkdtempSync(join(tmpdir(), "hounsfield-alone-"));
  // Alone: nothing else of dist/ is there.
  const built = join(import.meta.dirname, "../../dist/standalone/hounsfield.js");
  for (const to of [library, folder]) copyFileSync(built, join(to, "hounsfield.js"));
  writeFileSync(join(folder, "index.html"), '<!doctype html><script type="module" src="./page.js"></script>');
  const files = [...phantomSeries(chestPhantom({ size, seed: 1 }))];
  for (const [i, { bytes }] of files.entries()) writeFileSync(join(folder, names[i]), bytes);
  cdn = await serveFolders({ "/": library }, open);
  ({ browser, close: closeBrowser } = await launchChromium());
});

afterAll(async () => {
  await closeBrowser?.();
  await cdn?.close();
  for (const made of [folder, library]) rmSync(made, { recursive: true });
});

interface Visit {
  readonly policy?: string;
  readonly options?: object;
  /** Where the library is imported from; from the page's own server by default. */
  readonly from?: string;
}

/**
 * What a page with this policy comes to: the mean of its volume, or the error's code, message and fields; and
 * the workers it started.
 */
async function visit({ policy = "", options = {}, from = "/hounsfield.js" }: Visit) {
  const script = `
    import { chooseSeries, listSeries, loadVolume, openEngine, urlSources } from ${JSON.stringify(from)};
    window.outcome = (async () => {
      const engine = await openEngine({ device: "cpu", ...${JSON.stringify(options)} });
      const series = chooseSeries((await listSeries(await urlSources(${JSON.stringify(names)}.map((name) => new URL(name, location.href))))).series);
      const volume = await loadVolume(engine, series);
      const hu = await volume.read();
      engine.destroy();
      return { mean: hu.reduce((sum, value) => sum + value, 0) / hu.length };
    })().catch(({ code, message, fields }) => ({ code, message, fields }));`;
  writeFileSync(join(folder, "page.js"), script);
  const headers: Record<string, string> = policy ? { "content-security-policy": policy } : {};
  const server = await serveFolders({ "/": folder }, headers);
  const page = await browser.newPage();
  let workers = 0;
  page.on("workercreated", () => workers++);
  try {
    await page.goto(`${server.url}/index.html`);
    await page.waitForFunction("window.outcome !== undefined");
    const outcome = (await page.evaluate("window.outcome")) as {
      mean?: number;
      code?: string;
      message: string;
      fields: { url?: string; file?: string };
    };
    return { ...outcome, workers, url: server.url };
  } finally {
    await page.close();
    await server.close();
  }
}

const mean = (() => {
  const chest = chestPhantom({ size, seed: 1 });
  const slices = Array.from({ length: size[2] }, (_, k) => [...chest.slice(k)]).flat();
  return slices.reduce((sum, value) => sum + value, 0) / slices.length;
})();

const STRICT =
  "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

test("one file, copied alone, is the library and its workers' script, under a strict policy", async () => {
  const outcome = await visit({ policy: STRICT });
  expect(outcome).toMatchObject({ mean });
  expect(outcome.workers).toBeGreaterThan(0);
});

test("without 'wasm-unsafe-eval': no-wasm, with what is needed", async () => {
  const policy = STRICT.replace(" 'wasm-unsafe-eval'", "");
  const outcome = await visit({ policy });
  expect(outcome).toMatchObject({ code: "no-wasm", message: expect.stringContaining("'wasm-unsafe-eval'") });
  expect(outcome.message).not.toContain(".dcm");
});

test("a page that may have no workers: worker-failed with the script's address; workers: 0 decodes in the page", async () => {
  const policy = STRICT.replace("worker-src 'self'", "worker-src 'none'");
  const { code, message, fields, url } = await visit({ policy });
  expect({ code, url: fields?.url }).toEqual({ code: "worker-failed", url: `${url}/hounsfield.js` });
  expect(message).toMatch(/worker-src.*workerUrl.*workers: 0/);
  expect(message).not.toContain(".dcm");
  expect(await visit({ policy, options: { workers: 0 } })).toMatchObject({ mean, workers: 0 });
});

test("a script that is not there: worker-failed with its address", async () => {
  const { code, fields, url } = await visit({ options: { workerUrl: "/not-there.js" } });
  expect({ code, url: fields?.url }).toEqual({ code: "worker-failed", url: `${url}/not-there.js` });
});

test("workerUrl: a copy of the one file", async () => {
  const outcome = await visit({ from: `${cdn.url}/hounsfield.js`, options: { workerUrl: "/hounsfield.js" } });
  expect(outcome).toMatchObject({ mean });
});

test("a library of another origin starts its workers by a Blob of the page's", async () => {
  const from = `${cdn.url}/hounsfield.js`;
  const outcome = await visit({ from });
  expect(outcome).toMatchObject({ mean });
  expect(outcome.workers).toBeGreaterThan(0);
  const policy = STRICT.replace("script-src 'self'", `script-src 'self' ${cdn.url}`).replace(
    "worker-src 'self'",
    `worker-src blob: ${cdn.url}`,
  );
  expect(await visit({ from, policy })).toMatchObject({ mean });
  const refused = await visit({ from, policy: policy.replace("blob:", "'self'") });
  expect(refused).toMatchObject({ code: "worker-failed", fields: { url: from } });
});

test("Trusted Types: the policy hounsfield suffices, and its lack is said", async () => {
  const trusted = `${STRICT}; require-trusted-types-for 'script'; trusted-types hounsfield`;
  expect(await visit({ policy: trusted })).toMatchObject({ mean });
  const refused = await visit({ policy: trusted.replace("trusted-types hounsfield", "trusted-types other") });
  expect(refused).toMatchObject({ code: "worker-failed", message: expect.stringMatching(/Trusted/) });
});
