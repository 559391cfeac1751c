import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectMaximum } from "../../src/ops/project/project.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { chromiumTest, launchBrowser } from "../support/browsers.js";
import { testEngine } from "../support/gpu.js";
import { buildPage, isolation, type PageServer, serveFolders } from "../support/pages.js";
import { uploadVolume } from "../support/volumes.js";
import type { PageResult } from "./page/main.js";

const data = fileURLToPath(new URL("../../../shared/data/covid-ct-md", import.meta.url));
const patients = { P001: "COVID-19 subjects/P001", cap001: "Cap subjects/cap001" } as const;
const hasPatients = existsSync(join(data, "expected"));
const phantom = chestPhantom({ size: [95, 96, 40] });

const engine = testEngine();
const phantomFolder = mkdtempSync(join(tmpdir(), "hounsfield-phantom-"));
let server: PageServer;
let isolated: PageServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;

beforeAll(async () => {
  mkdirSync(phantomFolder, { recursive: true });
  for (const { name, bytes } of phantomSeries(phantom)) writeFileSync(join(phantomFolder, name), bytes);
  const page = await buildPage("test/browser/page");
  const folders = { "/": page, "/phantom/": phantomFolder, "/data/": data };
  server = await serveFolders(folders);
  isolated = await serveFolders(folders, isolation);
  ({ browser, close: closeBrowser } = await launchBrowser());
});

afterAll(async () => {
  await closeBrowser?.();
  await server?.close();
  await isolated?.close();
  rmSync(phantomFolder, { recursive: true, force: true });
});

async function openPage({ url } = server): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(100_000);
  await page.goto(`${url}/`);
  await page.waitForFunction(() => "watchDevice" in window);
  return page;
}

async function hashInPage(prefix: string, folder: string, host = server): Promise<PageResult> {
  const page = await openPage(host);
  const names = readdirSync(folder).filter((name) => name.endsWith(".dcm"));
  const urls = names.map((name) => `${host.url}${prefix}${encodeURIComponent(name)}`);
  const result = await page.evaluate((list) => window.hashSeries(list), urls);
  await page.close();
  return result;
}

function sha256(values: Int16Array): string {
  return createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
}

describe("the library in a page", () => {
  test("reads the phantom's compressed series and computes what Node computes, bit for bit", async () => {
    const { grid } = phantom;
    const voxels = new Int16Array(grid.size[0] * grid.size[1] * grid.size[2]);
    for (let z = 0; z < grid.size[2]; z++) voxels.set(phantom.slice(z), z * grid.size[0] * grid.size[1]);
    const volume = await uploadVolume(await engine(), grid, voxels);
    const result = await hashInPage("/phantom/", phantomFolder);

    expect(result.size).toEqual(grid.size);
    expect(result.volume).toBe(sha256(voxels));
    for (const plane of ["axial", "coronal", "sagittal"] as const) {
      expect(result.mip[plane]).toBe(sha256((await projectMaximum(volume, { plane })).hu));
    }
    const camera = { azimuthDeg: 30, elevationDeg: 10 };
    const picture = await renderToPixels(volume, { window: "bone", camera }, { width: 128, height: 128 });
    const differences = result.picture.map((value, i) => Math.abs(value - picture[i]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
    expect(new Set(picture).size).toBeGreaterThan(50);
    expect(result.leaked).toEqual({});
    volume.destroy();
  });

  test("memory is shared with the workers where the page is isolated, and nothing else changes", async () => {
    const plain = await hashInPage("/phantom/", phantomFolder);
    const shared = await hashInPage("/phantom/", phantomFolder, isolated);
    expect(plain.sharedBuffers).toBe(0);
    expect(shared.sharedBuffers).toBeGreaterThan(1);
    const { sharedBuffers: _, ...rest } = shared;
    expect(plain).toMatchObject(rest);
  });

  for (const [patient, folder] of Object.entries(patients)) {
    test.skipIf(!hasPatients)(`reads ${patient} as the reference has it (needs ../shared/data)`, async () => {
      const expected = JSON.parse(readFileSync(join(data, "expected", `${patient}.json`), "utf8"));
      const path = folder.split("/").map(encodeURIComponent).join("/");
      const result = await hashInPage(`/data/${path}/`, join(data, folder));
      expect(result.names).toEqual(expected.slicesSorted.map((slice: { file: string }) => slice.file));
      expect(result.volume).toBe(expected.hu.sha256);
      for (const plane of ["axial", "coronal", "sagittal"] as const) {
        expect(result.mip[plane]).toBe(expected.mip[plane].sha256);
      }
    });
  }

  test("views leave nothing behind, also when closed before they drew", async () => {
    const page = await openPage();
    const { refused, leaked } = await page.evaluate(() => window.openAndClose(20));
    expect(refused).toBe("AbortError");
    expect(leaked).toEqual({});
    await page.close();
  });

  test("a view draws when something changed, and never otherwise", async () => {
    const page = await openPage();
    const [first, idle, changed] = await page.evaluate(() => window.countFrames());
    expect(first).toBeGreaterThan(0);
    expect(idle).toBe(0);
    expect(changed).toBe(1);
    await page.close();
  });

  const crash = "it alone crashes its GPU process when asked";
  chromiumTest(crash, "a GPU process that crashes is reported, and the view comes back", async () => {
    const page = await openPage();
    const told = page.evaluate(() => window.watchDevice());
    await page.waitForFunction(() => window.drawn);
    const session = await browser.target().createCDPSession();
    await session.send("Browser.crashGpuProcess");
    expect(await told).toBe("device-lost");
    await page.waitForFunction(() => window.recovered, { timeout: 20_000 });
    await page.close();
  });
});
