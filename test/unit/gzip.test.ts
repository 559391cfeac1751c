import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { crc32 } from "../../src/core/crc_32.js";
import { gunzipped } from "../../src/sources/gunzip.js";
import { randomBytes } from "../support/random.js";

/** A member with every field that its header may have. */
function member(bytes: Uint8Array, { extra = 0, name = "", comment = "", checked = false } = {}): Uint8Array {
  const text = (value: string) => (value ? [...Buffer.from(value, "latin1"), 0] : []);
  const flags = (checked ? 2 : 0) | (extra ? 4 : 0) | (name ? 8 : 0) | (comment ? 16 : 0);
  const head = [0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 255];
  const fields = extra ? [extra & 255, extra >> 8, ...new Uint8Array(extra)] : [];
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length, 4);
  const before = [...head, ...fields, ...text(name), ...text(comment), ...(checked ? [0, 0] : [])];
  return Buffer.concat([Uint8Array.from(before), deflateRawSync(bytes), trailer]);
}

async function unpacked(...parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const file = await gunzipped(bytesSource("a.gz", Buffer.concat(parts)), "a");
  return file.read(0, file.size);
}

const some = randomBytes(5000, 1);

describe("several members are one file", () => {
  test.each([
    ["one", [gzipSync(some)], [some]],
    ["two", [gzipSync(some), gzipSync(some.slice(7))], [some, some.slice(7)]],
    ["one that is empty, as bgzip ends", [gzipSync(some), gzipSync(Buffer.alloc(0))], [some]],
    ["one that is empty, and another", [gzipSync(Buffer.alloc(0)), gzipSync(some)], [some]],
    ["zeros behind the last", [gzipSync(some), new Uint8Array(200_000)], [some]],
    ["zeros between", [gzipSync(some), new Uint8Array(512), gzipSync(some)], [some, some]],
    ["stored blocks", [gzipSync(some, { level: 0 }), gzipSync(some, { level: 0 })], [some, some]],
    [
      "every field of a header, and one longer than a read",
      [
        member(some, { extra: 6, name: "a.tar", comment: "of a scanner", checked: true }),
        member(some, { extra: 65_535, name: "n".repeat(70_000) }),
      ],
      [some, some],
    ],
  ])("%s", async (_, parts, contents) => {
    expect(Buffer.compare(await unpacked(...parts), Buffer.concat(contents))).toBe(0);
  });

  test("of every length, wherever reads and pieces end", async () => {
    // Incompressible, so that members end near their own length: 12 MB in all, read 512 KiB at a time.
    const contents = Array.from({ length: 40 }, (_, i) =>
      randomBytes([1, 300, 65_280, 131_060 + i, 524_250 + i, 700_000][i % 6], i),
    );
    const parts = contents.map((bytes) => gzipSync(bytes, { level: 1 }));
    const asked: [number, number][] = [];
    const source = bytesSource("a.gz", Buffer.concat(parts));
    const read = (start: number, end: number) => {
      asked.push([start, end]);
      return source.read(start, end);
    };
    const file = await gunzipped({ ...source, read }, "a");
    expect(Buffer.compare(await file.read(0, file.size), Buffer.concat(contents))).toBe(0);
    // Each byte once.
    expect(asked.slice(1).every(([start], i) => start === asked[i][1])).toBe(true);
    expect(asked.length).toBe(Math.ceil(source.size / 2 ** 19));
  });
});

describe("what is wrong with a member is said, with the offset", () => {
  const first = gzipSync(some);
  const changed = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const refused = (what: RegExp, offset: unknown, ...parts: readonly Uint8Array[]) =>
    expect(unpacked(...parts)).rejects.toMatchObject({
      code: "malformed-archive",
      message: expect.stringMatching(what),
      fields: { file: "a.gz", offset },
    });

  test.each([0, 1])("of member %d: checksum, length, end", async (at) => {
    const before = at === 0 ? [] : [first];
    const start = at * first.length;
    const end = start + first.length;
    await refused(/does not match its checksum/, end - 8, ...before, changed(first, first.length - 8));
    await refused(/does not match its checksum/, end - 8, ...before, changed(first, first.length - 1));
    for (const short of [1, 8, 9, 2000, first.length - 11, first.length - 9])
      await refused(/breaks off/, end - short, ...before, first.subarray(0, first.length - short));
  });

  test("a block of no known type", () =>
    refused(
      /is damaged near byte/,
      expect.any(Number),
      first,
      first.map((byte, i) => (i === 10 ? byte | 6 : byte)),
    ));

  test("something else behind a member", async () => {
    await refused(/something other than gzip at byte/, first.length, first, Buffer.from("junk"));
    await refused(
      /something other than gzip at byte/,
      first.length + 9,
      first,
      new Uint8Array(9),
      Buffer.from("PK"),
    );
    await refused(/has no gzip header/, 0, Buffer.from("PK"));
    const reserved = first.map((byte, i) => (i === 3 ? 0x20 : byte));
    await refused(/has no gzip header/, 0, reserved);
    await refused(/breaks off/, 0, new Uint8Array(0));
  });

  test("a header without end", () =>
    refused(
      /header without end/,
      0,
      Uint8Array.of(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0),
      new Uint8Array(2 ** 20).fill(65),
    ));
});

test("progress goes up to the whole, and an abort between reads is felt", async () => {
  const bytes = gzipSync(randomBytes(2 ** 21, 2));
  const told: number[] = [];
  await gunzipped(bytesSource("a.gz", bytes), "a", { onProgress: ({ done }) => told.push(done) });
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect([told.length, told.at(-1)]).toEqual([Math.ceil(bytes.length / 2 ** 19), bytes.length]);
  const stop = new AbortController();
  const options = { signal: stop.signal, onProgress: () => stop.abort("enough") };
  await expect(gunzipped(bytesSource("a.gz", bytes), "a", options)).rejects.toBe("enough");
});
