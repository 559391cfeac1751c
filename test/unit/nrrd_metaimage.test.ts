import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { ImageDescription } from "../../src/formats/image.js";
import { metaImageHeader } from "../../src/formats/metaimage/metaimage_header.js";
import { parseMetaImage } from "../../src/formats/metaimage/parse_metaimage.js";
import { nrrdHeader } from "../../src/formats/nrrd/nrrd_header.js";
import { parseNrrd } from "../../src/formats/nrrd/parse_nrrd.js";
import { expectGrid } from "../support/expect_grid.js";
import { formatGrids } from "../support/format_grids.js";

const grids = Object.entries(formatGrids);
const plain = formatGrids["axis-aligned"];
const values = Int16Array.from({ length: 60 }, (_, i) => i * 37 - 1024);
const packed = new Uint8Array(values.buffer);

function join(head: Uint8Array | string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = typeof head === "string" ? new TextEncoder().encode(head) : head;
  const out = new Uint8Array(header.length + data.length);
  out.set(header);
  out.set(data, header.length);
  return out;
}

async function codeOf(run: Promise<unknown>): Promise<string | undefined> {
  try {
    await run;
  } catch (error) {
    if (isHounsfieldError(error)) return error.code;
    throw error;
  }
  return undefined;
}

const formats = [
  ["NRRD", nrrdHeader, parseNrrd],
  ["MetaImage", metaImageHeader, parseMetaImage],
] as const;

describe.each(formats)("%s", (_, header, parse) => {
  test.each(grids)("a grid that is %s comes back exactly", async (_name, grid) => {
    const found = await parse(join(header({ grid, dtype: "int16" }), packed));
    // Text holds float64 whole; only lengths and units are computed again.
    expectGrid(found.grid, grid, 1e-12);
    expect(found).toMatchObject({ dtype: "int16", slope: 1, intercept: 0, diagnostics: [] });
    expect(found.volumes).toEqual([values]);
  });

  test.each([
    ["uint8", Uint8Array.of(0, 255, 3, 4)],
    ["int8", Int8Array.of(0, -128, 127, 4)],
    ["uint16", Uint16Array.of(0, 65535, 3, 4)],
    ["int16", Int16Array.of(0, -32768, 32767, 4)],
    ["uint32", Uint32Array.of(0, 2 ** 32 - 1, 3, 4)],
    ["int32", Int32Array.of(0, -(2 ** 31), 3, 4)],
    ["float32", Float32Array.of(0, -0.5, Number.NaN, 4)],
    ["float64", Float64Array.of(0, -1 / 3, Number.NaN, 4)],
  ] as const)("voxels of type %s", async (dtype, data) => {
    const description: ImageDescription = { grid: { ...plain, size: [2, 2, 1] }, dtype };
    const found = await parse(join(header(description), new Uint8Array(data.buffer)));
    expect(found.volumes).toEqual([data]);
  });

  test("a slope is refused, since readers would not apply it", async () => {
    const description: ImageDescription = { grid: plain, dtype: "int16", slope: 0.5 };
    expect(() => header(description)).toThrow(expect.objectContaining({ code: "unsupported-image" }));
  });

  test("cut, changed and empty files give an image or a tagged error", async () => {
    const whole = join(header({ grid: formatGrids.oblique, dtype: "int16" }), packed);
    const codes = new Set<string | undefined>();
    for (let length = 0; length < whole.length; length += 7)
      codes.add(await codeOf(parse(whole.slice(0, length))));
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 0x0a, 0x2d, 0x39, 0xff]) {
        const bytes = whole.slice();
        bytes[at] = value;
        codes.add(await codeOf(parse(bytes)));
      }
    }
    expect([...codes].filter(Boolean).sort()).toEqual(["malformed-image", "truncated", "unsupported-image"]);
  });
});

describe("NRRD as others write it", () => {
  const lines = (change: Record<string, string | undefined> = {}) => {
    const fields: Record<string, string | undefined> = {
      type: "short",
      dimension: "3",
      space: "right-anterior-superior",
      sizes: "5 4 3",
      "space directions": "(-0.75,0,0) (0,-1.25,0) (0,0,2.5)",
      endian: "little",
      encoding: "raw",
      "space origin": "(120.5,-33.25,1024.125)",
      ...change,
    };
    const text = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}`],
    );
    return `NRRD0005\n# made by hand\n${text.join("\n")}\nkey:=value\n\n`;
  };

  test("in RAS it lies where it lies in LPS", async () => {
    expectGrid((await parseNrrd(join(lines(), packed))).grid, plain, 0);
  });

  test.each(["gzip", "gz"])("encoding %s, big endian", async (encoding) => {
    const turned = packed.slice();
    for (let at = 0; at < turned.length; at += 2) turned.subarray(at, at + 2).reverse();
    const found = await parseNrrd(join(lines({ encoding, endian: "big" }), gzipSync(turned)));
    expect(found.volumes).toEqual([values]);
  });

  test("carriage returns, skipped lines and skipped bytes", async () => {
    const text = lines({ "line skip": "2", "byte skip": "3" }).replaceAll("\n", "\r\n");
    const found = await parseNrrd(join(join(text, new TextEncoder().encode("a\nb\nxyz")), packed));
    expect(found.volumes).toEqual([values]);
    const last = await parseNrrd(join(join(lines({ "byte skip": "-1" }), new Uint8Array(9)), packed));
    expect(last.volumes).toEqual([values]);
  });

  test("components that vary fastest are taken apart, time points cut", async () => {
    const colors = lines({
      dimension: "4",
      sizes: "2 5 4 3",
      "space directions": "none (-0.75,0,0) (0,-1.25,0) (0,0,2.5)",
    });
    const both = new Int16Array(120);
    for (let i = 0; i < 60; i++) both.set([values[i], -values[i]], 2 * i);
    const negative = values.map((value) => -value);
    expect((await parseNrrd(join(colors, new Uint8Array(both.buffer)))).volumes).toEqual([values, negative]);
    const times = lines({
      dimension: "4",
      sizes: "5 4 3 2",
      kinds: "domain domain domain time",
      "space directions": "(-0.75,0,0) (0,-1.25,0) (0,0,2.5) none",
    });
    const after = join(packed, new Uint8Array(negative.buffer));
    expect((await parseNrrd(join(times, after))).volumes).toEqual([values, negative]);
  });

  test("a detached header takes its voxels beside it", async () => {
    const text = new TextEncoder().encode(lines({ "data file": "ct.raw" }));
    expect(await codeOf(parseNrrd(text))).toBe("malformed-image");
    expect((await parseNrrd(text, { voxels: packed })).volumes).toEqual([values]);
    const several = new TextEncoder().encode(lines({ "data file": "ct_%03d.raw 1 3 1" }));
    expect(await codeOf(parseNrrd(several, { voxels: packed }))).toBe("unsupported-image");
  });

  test("without a space only the spacing is known, and that is said", async () => {
    const text = lines({
      space: undefined,
      "space directions": undefined,
      "space origin": undefined,
      spacings: "0.5 NaN 3",
    });
    const found = await parseNrrd(join(text, packed));
    expect(found.grid.spacingMm).toEqual([0.5, 1, 3]);
    expect(found.diagnostics.map((one) => one.code)).toEqual(["no-orientation"]);
  });

  test.each([
    ["a header that declares far more than its gzip can hold", { encoding: "gzip", sizes: "60000 60000 16" }],
    ["voxels of text", { encoding: "ascii" }],
    ["an encoding bzip2", { encoding: "bzip2" }],
    ["64-bit integers", { type: "long long int" }],
    ["a type of no standard", { type: "fixed" }],
    ["sizes of words", { sizes: "five 4 3" }],
    ["sheared axes", { "space directions": "(1,0,0) (0.1,1,0) (0,0,1)" }],
    ["axes of no length", { "space directions": "(0,0,0) (0,1,0) (0,0,1)" }],
  ])("%s: refused", async (_, change) => {
    expect(await codeOf(parseNrrd(join(lines(change), packed)))).toMatch(/^(malformed|unsupported)-image$/);
  });

  test("segments are named as 3D Slicer names them", () => {
    const segments = [{ name: "right lung", label: 1, color: [0.5, 1, 0] }];
    const text = new TextDecoder().decode(nrrdHeader({ grid: plain, dtype: "uint8", segments }));
    expect(text).toContain("Segment0_Name:=right lung\n");
    expect(text).toContain("Segment0_LabelValue:=1\n");
    expect(text).toContain("Segment0_Extent:=0 4 0 3 0 2\n");
  });
});

describe("MetaImage as others write it", () => {
  const lines = (change: Record<string, string | undefined> = {}) => {
    const fields: Record<string, string | undefined> = {
      ObjectType: "Image",
      NDims: "3",
      BinaryData: "True",
      DimSize: "5 4 3",
      ElementSpacing: "0.75 1.25 2.5",
      Position: "-120.5 33.25 1024.125",
      ElementType: "MET_SHORT",
      ElementDataFile: "LOCAL",
      ...change,
    };
    const text = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} = ${value}`],
    );
    return `${text.join("\n")}\n`;
  };
  const last = { ElementDataFile: undefined };

  test("old names of keys, no matrix", async () => {
    expectGrid((await parseMetaImage(join(lines(), packed))).grid, plain, 0);
  });

  test("compressed, big endian", async () => {
    const turned = packed.slice();
    for (let at = 0; at < turned.length; at += 2) turned.subarray(at, at + 2).reverse();
    const text = lines({
      CompressedData: "True",
      ElementByteOrderMSB: "True",
      ...last,
      "ElementDataFile ": "LOCAL",
    });
    expect((await parseMetaImage(join(text, deflateSync(turned)))).volumes).toEqual([values]);
  });

  test("channels and a fourth axis", async () => {
    const text = lines({
      ElementNumberOfChannels: "2",
      ElementType: "MET_SHORT_ARRAY",
      ...last,
      "ElementDataFile ": "LOCAL",
    });
    const both = new Int16Array(120);
    for (let i = 0; i < 60; i++) both.set([values[i], -values[i]], 2 * i);
    const negative = values.map((value) => -value);
    expect((await parseMetaImage(join(text, new Uint8Array(both.buffer)))).volumes).toEqual([
      values,
      negative,
    ]);
    const times = lines({
      NDims: "4",
      DimSize: "5 4 3 2",
      ElementSpacing: "0.75 1.25 2.5 1",
      Position: "-120.5 33.25 1024.125 0",
    });
    const found = await parseMetaImage(join(times, join(packed, new Uint8Array(negative.buffer))));
    expect(found.volumes).toEqual([values, negative]);
    expectGrid(found.grid, plain, 0);
  });

  test("a left-handed matrix is turned over", async () => {
    const found = await parseMetaImage(
      join(lines({ TransformMatrix: "1 0 0 0 -1 0 0 0 1", ...last, "ElementDataFile ": "LOCAL" }), packed),
    );
    expect(found.grid.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(found.grid.originMm).toEqual([-120.5, 33.25 - 3 * 1.25, 1024.125]);
    expect([...found.volumes[0].subarray(0, 5)]).toEqual([...values.subarray(15, 20)]);
    expect(found.diagnostics.map((one) => one.code)).toEqual(["rows-flipped"]);
  });

  test("a header of its own, with bytes before the voxels", async () => {
    const named = new TextEncoder().encode(lines({ HeaderSize: "4", ...last, "ElementDataFile ": "ct.raw" }));
    expect(await codeOf(parseMetaImage(named))).toBe("malformed-image");
    expect((await parseMetaImage(named, { voxels: join("head", packed) })).volumes).toEqual([values]);
    const end = new TextEncoder().encode(lines({ HeaderSize: "-1", ...last, "ElementDataFile ": "ct.raw" }));
    expect((await parseMetaImage(end, { voxels: join("header", packed) })).volumes).toEqual([values]);
  });

  test.each([
    ["voxels of text", { BinaryData: "False" }, "unsupported-image"],
    ["long integers", { ElementType: "MET_LONG" }, "unsupported-image"],
    ["several files", { ElementDataFile: "LIST" }, "unsupported-image"],
    ["another number of axes", { NDims: "2" }, "malformed-image"],
    ["no sizes", { DimSize: undefined }, "malformed-image"],
    ["a negative header", { HeaderSize: "-5", ...last, "ElementDataFile ": "LOCAL" }, "malformed-image"],
  ])("%s: refused", async (_, change, code) => {
    expect(await codeOf(parseMetaImage(join(lines(change), packed)))).toBe(code);
  });
});
