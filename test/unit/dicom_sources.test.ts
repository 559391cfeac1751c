import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileSources } from "../../src/browser/sources.js";
import { bytesSource } from "../../src/dicom/byte_source.js";
import { folderSources } from "../../src/node/sources.js";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hounsfield-sources-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const names = async (path = root) => (await folderSources(path)).map((source) => source.name);

describe("folderSources", () => {
  test("all files below a folder, sorted, relative, with any name", async () => {
    mkdirSync(join(root, "b c", "胸部"), { recursive: true });
    for (const name of ["z", "a.dcm", "b c/1", "b c/胸部/IM 1.dcm"]) writeFileSync(join(root, name), name);
    const sources = await folderSources(root);
    expect(sources.map((source) => source.name)).toEqual(["a.dcm", "b c/1", "b c/胸部/IM 1.dcm", "z"]);
    const texts = await Promise.all(
      sources.map(async (source) => new TextDecoder().decode(await source.read(0, 99))),
    );
    expect(texts).toEqual(["a.dcm", "b c/1", "b c/胸部/IM 1.dcm", "z"]);
  });

  test("parts of a file, in buffers of their own; fewer bytes at its end", async () => {
    writeFileSync(join(root, "a"), "0123456789");
    const [source] = await folderSources(join(root, "a"));
    expect([source.name, source.size]).toEqual(["a", 10]);
    const middle = await source.read(2, 5);
    expect([new TextDecoder().decode(middle), middle.buffer.byteLength]).toEqual(["234", 3]);
    expect((await source.read(8, 20)).length).toBe(2);
    expect((await source.read(20, 30)).length).toBe(0);
  });

  test("loops of links end, and a file that links lead to is taken once, by its own name", async () => {
    mkdirSync(join(root, "x"));
    writeFileSync(join(root, "x", "slice"), "1");
    symlinkSync(root, join(root, "x", "loop"));
    symlinkSync(join(root, "x"), join(root, "a-link"));
    symlinkSync(join(root, "x", "slice"), join(root, "another"));
    expect(await names()).toEqual(["x/slice"]);
  });

  test("a link to a file elsewhere is followed", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "hounsfield-elsewhere-"));
    writeFileSync(join(elsewhere, "slice"), "1");
    symlinkSync(join(elsewhere, "slice"), join(root, "one"));
    symlinkSync(join(elsewhere, "slice"), join(root, "two"));
    expect(await names()).toEqual(["one"]);
    rmSync(elsewhere, { recursive: true });
  });

  test("a pipe is no file and does not block", async () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    writeFileSync(join(root, "slice"), "1");
    expect(await names()).toEqual(["slice"]);
  });

  test("what cannot be read is an error with its path", async () => {
    const missing = join(root, "missing");
    await expect(folderSources(missing)).rejects.toMatchObject({ code: "io", fields: { file: missing } });
    symlinkSync(missing, join(root, "dangling"));
    await expect(folderSources(root)).rejects.toMatchObject({
      code: "io",
      fields: { file: join(root, "dangling") },
    });
  });

  // Root reads everything, so there is nothing to refuse.
  test.skipIf(process.getuid?.() === 0)(
    "a file without permission is an error when it is read (not as root)",
    async () => {
      writeFileSync(join(root, "secret"), "1");
      chmodSync(join(root, "secret"), 0);
      const [source] = await folderSources(root);
      await expect(source.read(0, 1)).rejects.toMatchObject({ code: "io" });
    },
  );

  test("a file that is gone since it was listed is an error when it is read", async () => {
    writeFileSync(join(root, "a"), "1");
    const [source] = await folderSources(root);
    rmSync(join(root, "a"));
    await expect(source.read(0, 1)).rejects.toMatchObject({ code: "io", fields: { file: join(root, "a") } });
  });

  test("no file stays open, whether it was read or could not be", async () => {
    for (let i = 0; i < 20; i++) writeFileSync(join(root, String(i)), "1");
    const sources = await folderSources(root);
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    await Promise.allSettled(sources.map((source) => source.read(0, 1)));
    expect(open()).toBeLessThanOrEqual(before);
  });

  test("an empty folder gives nothing; an abort rejects with its reason", async () => {
    expect(await folderSources(root)).toEqual([]);
    await expect(folderSources(root, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
  });
});

describe("sources in memory", () => {
  test("each read is a copy", async () => {
    const bytes = Buffer.from([1, 2, 3]);
    const source = bytesSource("a", bytes);
    const read = await source.read(1, 3);
    read[0] = 9;
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(read.buffer.byteLength).toBe(2);
  });

  test("files of a browser", async () => {
    const [source] = fileSources([new File([Uint8Array.of(1, 2, 3)], "a.dcm")]);
    expect([source.name, source.size, [...(await source.read(1, 9))]]).toEqual(["a.dcm", 3, [2, 3]]);
  });
});
