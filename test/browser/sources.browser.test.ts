import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browsers.js";
import { ctElements, EXPLICIT, element, file } from "../support/dicom_file.js";
import { buildPage, type PageServer, serveFolders } from "../support/pages.js";
import { zipFile } from "../support/zip_file.js";

/** Larger than a window, so that the last pixel is read apart. */
function slice(z: number): Uint8Array {
  const fields = { "0020,0032": `0\\0\\${z}`, "0020,1041": String(z), "0028,0010": 256, "0028,0011": 256 };
  const pixels = new Uint8Array(256 * 256 * 2);
  pixels[pixels.length - 1] = 7;
  return file({
    transferSyntax: EXPLICIT,
    elements: [...ctElements(fields), element("7fe0,0010", "OW", pixels)],
  });
}

const members = [30, 20, 10].map((z) => ({ name: `胸部/IM ${z}`, bytes: slice(z) }));
const files = new Map<string, Uint8Array>([
  ["/study.zip", zipFile(members)],
  ["/IM1.dcm.gz", gzipSync(slice(1))],
  // Two members and an empty one, as bgzip writes them: the first ends in the middle of the pixels.
  [
    "/IM2.dcm.gz",
    Buffer.concat(
      [slice(2).subarray(0, 65_280), slice(2).subarray(65_280), []].map((part) =>
        gzipSync(Buffer.from(part)),
      ),
    ),
  ],
  ...members.map(({ bytes }, i): [string, Uint8Array] => [`/IM${i}`, bytes]),
]);

/** Another origin than the page's. It answers Range, but lets no page see Content-Range. */
const data = createServer((request, response) => {
  const bytes = files.get(new URL(request.url ?? "/", "http://x").pathname) ?? new Uint8Array(0);
  const allow = { "access-control-allow-origin": "*", "access-control-allow-headers": "range" };
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  if (from === undefined) {
    response.writeHead(200, { ...allow, "content-length": bytes.length });
    response.end(request.method === "GET" ? bytes : undefined);
    return;
  }
  const part = bytes.subarray(Number(from), Number(to) + 1);
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
  response.writeHead(206, { ...allow, "content-range": range, "content-length": part.length }).end(part);
});

let page: PageServer;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let base: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => data.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(data.address() as AddressInfo).port}`;
  page = await serveFolders({ "/": await buildPage("test/browser/sources_page") });
  ({ browser, close: closeBrowser } = await launchBrowser());
});
afterAll(async () => {
  await closeBrowser?.();
  await page?.close();
  data.close();
});

async function listSlices(names: readonly string[], asFiles: boolean): Promise<readonly string[]> {
  const tab = await browser.newPage();
  await tab.goto(`${page.url}/`);
  await tab.waitForFunction(() => "listSlices" in window);
  const urls = names.map((name) => base + name);
  const slices = await tab.evaluate((list, files) => window.listSlices(list, files), urls, asFiles);
  await tab.close();
  return slices;
}

test("a zip and a gzip file, chosen by a person", async () => {
  const inside = [10, 20, 30].map((z) => `study.zip/胸部/IM ${z}`);
  expect(await listSlices(["/study.zip"], true)).toEqual(inside);
  expect(await listSlices(["/IM1.dcm.gz"], true)).toEqual(["IM1.dcm"]);
  expect(await listSlices(["/IM2.dcm.gz"], true)).toEqual(["IM2.dcm"]);
});

test("files and a zip at addresses of another origin, by Range", async () => {
  expect(await listSlices(["/IM0", "/IM1", "/IM2"], false)).toEqual([2, 1, 0].map((i) => `${base}/IM${i}`));
  const inside = [10, 20, 30].map((z) => `${base}/study.zip/胸部/IM ${z}`);
  expect(await listSlices(["/study.zip"], false)).toEqual(inside);
});
