import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { openSources } from "../../src/node/open_sources.js";
import { gunzipped } from "../../src/sources/gunzip.js";
import { openArchives } from "../../src/sources/open_archives.js";
import { tarSources } from "../../src/sources/tar.js";
import { joined } from "../support/dicom_file.js";
import { seededRandom } from "../support/random.js";

const LONG = `${"very long folder name/".repeat(12)}胸部 IM 1`;
const random = seededRandom(1);
const big = Uint8Array.from({ length: 100_001 }, () => random() * 256);
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "hounsfield-tar-"));
  mkdirSync(join(root, "study", LONG, ".."), { recursive: true });
  writeFileSync(join(root, "study", "a b"), "spaces");
  writeFileSync(join(root, "study", "big"), big);
  writeFileSync(join(root, "study", "empty"), "");
  writeFileSync(join(root, "study", LONG), "long");
  symlinkSync("a b", join(root, "study", "link"));
  linkSync(join(root, "study", "big"), join(root, "study", "hard link"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const text = async (source: ByteSource) => new TextDecoder().decode(await source.read(0, source.size));

interface Member {
  readonly name?: string | Uint8Array;
  readonly bytes?: Uint8Array;
  readonly type?: string;
  /** The twelve bytes of the size field. */
  readonly size?: string | Uint8Array;
}

/** A tar of plain headers, byte by byte. */
function tarFile(members: readonly Member[]): Uint8Array {
  const blocks = members.map(({ name = "x", bytes = new Uint8Array(0), type = "0", size }) => {
    const block = Buffer.alloc(512);
    block.set(typeof name === "string" ? Buffer.from(name) : name, 0);
    block.write("0000644\0", 100);
    const octal = `${bytes.length.toString(8).padStart(11, "0")}\0`;
    block.set(typeof size === "object" ? size : Buffer.from(size ?? octal), 124);
    block.write("        ", 148);
    block.write(type, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return joined([block, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)]);
  });
  return joined([...blocks, new Uint8Array(1024)]);
}

const tar = (...members: Member[]) => tarSources(bytesSource("a.tar", tarFile(members)));
const ascii = (letters: string) => new TextEncoder().encode(letters);

describe("what the system's tar writes", () => {
  const hasTar = (() => {
    try {
      return execFileSync("tar", ["--version"]).includes("GNU");
    } catch {
      return false;
    }
  })();

  test.skipIf(!hasTar).each(["ustar", "pax", "gnu"])("in the %s format", async (format) => {
    // ustar cannot hold the long name.
    const files = ["a b", "big", "empty", "link", "hard link", ...(format === "ustar" ? [] : [LONG])];
    const path = join(root, `${format}.tar`);
    execFileSync("tar", ["--format", format, "-cf", path, "-C", join(root, "study"), ...files]);
    for (const [name, options] of [
      [`${format}.tar`, []],
      [`${format}.tgz`, ["-z"]],
      [`${format}.tar.gz`, ["-z"]],
    ] as const) {
      execFileSync("tar", [
        "--format",
        format,
        ...options,
        "-cf",
        join(root, name),
        "-C",
        join(root, "study"),
        ...files,
      ]);
      const sources = await openSources(join(root, name));
      const wanted = ["a b", "big", "empty", ...(format === "ustar" ? [] : [LONG])];
      expect(sources.map((source) => source.name)).toEqual(wanted.map((file) => `${name}/${file}`));
      const [spaces, bigOne, empty, long] = sources;
      expect([await text(spaces), await text(empty), long && (await text(long))]).toEqual([
        "spaces",
        "",
        format === "ustar" ? undefined : "long",
      ]);
      expect(Buffer.compare(await bigOne.read(0, 200_000), big)).toBe(0);
      expect(Buffer.compare(await bigOne.read(99_990, 200_000), big.subarray(99_990))).toBe(0);
    }
  });
});

describe("tar", () => {
  test("old tars without a magic, folders, a second member of one name", async () => {
    const sources = await tar(
      { name: "folder/", type: "5" },
      { name: "x", bytes: ascii("1"), type: "\0" },
      { name: "x", bytes: ascii("22") },
    );
    expect(sources.map(({ name, size }) => [name, size])).toEqual([["a.tar/x", 2]]);
    expect(await text(sources[0])).toBe("22");
  });

  test("a size beyond 8 GB is GNU's binary number; the archive must hold it", async () => {
    const size = new Uint8Array(12);
    size.set([0x80], 0);
    size.set([3], 11);
    expect((await tar({ name: "x", bytes: ascii("abc"), size }))[0].size).toBe(3);
    size.set([2, 0, 0, 0, 3], 7);
    await expect(tar({ name: "x", bytes: ascii("abc"), size })).rejects.toMatchObject({
      code: "truncated",
      message: "a.tar: ends inside its member x: its copy was not completed",
    });
  });

  test.each<[string, Member[], string, RegExp]>([
    ["sparse members", [{ type: "S" }], "unsupported-archive", /a\.tar\/x: is a sparse member/],
    [
      "sparse members in pax",
      [{ type: "x", bytes: ascii("22 GNU.sparse.major=1\n") }, {}],
      "unsupported-archive",
      /sparse/,
    ],
    [
      "pax lengths that lie",
      [{ type: "x", bytes: ascii("99 path=a\n") }, {}],
      "malformed-archive",
      /breaks its own/,
    ],
    [
      "a pax size that is none",
      [{ type: "x", bytes: ascii("11 size=-1\n") }, {}],
      "malformed-archive",
      /invalid size/,
    ],
    ["a size that is no number", [{ size: "12345678abc\0" }], "malformed-archive", /no valid size/],
    [
      "a long name of megabytes",
      [{ type: "L", bytes: new Uint8Array(2 ** 20 + 1) }],
      "limit-exceeded",
      /1048577/,
    ],
  ])("%s are refused", async (_, members, code, message) => {
    await expect(tar(...members)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("every cut is an error or gives the members before it whole; damage to a header is seen", async () => {
    const bytes = tarFile([
      { name: "a", bytes: ascii("1") },
      { name: "b", bytes: ascii("2") },
    ]);
    for (let length = 513; length < bytes.length; length += 7) {
      const members = await tarSources(bytesSource("a.tar", bytes.slice(0, length))).catch(
        (error) => error.code,
      );
      if (members === "truncated") continue;
      expect(await Promise.all(members.map(text))).toEqual(["1", "2"].slice(0, members.length));
    }
    bytes[1024 + 5] = 7;
    await expect(tarSources(bytesSource("a.tar", bytes))).rejects.toMatchObject({
      code: "malformed-archive",
    });
  });

  test("progress in bytes, and an abort", async () => {
    const seen: number[] = [];
    const source = bytesSource("a.tar", tarFile([{ bytes: ascii("1") }, { bytes: ascii("2") }]));
    await tarSources(source, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await expect(tarSources(source, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
  });
});

describe("gzip", () => {
  test("a single file keeps its name without .gz; a tar in it is opened", async () => {
    const [file] = await openArchives([bytesSource("IM1.dcm.gz", gzipSync(big))]);
    expect([file.name, file.size]).toEqual(["IM1.dcm", 100_001]);
    const [member] = await openArchives([
      bytesSource("a.tgz", gzipSync(tarFile([{ name: "b", bytes: big }]))),
    ]);
    expect(member.name).toBe("a.tgz/b");
    expect(Buffer.compare(await member.read(0, 200_000), big)).toBe(0);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["cut", (bytes) => bytes.slice(0, -100)],
    ["damaged", (bytes) => bytes.map((byte, i) => (i === 5000 ? byte ^ 255 : byte))],
    ["with a wrong checksum", (bytes) => bytes.map((byte, i) => (i === bytes.length - 8 ? byte ^ 1 : byte))],
  ])("%s is refused", async (_, change) => {
    const source = bytesSource("a.gz", change(gzipSync(big)));
    await expect(gunzipped(source, "a")).rejects.toMatchObject({
      code: "malformed-archive",
      fields: { file: "a.gz" },
    });
  });

  test("more than is allowed is refused, and what could not be read or was aborted says so", async () => {
    // A bomb of several gzip members, one behind the other, which are one file.
    const bomb = joined(Array.from({ length: 4 }, () => gzipSync(new Uint8Array(2 ** 20))));
    const opened = (maxUnpackedBytes: number) =>
      gunzipped(bytesSource("bomb.gz", bomb), "bomb", { maxUnpackedBytes });
    expect((await opened(2 ** 22)).size).toBe(2 ** 22);
    await expect(opened(2 ** 22 - 1)).rejects.toMatchObject({
      code: "limit-exceeded",
      message: expect.stringMatching(/^bomb\.gz: unpacks to more than 4194303 bytes/),
    });
    const broken = { ...bytesSource("a.gz", gzipSync(big)), read: () => Promise.reject(new Error("gone")) };
    await expect(gunzipped(broken, "a")).rejects.toMatchObject({ code: "io" });
    const stop = AbortSignal.abort("stop");
    await expect(gunzipped(bytesSource("a.gz", gzipSync(big)), "a", { signal: stop })).rejects.toBe("stop");
  });
});

test("the archive itself is never held whole: a member's range is the archive's", async () => {
  const reads: number[] = [];
  const whole = bytesSource(
    "a.tar",
    tarFile([
      { name: "a", bytes: big },
      { name: "b", bytes: big },
    ]),
  );
  const source: ByteSource = {
    ...whole,
    read: (start, end) => {
      reads.push(end - start);
      return whole.read(start, end);
    },
  };
  const [, second] = await tarSources(source);
  expect(reads).toEqual([512, 512, 512]);
  expect(Buffer.compare(await second.read(10, 20), big.subarray(10, 20))).toBe(0);
  expect(reads.at(-1)).toBe(10);
});
