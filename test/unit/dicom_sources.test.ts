import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderSources as pageFolderSources } from "../../src/browser/folder_sources.js";
import { openSources as openPageSources } from "../../src/browser/open_sources.js";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Progress } from "../../src/core/control.js";
import type { HounsfieldError } from "../../src/core/errors.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { openSources } from "../../src/node/open_sources.js";
import { folderSources } from "../../src/node/sources.js";
import { directorySources, droppedSources, fileSources } from "../../src/sources/page_files.js";
import { ctFile } from "../support/dicom_file.js";
import { zipFile } from "../support/zip_file.js";

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

describe("openSources", () => {
  test("several things given: names begin with what was given, so that no two are the same", async () => {
    for (const folder of ["a", "b c"]) {
      mkdirSync(join(root, folder));
      writeFileSync(join(root, folder, "IM1"), folder);
    }
    writeFileSync(join(root, "x.zip"), zipFile([{ name: "IM1", bytes: Uint8Array.of(1) }]));
    const given = ["a", "b c/", "b c/IM1", "x.zip"].map((name) => join(root, name));
    const opened = await openSources(given);
    const wanted = ["a/IM1", "b c/IM1", "b c/IM1", "x.zip/IM1"].map((name) => join(root, name));
    expect(opened.map(({ name }) => name)).toEqual(wanted);
    expect((await openSources(new URL(`file://${root}/a`))).map(({ name }) => name)).toEqual(["IM1"]);
    await expect(openSources(join(root, "no such"))).rejects.toMatchObject({ code: "io" });
  });

  test("who asks is told of what cannot be read, and gets the rest", async () => {
    writeFileSync(join(root, "a"), "1");
    symlinkSync(join(root, "missing"), join(root, "dangling"));
    const told: string[] = [];
    const sources = await openSources(root, { onUnreadable: ({ fields }) => told.push(fields.file ?? "") });
    expect([sources.map(({ name }) => name), told]).toEqual([["a"], [join(root, "dangling")]]);
  });

  test("10,000 files are listed by their heads: at most 16 KB of each read, with progress, and a way out", async () => {
    const count = 10_000;
    // Four series, each in a folder of its own: names with spaces, no extension.
    for (let folder = 0; folder < 4; folder++) mkdirSync(join(root, `series ${folder}`));
    for (let i = 0; i < count; i++) {
      const [folder, z] = [i % 4, i >> 2];
      const place = { "0020,0032": `0\\0\\${z}`, "0020,1041": String(z) };
      writeFileSync(
        join(root, `series ${folder}`, `IM ${z}`),
        ctFile({ ...place, "0020,000e": `1.${folder + 1}` }),
      );
    }
    const seen: Progress[] = [];
    const sources = await folderSources(root, { onProgress: (progress) => seen.push(progress) });
    expect([sources.length, seen.at(-1)]).toEqual([count, { stage: "files", done: count, total: count }]);
    let longest = 0;
    let reads = 0;
    const watched = sources.map((source) => ({
      ...source,
      read: (start: number, end: number) => {
        reads++;
        longest = Math.max(longest, end - start);
        return source.read(start, end);
      },
    }));
    const { series } = await listSeries(watched);
    expect(series.map((one) => one.slices.length)).toEqual([2500, 2500, 2500, 2500]);
    expect(longest).toBeLessThanOrEqual(16 * 1024);
    expect(reads).toBe(count);

    const stop = new AbortController();
    const onProgress = ({ done }: Progress) => done === 100 && stop.abort("enough");
    await expect(listSeries(sources, { signal: stop.signal, onProgress })).rejects.toBe("enough");
    await expect(folderSources(root, { signal: stop.signal })).rejects.toBe("enough");
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

  /** An entry as a browser hands it out; folders give two entries at a time. */
  function entry(fullPath: string, inside?: readonly FileSystemEntry[]): FileSystemEntry {
    const name = fullPath.split("/").at(-1) ?? "";
    const root = { name: "", root: undefined as never };
    const common = { name, fullPath, filesystem: root, getParent: () => {} };
    if (!inside) {
      const file = (give: (file: File) => void) => give(new File([fullPath], name));
      return Object.assign(common, { isFile: true, isDirectory: false, file });
    }
    const createReader = () => {
      let at = 0;
      return {
        readEntries: (give: (entries: FileSystemEntry[]) => void) => give(inside.slice(at, (at += 2))),
      };
    };
    return Object.assign(common, { isFile: false, isDirectory: true, createReader });
  }

  test("what is dropped on a page: files and folders, every portion of them", async () => {
    const inner = entry("/scan/b", [entry("/scan/b/1")]);
    const scan = entry("/scan", [
      entry("/scan/5"),
      entry("/scan/4"),
      entry("/scan/3"),
      inner,
      entry("/scan/2"),
    ]);
    const items = [
      { kind: "file", webkitGetAsEntry: () => scan },
      { kind: "string", webkitGetAsEntry: () => null },
      { kind: "file", webkitGetAsEntry: () => entry("/alone") },
    ];
    const sources = await droppedSources(items);
    const names = ["alone", "scan/2", "scan/3", "scan/4", "scan/5", "scan/b/1"];
    expect(sources.map((source) => source.name)).toEqual(names);
    expect(new TextDecoder().decode(await sources[5].read(0, 99))).toBe("/scan/b/1");
  });

  test("a dropped file that cannot be read is an error with its name", async () => {
    const broken = entry("/gone");
    const file = (_: unknown, refuse: (error: Error) => void) => refuse(new Error("NotFoundError"));
    const dropped = droppedSources([
      { kind: "file", webkitGetAsEntry: () => Object.assign(broken, { file }) },
    ]);
    await expect(dropped).rejects.toMatchObject({ code: "io", fields: { file: "gone" } });
  });

  function fileHandle(name: string, bytes: Uint8Array): FileSystemFileHandle {
    const handle = {
      kind: "file" as const,
      name,
      getFile: async () => new File([Uint8Array.from(bytes)], name),
    };
    return Object.assign(Object.create(null), handle);
  }

  function directoryHandle(name: string, inside: readonly FileSystemHandle[]): FileSystemDirectoryHandle {
    async function* values() {
      yield* inside;
    }
    return Object.assign(Object.create(null), { kind: "directory", name, values });
  }

  test("whatever a page has: files, handles of files and folders, archives among them, sources of its own", async () => {
    const zip = zipFile([{ name: "IM1", bytes: ctFile() }]);
    const scan = directoryHandle("scan", [
      fileHandle("IM2", ctFile()),
      directoryHandle("inner", [fileHandle("IM3", ctFile()), fileHandle("b.zip", zip)]),
    ]);
    const sources = await openPageSources([
      new File([Uint8Array.from(zip)], "a.zip"),
      fileHandle("IM0", ctFile()),
      scan,
      bytesSource("own", ctFile()),
    ]);
    const names = ["a.zip/IM1", "IM0", "IM2", "inner/IM3", "inner/b.zip/IM1", "own"];
    expect(sources.map(({ name }) => name).sort()).toEqual(names.sort());
    for (const source of sources) expect(await source.read(0, source.size)).toEqual(ctFile());
    await expect(directorySources(scan, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
    await expect(openPageSources([scan], { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
  });

  test("one thing or several, or none: a list without an iterator, and null, as a page's input gives them", async () => {
    const file = new File([Uint8Array.from(ctFile())], "a");
    for (const open of [openPageSources, openSources]) {
      expect((await open(file)).map(({ name }) => name)).toEqual(["a"]);
      expect((await open({ length: 1, 0: file })).map(({ name }) => name)).toEqual(["a"]);
      expect(await open(null)).toEqual([]);
    }
    expect(fileSources({ length: 1, 0: file }).map(({ name }) => name)).toEqual(["a"]);
    expect(fileSources(null)).toEqual([]);
  });

  test("files and handles are opened in Node as in a page, beside paths", async () => {
    writeFileSync(join(root, "path"), ctFile());
    const handles = directoryHandle("scan", [fileHandle("IM2", ctFile())]);
    const file = new File([Uint8Array.from(ctFile())], "IM1");
    const sources = await openSources([file, handles, bytesSource("own", ctFile()), join(root, "path")]);
    expect(sources.map(({ name }) => name)).toEqual(["IM1", "IM2", "own", join(root, "path")]);
    for (const source of sources) expect(await source.read(0, source.size)).toEqual(ctFile());
  });

  test("handles that cannot be read are left out where somebody takes the errors", async () => {
    const gone = Object.assign(fileHandle("gone", ctFile()), {
      getFile: () => Promise.reject(new Error("NotFoundError")),
    });
    const locked = Object.assign(directoryHandle("locked", []), {
      values: () => {
        throw new Error("NotAllowedError");
      },
    });
    const scan = directoryHandle("scan", [gone, fileHandle("IM1", ctFile()), locked]);
    const unreadable: unknown[] = [];
    const onUnreadable = (error: HounsfieldError) => unreadable.push(error.fields.file);
    const sources = await openPageSources([scan, gone], { onUnreadable });
    expect(sources.map(({ name }) => name)).toEqual(["IM1"]);
    expect(unreadable.sort()).toEqual(["gone", "gone", "locked/"]);
    await expect(openPageSources([scan])).rejects.toMatchObject({ code: "io" });
  });

  test("a page has no folders of a file system, and says what it has instead", async () => {
    const refused = pageFolderSources("scans");
    await expect(refused).rejects.toMatchObject({ code: "io", fields: { file: "scans" } });
    await expect(refused).rejects.toThrow(/only Node has: in a page use fileSources/);
  });
});
