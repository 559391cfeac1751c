import fs, { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFileAccess } from "../../src/node/file_access.js";

const folder = mkdtempSync(join(tmpdir(), "hounsfield-access-"));
const path = join(folder, "bytes");
const bytes = Uint8Array.from({ length: 3 * 2 ** 20 }, (_, i) => (i * 7) ^ (i >> 9));
writeFileSync(path, bytes);
afterAll(() => rmSync(folder, { recursive: true }));

let atOnce: string[] = [];
beforeEach(() => {
  atOnce = [];
  for (const name of ["statSync", "openSync", "readSync", "closeSync"] as const) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    vi.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      atOnce.push(name);
      return real(...args);
    }) as never);
  }
});
afterEach(() => vi.restoreAllMocks());

/** A clock on which each look takes `stepMs`. */
function clock(stepMs: number) {
  let ms = 0;
  return () => (ms += stepMs);
}

test("while calls are quick, in the caller's thread", async () => {
  const access = createFileAccess(clock(0.001));
  expect((await access.stat(path)).size).toBe(bytes.length);
  expect(Buffer.compare(await access.read(path, 100, 5000), bytes.subarray(100, 5000))).toBe(0);
  expect(atOnce).toEqual(["statSync", "openSync", "readSync", "closeSync"]);
});

test("after a slow one, by threads; some calls later it is tried again", async () => {
  const access = createFileAccess(clock(5));
  for (let i = 0; i < 70; i++) await access.stat(path);
  expect(atOnce).toEqual(["statSync", "statSync"]);
  expect(Buffer.compare(await access.read(path, 0, 9), bytes.subarray(0, 9))).toBe(0);
  expect(atOnce).toHaveLength(2);
});

test("long reads go to threads wherever the file lies", async () => {
  const access = createFileAccess(clock(0.001));
  const read = await access.read(path, 1, bytes.length - 1);
  expect(Buffer.compare(read, bytes.subarray(1, -1))).toBe(0);
  expect(read.buffer.byteLength).toBe(read.length);
  expect(atOnce).not.toContain("readSync");
});

test.each([0.001, 5])("fewer bytes at the end of the file, none behind it (%d ms a call)", async (stepMs) => {
  const access = createFileAccess(clock(stepMs));
  await access.stat(path);
  const end = bytes.length;
  expect(Buffer.compare(await access.read(path, end - 3, end + 50), bytes.subarray(end - 3))).toBe(0);
  expect(await access.read(path, end + 1, end + 9)).toHaveLength(0);
  expect(await access.read(path, 9, 3)).toHaveLength(0);
});

test.each([0.001, 5])("what the system refuses is thrown (%d ms a call)", async (stepMs) => {
  const access = createFileAccess(clock(stepMs));
  await access.stat(path);
  await expect(access.stat(join(folder, "gone"))).rejects.toThrow(/ENOENT/);
  await expect(access.read(join(folder, "gone"), 0, 9)).rejects.toThrow(/ENOENT/);
  await expect(access.read(folder, 0, 9)).rejects.toThrow(/EISDIR/);
});

test("timers get their turn among many quick calls", async () => {
  const access = createFileAccess(clock(1));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const until = Date.now() + 10_000;
  while (turns === 0 && Date.now() < until) await access.stat(path);
  clearInterval(timer);
  expect(turns).toBe(1);
});
