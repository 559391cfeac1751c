import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { openSources } from "../../src/node/open_sources.js";
import { BLOCK_BYTES, blockCached } from "../../src/sources/block_cache.js";
import { urlSources } from "../../src/sources/url.js";
import { ctElements, ctFile, EXPLICIT, element, file } from "../support/dicom_file.js";
import { seededRandom } from "../support/random.js";
import { zipFile } from "../support/zip_file.js";

const random = seededRandom(3);
const big = Uint8Array.from({ length: 1_000_000 }, () => random() * 256);

/** What the server has, and how it behaves. */
const files = new Map<string, Uint8Array>();
let options: { ranges: boolean; hidesRange: boolean; length: boolean; etag: string; status?: number };
let requests: { method: string; range?: string; authorization?: string }[] = [];
let bytesSent = 0;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { range, authorization } = request.headers;
  requests.push({ method: request.method ?? "", range, authorization });
  const bytes = files.get(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
  if (!bytes || options.status) {
    response.writeHead(options.status ?? 404).end();
    return;
  }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  const headers: Record<string, string | number> = { etag: options.etag };
  if (from === undefined || !options.ranges) {
    if (options.length) headers["content-length"] = bytes.length;
    response.writeHead(200, headers);
    if (request.method === "HEAD") response.end();
    else response.end(bytes);
    return;
  }
  if (Number(from) >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const end = Math.min(bytes.length, Number(to) + 1);
  const part = bytes.subarray(Number(from), end);
  bytesSent += part.length;
  if (!options.hidesRange) headers["content-range"] = `bytes ${from}-${end - 1}/${bytes.length}`;
  response.writeHead(206, { ...headers, "content-length": part.length }).end(part);
}

const server = createServer(answer);
let base: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  files.clear();
  requests = [];
  bytesSent = 0;
  options = { ranges: true, hidesRange: false, length: true, etag: '"1"' };
});

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

describe("a server with Range", () => {
  test("parts are asked for as they are needed; small ones come in blocks that are kept", async () => {
    files.set("/big", big);
    const [source] = await urlSources([`${base}/big`]);
    expect([source.name, source.size, requests.length]).toEqual([`${base}/big`, 1_000_000, 1]);
    expect(same(await source.read(0, 16_384), big.subarray(0, 16_384))).toBe(true);
    expect(requests).toHaveLength(1);
    expect(same(await source.read(100_000, 600_000), big.subarray(100_000, 600_000))).toBe(true);
    expect(requests.at(-1)?.range).toBe("bytes=100000-599999");
    for (const start of [BLOCK_BYTES - 5, 900_000, 900_100]) {
      const part = await source.read(start, start + 50);
      expect(same(part, big.subarray(start, start + 50))).toBe(true);
      expect(part.buffer.byteLength).toBe(50);
    }
    expect(requests).toHaveLength(4);
    expect((await source.read(999_990, 1_000_100)).length).toBe(10);
    expect((await source.read(2_000_000, 2_000_100)).length).toBe(0);
  });

  test("a file that came whole with its first request is held until its pixels are read, and no longer", async () => {
    const bytes = big.subarray(0, 300_000);
    files.set("/slice", bytes);
    const [source] = await urlSources([`${base}/slice`], { firstBytes: 2 ** 20 });
    expect([source.size, requests[0].range]).toEqual([300_000, "bytes=0-1048575"]);
    const reads = [
      [0, 1000],
      [40_000, 50_000],
      [1000, 200_000],
      [2000, 299_992],
    ];
    for (const [start, end] of reads)
      expect(same(await source.read(start, end), bytes.subarray(start, end))).toBe(true);
    expect(requests).toHaveLength(1);
    expect(same(await source.read(2000, 299_992), bytes.subarray(2000, 299_992))).toBe(true);
    expect(requests[1].range).toBe("bytes=2000-299991");
    expect(same(await source.read(0, 1000), bytes.subarray(0, 1000))).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test("taken instead of read, the last of it comes uncopied, in a buffer that is let go; small pieces from blocks", async () => {
    const bytes = big.subarray(0, 300_000);
    files.set("/slice", bytes);
    const [source] = await urlSources([`${base}/slice`], { firstBytes: 2 ** 20 });
    const take = (start: number, end: number) => source.take!(start, end);
    for (const [start, end] of [
      [0, 1000],
      [1000, 200_000],
    ]) {
      const copied = await take(start, end);
      expect(same(copied, bytes.subarray(start, end))).toBe(true);
      expect(copied.buffer.byteLength).toBe(end - start);
    }
    const last = await take(2000, 299_992);
    expect(same(last, bytes.subarray(2000, 299_992))).toBe(true);
    expect([last.byteOffset, last.buffer.byteLength]).toEqual([2000, 300_000]);
    expect(requests).toHaveLength(1);
    structuredClone(last.buffer, { transfer: [last.buffer] });
    expect(same(await source.read(0, 1000), bytes.subarray(0, 1000))).toBe(true);
    expect(same(await take(2000, 299_992), bytes.subarray(2000, 299_992))).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test("of a file larger than the first request the rest is asked for when it is read", async () => {
    files.set("/big", big);
    const [source] = await urlSources([`${base}/big`], { firstBytes: 500_000 });
    expect(same(await source.read(100_000, 400_000), big.subarray(100_000, 400_000))).toBe(true);
    expect(requests).toHaveLength(1);
    expect(same(await source.read(100_000, 600_000), big.subarray(100_000, 600_000))).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test("a series at addresses, and a zip of it, are listed without reading their pixels", async () => {
    const slice = (z: number) => {
      const fields = {
        "0020,0032": `0\\0\\${z}`,
        "0020,1041": String(z),
        "0028,0010": 512,
        "0028,0011": 512,
      };
      const elements = [...ctElements(fields), element("7fe0,0010", "OW", new Uint8Array(512 * 512 * 2))];
      return file({ transferSyntax: EXPLICIT, elements });
    };
    const zs = [1, 2, 3, 4];
    for (const z of zs) files.set(`/胸部/IM ${z}.dcm`, slice(z));
    const addresses = zs.map((z) => new URL(`${base}/胸部/IM ${z}.dcm`));
    const { series } = await listSeries(await openSources(addresses));
    expect(series[0].slices.map(({ source }) => source.name)).toEqual(
      zs.map((z) => `${base}/胸部/IM ${z}.dcm`),
    );
    expect(bytesSent).toBe(4 * BLOCK_BYTES);

    bytesSent = 0;
    files.set("/study.zip", zipFile(zs.map((z) => ({ name: `IM${z}`, bytes: slice(z), method: 0 }))));
    const zipped = await listSeries(await openSources(`${base}/study.zip`));
    expect(zipped.series[0].slices[0].source.name).toBe(`${base}/study.zip/IM1`);
    expect(zipped.series[0].slices).toHaveLength(4);
    expect(bytesSent).toBeLessThan(70_000 + 10 * BLOCK_BYTES);
  });

  test("headers are sent along; query and credentials are in no name and no error", async () => {
    files.set("/a b", ctFile());
    const address = `${base.replace("//", "//user:pass@")}/a%20b?token=SECRET#x`;
    // Node's fetch takes no credentials in an address.
    await expect(urlSources([address])).rejects.toMatchObject({
      code: "io",
      message: expect.not.stringMatching(/SECRET|pass/),
    });
    const [source] = await urlSources([`${base}/a%20b?token=SECRET`], {
      headers: { Authorization: "Bearer 1" },
    });
    expect(source.name).toBe(`${base}/a b`);
    expect(requests.at(-1)?.authorization).toBe("Bearer 1");
    options.status = 403;
    await expect(urlSources([`${base}/a%20b?token=SECRET`])).rejects.toMatchObject({
      code: "io",
      message: `${base}/a b: cannot be read: its server answered 403 Forbidden`,
      fields: { file: `${base}/a b`, got: 403 },
    });
  });

  test("a file that changes while it is read is an error, not a mixture", async () => {
    files.set("/big", big);
    const [source] = await urlSources([`${base}/big`]);
    options.etag = '"2"';
    await expect(source.read(500_000, 600_000)).rejects.toMatchObject({ code: "io", message: /has changed/ });
    options.etag = '"1"';
    files.set("/big", big.slice(0, 900_000));
    await expect(source.read(500_000, 600_000)).rejects.toMatchObject({ code: "io", message: /has changed/ });
    files.set("/big", big);
    expect(same(await source.read(500_000, 600_000), big.subarray(500_000, 600_000))).toBe(true);
  });

  test("a size that is hidden from pages of another origin is asked for apart", async () => {
    files.set("/big", big);
    options.hidesRange = true;
    const [source] = await urlSources([`${base}/big`]);
    expect([source.size, requests.at(-1)?.method]).toEqual([1_000_000, "HEAD"]);
    expect(same(await source.read(100_000, 200_000), big.subarray(100_000, 200_000))).toBe(true);
    options.length = false;
    await expect(urlSources([`${base}/big`])).rejects.toMatchObject({
      code: "io",
      message: /no size that can be seen/,
    });
  });

  test("an empty file has no range to give", async () => {
    files.set("/empty", new Uint8Array(0));
    const [source] = await urlSources([`${base}/empty`]);
    expect([source.size, (await source.read(0, 5)).length]).toEqual([0, 0]);
  });

  test("a DICOMDIR at an address gives the files beside it", async () => {
    const record = (name: string) => {
      const fields = element("0004,1500", "CS", name);
      return Uint8Array.of(0xfe, 0xff, 0, 0xe0, fields.length, 0, 0, 0, ...fields);
    };
    const items = Uint8Array.from([...record("A\\IM1"), ...record("A\\IM2 "), ...record("A\\IM1")]);
    const directory = (sequence: Uint8Array) =>
      file({ transferSyntax: EXPLICIT, elements: [element("0004,1220", "SQ", sequence)] });
    files.set("/cd/DICOMDIR", directory(items));
    for (const name of ["/cd/A/IM1", "/cd/A/IM2"]) files.set(name, ctFile());
    const names = (await openSources(`${base}/cd/DICOMDIR`)).map(({ name }) => name);
    expect(names).toEqual([`${base}/cd/A/IM1`, `${base}/cd/A/IM2`]);
    files.set("/cd/DICOMDIR", directory(record("..\\IM1")));
    await expect(openSources(`${base}/cd/DICOMDIR`)).rejects.toMatchObject({
      code: "malformed-dicom",
      message: /outside its folder/,
    });
    files.set("/cd/DICOMDIR", ctFile());
    await expect(openSources(`${base}/cd/DICOMDIR`)).rejects.toMatchObject({
      code: "malformed-dicom",
      message: /no DICOMDIR/,
    });
  });
});

describe("a server without Range", () => {
  beforeEach(() => {
    options.ranges = false;
    files.set("/big", big);
  });

  test("gives a file whole, up to a bound", async () => {
    const [source] = await urlSources([`${base}/big`]);
    expect(same(await source.read(500_000, 600_000), big.subarray(500_000, 600_000))).toBe(true);
    expect(requests).toHaveLength(1);
    for (const length of [true, false]) {
      options.length = length;
      await expect(urlSources([`${base}/big`], { maxWholeBytes: 999_999 })).rejects.toMatchObject({
        code: "limit-exceeded",
        message:
          /does not support Range requests and the file \(1000000 bytes or more\) exceeds maxWholeBytes \(999999\)/,
      });
    }
  });
});

test("nobody there, an abort, and addresses of other kinds", async () => {
  await expect(urlSources(["http://127.0.0.1:9/x"])).rejects.toMatchObject({
    code: "io",
    message: /did not answer/,
  });
  files.set("/big", big);
  await expect(urlSources([`${base}/big`], { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
  await expect(urlSources(["ftp://x/y"])).rejects.toMatchObject({ code: "invalid-option" });
  await expect(urlSources(["x"])).rejects.toMatchObject({ code: "invalid-option" });
});

test("of many blocks the ones used last are kept, and a block that failed is asked for again", async () => {
  let asked = 0;
  let fails = false;
  const bytes = new Uint8Array(BLOCK_BYTES * 40);
  const plain = bytesSource("x", bytes);
  const source = blockCached(
    {
      ...plain,
      read: (start, end) => {
        asked++;
        return fails ? Promise.reject(new Error("gone")) : plain.read(start, end);
      },
    },
    bytes.subarray(0, BLOCK_BYTES),
  );
  for (let i = 0; i < 40; i++) await source.read(i * BLOCK_BYTES, i * BLOCK_BYTES + 1);
  expect(asked).toBe(39);
  await source.read(39 * BLOCK_BYTES, 39 * BLOCK_BYTES + 9);
  expect(asked).toBe(39);
  await source.read(5 * BLOCK_BYTES, 5 * BLOCK_BYTES + 9);
  expect(asked).toBe(40);
  fails = true;
  await expect(source.read(BLOCK_BYTES, BLOCK_BYTES + 9)).rejects.toThrow("gone");
  fails = false;
  expect((await source.read(BLOCK_BYTES, BLOCK_BYTES + 9)).length).toBe(9);
});
