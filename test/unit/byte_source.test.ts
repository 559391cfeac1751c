import { describe, expect, test } from "vitest";
import {
  type ByteSource,
  bytesSource,
  checkSources,
  ownsItsBuffer,
  readExactly,
  takeExactly,
} from "../../src/core/byte_source.js";
import { HounsfieldError } from "../../src/core/errors.js";

const ten = Uint8Array.from({ length: 10 }, (_, i) => i);

/** A source whose reads give what `read` says. */
const source = (read: () => unknown, take?: () => unknown): ByteSource => ({
  name: "a.dcm",
  size: 10,
  read: async () => read() as Uint8Array,
  ...(take && { take: async () => take() as Uint8Array }),
});

describe("bytes in memory as a source", () => {
  test("are read by half-open ranges, as copies, fewer at the end", async () => {
    const bytes = ten.slice();
    const memory = bytesSource("a.dcm", bytes);
    expect(memory).toMatchObject({ name: "a.dcm", size: 10 });
    const read = await memory.read(2, 5);
    expect([...read]).toEqual([2, 3, 4]);
    read[0] = 99;
    expect(bytes[2]).toBe(2);
    expect([...(await memory.read(8, 20))]).toEqual([8, 9]);
  });

  test("of a Buffer are copies too, over a buffer of their own", async () => {
    const read = await bytesSource("a.dcm", Buffer.from(ten)).read(1, 3);
    expect([...read]).toEqual([1, 2]);
    expect(ownsItsBuffer(read)).toBe(true);
  });

  test("need a name and a Uint8Array", () => {
    expect(() => bytesSource(5 as never, ten)).toThrow("bytesSource: name is 5; accepted: a string");
    expect(() => bytesSource("a", [1] as never)).toThrow("bytesSource: bytes is [1]; accepted: a Uint8Array");
  });
});

describe("what is a source", () => {
  test("anything with a name, a size and read()", () => {
    expect(() => checkSources("f", [bytesSource("a", ten)])).not.toThrow();
    expect(() => checkSources("f", [])).not.toThrow();
  });

  test.each([
    ["a path", ["a.dcm"]],
    ["null", [null]],
    ["no name", [{ size: 1, read() {} }]],
    ["no size", [{ name: "a", read() {} }]],
    ["no read", [{ name: "a", size: 1 }]],
    ["one that is in no list", bytesSource("a", ten)],
  ])("%s is refused, with what it lacks", (_, sources) => {
    expect(() => checkSources("listSeries", sources as never)).toThrow(
      /^listSeries: sources is .*; accepted: a list of ByteSources: \{ name, size, read \}$/,
    );
  });
});

describe("exactly the bytes asked for", () => {
  test("are given as they were read where they own their buffer, else copied", async () => {
    const own = ten.slice(0, 4);
    expect(
      await readExactly(
        source(() => own),
        0,
        4,
      ),
    ).toBe(own);
    const view = ten.subarray(0, 4);
    const copied = await readExactly(
      source(() => view),
      0,
      4,
    );
    expect(copied).not.toBe(view);
    expect([...copied]).toEqual([0, 1, 2, 3]);
    expect(ownsItsBuffer(copied)).toBe(true);
  });

  test("taken are handed over as they are, over whatever buffer; by read() where there is no take()", async () => {
    const view = ten.subarray(0, 4);
    const taken = await takeExactly(
      source(
        () => ten,
        () => view,
      ),
      0,
      4,
    );
    expect(taken).toBe(view);
    expect(
      ownsItsBuffer(
        await takeExactly(
          source(() => view),
          0,
          4,
        ),
      ),
    ).toBe(true);
  });

  test.each([
    ["readExactly", readExactly],
    ["takeExactly", takeExactly],
  ])("%s: an end too early is `truncated`, with where and how many", async (_, read) => {
    const short = source(
      () => ten.slice(0, 3),
      () => ten.slice(0, 3),
    );
    const error = await read(short, 6, 10).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(HounsfieldError);
    expect(error).toMatchObject({
      code: "truncated",
      message: "a.dcm: ends at byte 9, before byte 10",
      fields: { file: "a.dcm", offset: 9, got: 3, accepted: 4 },
    });
  });

  test("a read that fails is `io` with its cause; an error of the library passes", async () => {
    const cause = new Error("EIO");
    const fails = source(() => {
      throw cause;
    });
    const error = await readExactly(fails, 7, 9).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: "io",
      message: "a.dcm: cannot be read",
      fields: { file: "a.dcm", offset: 7 },
      cause,
    });
    const own = new HounsfieldError("out-of-memory", "no");
    const throwsOwn = source(() => {
      throw own;
    });
    await expect(readExactly(throwsOwn, 0, 1)).rejects.toBe(own);
  });

  test("what is no Uint8Array is refused", async () => {
    await expect(
      readExactly(
        source(() => "abc"),
        0,
        3,
      ),
    ).rejects.toThrow('a.dcm: what read() resolves to is "abc"; accepted: a Uint8Array');
  });
});

describe("whether bytes own their buffer", () => {
  test("all of an ArrayBuffer, from its start to its end", () => {
    expect(ownsItsBuffer(new Uint8Array(4))).toBe(true);
    expect(ownsItsBuffer(new Uint8Array(new ArrayBuffer(4), 1))).toBe(false);
    expect(ownsItsBuffer(new Uint8Array(new ArrayBuffer(4), 0, 3))).toBe(false);
    expect(ownsItsBuffer(new Uint8Array(new SharedArrayBuffer(4)))).toBe(false);
  });
});
