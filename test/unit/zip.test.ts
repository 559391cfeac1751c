// Over 300 lines: one promise of the reader after the other, on archives made by the same few helpers.
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { crc32 } from "../../src/core/crc_32.js";
import { openSources } from "../../src/node/open_sources.js";
import { fileSource } from "../../src/node/sources.js";
import { openArchives } from "../../src/sources/open_archives.js";
import { zipSources } from "../../src/sources/zip.js";
import { ctElements, ctFile, EXPLICIT, element, file } from "../support/dicom_file.js";
import { seededRandom } from "../support/random.js";
import { readSeries } from "../support/read_series.js";
import { plainCrc32, type ZipEntry, type ZipParts, zipFile } from "../support/zip_file.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hounsfield-zip-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const ascii = (text: string) => new TextEncoder().encode(text);
const zip = (entries: readonly ZipEntry[], parts?: ZipParts) => bytesSource("a.zip", zipFile(entries, parts));
const namesOf = (sources: readonly ByteSource[]) => sources.map(({ name }) => name);
const contentOf = async (source: ByteSource) => new TextDecoder().decode(await source.read(0, source.size));

function noise(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  // Runs and noise: deflates to about half.
  return Uint8Array.from({ length }, (_, i) => (i % 512 < 256 ? i >> 12 : random() * 256));
}

/** Vitest compares large arrays element by element, in seconds. */
function expectBytes(bytes: Uint8Array, wanted: Uint8Array, label = ""): void {
  expect(Buffer.compare(bytes, wanted), label).toBe(0);
}

/** The same source, and what was asked of it. */
function watched(source: ByteSource) {
  const reads: number[] = [];
  const read = (start: number, end: number) => {
    reads.push(Math.min(end, source.size) - start);
    return source.read(start, end);
  };
  const total = () => reads.reduce((sum, bytes) => sum + bytes, 0);
  return { source: { ...source, read }, reads, total };
}

test("CRC-32 is the standard's", () => {
  expect(crc32(ascii("123456789"))).toBe(0xcbf43926);
  expect(plainCrc32(ascii("123456789"))).toBe(0xcbf43926);
  expect(crc32(ascii("456789"), crc32(ascii("123")))).toBe(0xcbf43926);
});

describe("members", () => {
  const big = noise(300_000, 1);
  const entries: ZipEntry[] = [
    { name: "folder/", bytes: new Uint8Array(0), method: 0 },
    { name: "folder/stored", bytes: ascii("stored"), method: 0 },
    { name: "deflated", bytes: big },
    { name: "streamed", bytes: big, hasDescriptor: true },
    { name: "large", bytes: ascii("large"), isZip64: true },
    { name: "empty", bytes: new Uint8Array(0) },
    { name: "empty, stored", bytes: new Uint8Array(0), method: 0 },
  ];

  test.each<[string, ZipParts]>([
    ["plain", {}],
    ["with a comment", { comment: "made by PK\x05\x06 nobody" }],
    ["with a zip64 end", { isZip64: true }],
    ["behind a program", { before: new Uint8Array(1000).fill(7) }],
    ["zip64 behind a program", { before: new Uint8Array(1000).fill(7), isZip64: true, comment: "x" }],
  ])("stored, deflated, streamed and zip64 members of a zip %s", async (_, parts) => {
    const sources = await zipSources(zip(entries, parts));
    const names = ["folder/stored", "deflated", "streamed", "large", "empty", "empty, stored"];
    expect(namesOf(sources)).toEqual(names.map((name) => `a.zip/${name}`));
    expect(sources.map(({ size }) => size)).toEqual([6, 300_000, 300_000, 5, 0, 0]);
    const [stored, deflated, streamed, large, ...empty] = sources;
    expect([
      await contentOf(stored),
      await contentOf(large),
      ...(await Promise.all(empty.map(contentOf))),
    ]).toEqual(["stored", "large", "", ""]);
    for (const source of [deflated, streamed]) expectBytes(await source.read(0, source.size), big);
  });

  test("any range of a deflated member, in buffers of their own; fewer bytes at its end", async () => {
    const [source] = await zipSources(zip([{ name: "x", bytes: big }]));
    const ranges = [
      [0, 0],
      [0, 1],
      [5, 16_384],
      [65_000, 65_536],
      [65_000, 65_537],
      [0, 300_000],
      [299_999, 400_000],
      [400_000, 500_000],
    ];
    for (const [start, end] of ranges) {
      const part = await source.read(start, end);
      expectBytes(part, big.slice(start, end), `${start} to ${end}`);
      expect(part.buffer.byteLength).toBe(part.length);
    }
    const [stored] = await zipSources(zip([{ name: "x", bytes: big, method: 0 }]));
    for (const [start, end] of ranges) expectBytes(await stored.read(start, end), big.slice(start, end));
  });

  test("a member beyond what is kept is read in order, in one pass, with little in memory", async () => {
    const huge = noise(20_000_000, 2);
    const { source, reads, total } = watched(zip([{ name: "huge", bytes: huge, crc32: crc32(huge) }]));
    const [member] = await zipSources(source);
    const frame = 1_000_000;
    const starts = Array.from({ length: 20 }, (_, i) => i * frame);
    const frames = await Promise.all(starts.map((start) => member.read(start, start + frame)));
    const wrong = frames.filter((bytes, i) =>
      Buffer.compare(bytes, huge.subarray(starts[i], starts[i] + frame)),
    );
    expect(wrong).toEqual([]);
    expect(Math.max(...reads)).toBeLessThanOrEqual(512 * 1024);
    expect(total()).toBeLessThan(source.size + 200_000);
    // Back, and over the end of a chunk.
    expectBytes(await member.read(5, 300_000), huge.slice(5, 300_000));
    expectBytes(await member.read(19_999_990, 20_000_010), huge.slice(19_999_990));
  });

  test("of two members with one name the later counts", async () => {
    const sources = await zipSources(
      zip([
        { name: "x", bytes: ascii("1") },
        { name: "x", bytes: ascii("2") },
      ]),
    );
    expect(await Promise.all(sources.map(contentOf))).toEqual(["2"]);
  });

  const hasZip = spawnSync("zip", ["-v"]).status === 0;
  test.skipIf(!hasZip)("what the system's zip writes (needs zip)", async () => {
    mkdirSync(join(root, "胸部 CT"));
    writeFileSync(join(root, "胸部 CT", "IM 1"), big);
    execFileSync("zip", ["-qr", "out.zip", "胸部 CT"], { cwd: root });
    const [source] = await openSources(join(root, "out.zip"));
    expect(source.name).toBe("out.zip/胸部 CT/IM 1");
    expectBytes(await source.read(0, 400_000), big);
  });
});

describe("names", () => {
  const name = async (bytes: Uint8Array | string, more: Partial<ZipEntry> = {}, encoding?: string) =>
    namesOf(await zipSources(zip([{ name: bytes, bytes: ascii("1"), ...more }]), encoding))[0];
  // "胸部" in GBK.
  const gbk = Uint8Array.of(0xd0, 0xd8, 0xb2, 0xbf);

  test("UTF-8 where it is said, or where the bytes are that; spaces and Chinese as they are", async () => {
    expect(await name("病人 1/IM 0001")).toBe("a.zip/病人 1/IM 0001");
    expect(await name("病人 1/IM 0001", { isUtf8: false })).toBe("a.zip/病人 1/IM 0001");
  });

  test("code page 437 where nothing is said; another where it is asked for", async () => {
    expect(await name(Uint8Array.of(0x4d, 0x81, 0x6c, 0x6c, 0x65, 0x72), { isUtf8: false })).toBe(
      "a.zip/Müller",
    );
    expect(await name(gbk, { isUtf8: false }, "gbk")).toBe("a.zip/胸部");
  });

  test("Info-ZIP's own field with the name in UTF-8, where it is of this name", async () => {
    const field = (crc: number) => {
      const text = ascii("胸部");
      const head = Uint8Array.of(
        0x75,
        0x70,
        text.length + 5,
        0,
        1,
        ...new Uint8Array(Uint32Array.of(crc).buffer),
      );
      return Uint8Array.of(...head, ...text);
    };
    expect(await name(gbk, { isUtf8: false, extra: field(plainCrc32(gbk)) })).toBe("a.zip/胸部");
    expect(await name(gbk, { isUtf8: false, extra: field(1) }, "gbk")).toBe("a.zip/胸部");
    expect(await name(ascii("IM1"), { isUtf8: false, extra: field(1) })).toBe("a.zip/IM1");
  });

  test("backslashes, absolute names and control characters are made harmless", async () => {
    expect(await name("C:\\scan\\IM1")).toBe("a.zip/C:/scan/IM1");
    expect(await name("/etc/x")).toBe("a.zip/etc/x");
    expect(await name("./a/\x1b[2Jb")).toBe("a.zip/a/ [2Jb");
  });
});

describe("refused", () => {
  const code = (of: string, message: RegExp) => ({ code: of, message: expect.stringMatching(message) });
  const read = async (entry: Partial<ZipEntry>) => {
    const [source] = await zipSources(zip([{ name: "IM1", bytes: noise(100_000, 3), ...entry }]));
    return source.read(0, source.size);
  };

  test.each<[string, Partial<ZipEntry>, ReturnType<typeof code>]>([
    ["encrypted", { isEncrypted: true }, code("unsupported-archive", /a\.zip\/IM1: is encrypted/)],
    ["packed by another method", { method: 14 }, code("unsupported-archive", /method 14/)],
    ["with another checksum", { crc32: 1 }, code("malformed-archive", /is damaged/)],
    [
      "with fewer bytes than it declares",
      { size: 100_001 },
      code("malformed-archive", /inflates to 100000 bytes/),
    ],
    ["with more", { size: 99_999 }, code("malformed-archive", /more than the 99999 bytes/)],
    ["stored, of another size", { method: 0, size: 99_999 }, code("malformed-archive", /claims 99999/)],
    [
      "that claims more than DEFLATE can give",
      { size: 2 ** 31 },
      code("malformed-archive", /claims 2147483648/),
    ],
  ])("a member %s", async (_, entry, wanted) => {
    await expect(read(entry)).rejects.toMatchObject(wanted);
  });

  test("a cut or damaged archive, without a crash or a wrong member", async () => {
    const bytes = zipFile([
      { name: "1", bytes: noise(500, 4) },
      { name: "2", bytes: noise(500, 5), isZip64: true },
    ]);
    const all = async (source: ByteSource) =>
      Promise.all((await zipSources(source)).map((member) => member.read(0, member.size)));
    for (let length = 0; length < bytes.length; length++) {
      await expect(all(bytesSource("a.zip", bytes.slice(0, length))), String(length)).rejects.toMatchObject({
        code: "malformed-archive",
      });
    }
    const random = seededRandom(6);
    for (let round = 0; round < 300; round++) {
      const damaged = Uint8Array.from(bytes);
      damaged[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
      const codes = ["malformed-archive", "unsupported-archive", "limit-exceeded", "truncated"];
      await all(bytesSource("a.zip", damaged)).catch((error) => expect(codes).toContain(error.code));
    }
  });

  test("a bomb is not unpacked: its head is no DICOM, and no more is inflated", async () => {
    const bomb = new Uint8Array(64 * 2 ** 20);
    const { source, total } = watched(zip([{ name: "bomb", bytes: bomb, crc32: 0 }]));
    const [member] = await zipSources(source);
    expectBytes(await member.read(0, 16_384), new Uint8Array(16_384));
    expect(total()).toBeLessThan(110_000);
  });

  test("one of several volumes, and a directory beyond its bound", async () => {
    const bytes = zipFile([{ name: "1", bytes: ascii("1") }]);
    const end = bytes.length - 22;
    const changed = (at: number, value: number[]) => {
      const copy = Uint8Array.from(bytes);
      copy.set(value, end + at);
      return zipSources(bytesSource("a.zip", copy));
    };
    await expect(changed(4, [1])).rejects.toMatchObject(code("unsupported-archive", /several volumes/));
    await expect(changed(12, [0, 0, 0, 16])).rejects.toMatchObject(
      code("limit-exceeded", /directory has 268435456/),
    );
    await expect(changed(16, [0, 0, 0, 16])).rejects.toMatchObject(
      code("malformed-archive", /beyond its end/),
    );
  });
});

/** A slice of 512 x 512 whose pixels, zeros, are not in `head`. */
function sliceHead(z: number): { head: Uint8Array; size: number } {
  const pixels = 512 * 512 * 2;
  const fields = { "0020,0032": `0\\0\\${z}`, "0020,1041": String(z), "0028,0010": 512, "0028,0011": 512 };
  const elements = [...ctElements(fields), element("7fe0,0010", "OW", new Uint8Array(0), { length: pixels })];
  const head = file({ transferSyntax: EXPLICIT, elements });
  return { head, size: head.length + pixels };
}

test("a zip of 300 MB is listed by reading its directory and the heads, and a slice by reading the slice", async () => {
  // Sparse on disk: stored members whose pixels were never written.
  const count = 600;
  const path = join(root, "300 MB.zip");
  const out = openSync(path, "w");
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (let z = 0; z < count; z++) {
    const { head, size } = sliceHead(z);
    const one = zipFile([{ name: `IM${z}`, bytes: head, method: 0, size }]);
    const entry = one.subarray(one.length - 22 - 46 - `IM${z}`.length, one.length - 22);
    const view = new DataView(entry.buffer, entry.byteOffset);
    view.setUint32(20, size, true);
    view.setUint32(42, offset, true);
    directory.push(entry.slice());
    writeSync(out, one, 0, one.length - 22 - entry.length, offset);
    offset += 30 + `IM${z}`.length + 6 + size;
  }
  const end = Buffer.alloc(22);
  const list = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  ftruncateSync(out, offset);
  writeSync(out, Buffer.concat([list, end]), 0, list.length + 22, offset);
  closeSync(out);

  const size = offset + list.length + 22;
  expect(size).toBeGreaterThan(300e6);
  const { source, reads, total } = watched(fileSource(path, "300 MB.zip", size));
  const [series] = await readSeries(await openArchives([source]));
  expect(series.grid.size).toEqual([512, 512, count]);
  // 16 KB a file, its local header, and the directory.
  expect(total()).toBeLessThan(count * (16 * 1024 + 64) + 120_000 + list.length);
  expect(Math.max(...reads)).toBeLessThan(70_000);
  const pixels = series.slices[300].pixelData;
  const frame = await series.slices[300].source.read(pixels.offset, pixels.offset + pixels.length);
  expect(frame.length).toBe(512 * 512 * 2);
  expect(reads.at(-1)).toBe(512 * 512 * 2);
});

test("deflated slices are listed by inflating their heads only, with 40 KB a file read at most", async () => {
  const pixels = noise(512 * 512 * 2, 7);
  const slice = (z: number) => {
    const { head } = sliceHead(z);
    const bytes = new Uint8Array(head.length + pixels.length);
    bytes.set(head);
    bytes.set(pixels, head.length);
    return bytes;
  };
  const { source, total } = watched(
    zip(Array.from({ length: 6 }, (_, z) => ({ name: `IM${z}`, bytes: slice(z) }))),
  );
  const [series] = await readSeries(await zipSources(source));
  expect(series.grid.size).toEqual([512, 512, 6]);
  expect(total()).toBeLessThan(6 * 40 * 1024 + 66_000);
  const { pixelData, source: member } = series.slices[3];
  expectBytes(await member.read(pixelData.offset, pixelData.offset + pixelData.length), pixels);
});

test("in a folder, archives are opened by their names; an archive in an archive is not opened", async () => {
  const inner = zipFile([{ name: "IM2", bytes: ctFile() }]);
  writeFileSync(
    join(root, "a.zip"),
    zipFile([
      { name: "IM1", bytes: ctFile() },
      { name: "b.zip", bytes: inner },
    ]),
  );
  writeFileSync(join(root, "IM0"), ctFile());
  writeFileSync(join(root, "not.zip"), "text");
  writeFileSync(join(root, "volume.nii.gz"), gzipSync("a NIfTI file"));
  writeFileSync(join(root, "z.dcm.gz"), gzipSync(ctFile()));
  expect(namesOf(await openSources(root))).toEqual([
    "IM0",
    "a.zip/IM1",
    "a.zip/b.zip",
    "not.zip",
    "volume.nii.gz",
    "z.dcm",
  ]);
});
