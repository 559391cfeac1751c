import { expect, test } from "vitest";
import { type NpyType, npyHeader, parseNpy } from "../../src/formats/npy.js";

function join(header: Uint8Array, data: ArrayBufferView): Uint8Array {
  const out = new Uint8Array(header.length + data.byteLength);
  out.set(header);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return out;
}

test("the header is byte for byte what NumPy writes", () => {
  const text = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3, 4), }";
  const header = npyHeader({ dtype: "<i2", shape: [2, 3, 4] });
  expect(header.length).toBe(128);
  expect([...header.slice(0, 10)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  expect(new TextDecoder().decode(header.slice(10))).toBe(`${text.padEnd(117)}\n`);
});

test("one axis is a tuple with a comma, no axis an empty tuple", () => {
  const text = (shape: number[]) => new TextDecoder().decode(npyHeader({ dtype: "|u1", shape }).slice(10));
  expect(text([7])).toContain("'shape': (7,), }");
  expect(text([])).toContain("'shape': (), }");
});

test("every header ends with a newline on a multiple of 64 bytes", () => {
  for (let digits = 1; digits < 15; digits++) {
    const header = npyHeader({ dtype: "<f4", shape: [10 ** digits, 10 ** digits] });
    expect(header.length % 64).toBe(0);
    expect(header[header.length - 1]).toBe(0x0a);
  }
});

test.each([
  ["|u1", Uint8Array.of(1, 255, 3, 4, 5, 6)],
  ["|i1", Int8Array.of(1, -128, 3, 4, 5, 6)],
  ["<u2", Uint16Array.of(1, 65535, 3, 4, 5, 6)],
  ["<i2", Int16Array.of(1, -32768, 3, 4, 5, 6)],
  ["<u4", Uint32Array.of(1, 2 ** 32 - 1, 3, 4, 5, 6)],
  ["<i4", Int32Array.of(1, -(2 ** 31), 3, 4, 5, 6)],
  ["<f4", Float32Array.of(1, -0.5, 3, Number.NaN, 5, Infinity)],
  ["<f8", Float64Array.of(1, -1 / 3, 3, Number.NaN, 5, Infinity)],
] as const)("values of type %s come back", (dtype: NpyType, data) => {
  const bytes = join(npyHeader({ dtype, shape: [3, 2] }), data);
  expect(parseNpy(bytes)).toEqual({ dtype, shape: [3, 2], data });
  // Also where the bytes begin at an odd offset of a larger buffer.
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  expect(parseNpy(shifted.subarray(1)).data).toEqual(data);
});

test("version 2.0 headers are read", () => {
  const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n";
  const bytes = Uint8Array.of(
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    2,
    0,
    text.length,
    0,
    0,
    0,
    ...new TextEncoder().encode(text),
    8,
    9,
  );
  expect(parseNpy(bytes)).toEqual({ dtype: "|u1", shape: [2], data: Uint8Array.of(8, 9) });
});

test("missing values, other files and other layouts are refused", () => {
  const code = (of: string) => expect.objectContaining({ code: of });
  const header = npyHeader({ dtype: "<i2", shape: [4] });
  expect(() => parseNpy(join(header, new Uint8Array(7)))).toThrow(code("truncated"));
  expect(() => parseNpy(new Uint8Array(200))).toThrow(code("decode-failed"));
  expect(() => parseNpy(new Uint8Array(0))).toThrow(code("decode-failed"));
  const other = (from: string, to: string) =>
    Uint8Array.from(Buffer.from(Buffer.from(header).toString("latin1").replace(from, to), "latin1"));
  const refused = [
    ["'<i2'", "'<c8'"],
    ["'<i2'", "'<f2'"],
    ["'<i2'", "[('a', '<i2')]"],
    ["(4,)", "(-4,)"],
    ["(4,)", "(9007199254740993,)"],
    ["False", "Maybe"],
  ];
  for (const [from, to] of refused)
    expect(() => parseNpy(other(from, to)), to).toThrow(code("decode-failed"));
  const version = Uint8Array.from(header);
  version[6] = 4;
  expect(() => parseNpy(version)).toThrow(code("decode-failed"));
  expect(() => npyHeader({ dtype: "<i2", shape: [-1] })).toThrow(code("invalid-option"));
});

/** A file as NumPy writes it; `values` as bytes. */
function npy(descr: string, shape: string, order: "True" | "False", values: ArrayBufferView): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
  const head = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length, 0);
  return join(join(head, new TextEncoder().encode(text)), values);
}

test("big endian, Fortran order, 64-bit integers and booleans are read as what they mean", () => {
  const bigEndian = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2, 255, 255, 255, 255, 255, 255, 255, 254);
  expect(parseNpy(npy(">i8", "(2,)", "False", bigEndian))).toEqual({
    dtype: ">i8",
    shape: [2],
    data: Float64Array.of(258, -2),
  });
  const little = BigInt64Array.of(1n, -5n);
  expect(parseNpy(npy("<i8", "(2,)", "False", little)).data).toEqual(Float64Array.of(1, -5));
  expect(parseNpy(npy("|b1", "(2,)", "False", Uint8Array.of(1, 0))).data).toEqual(Uint8Array.of(1, 0));
  // [[0, 1, 2], [3, 4, 5]] with its first axis fastest.
  const columns = Int32Array.of(0, 3, 1, 4, 2, 5);
  expect(parseNpy(npy("<i4", "(2, 3)", "True", columns))).toEqual({
    dtype: "<i4",
    shape: [2, 3],
    data: Int32Array.of(0, 1, 2, 3, 4, 5),
  });
  const cube = Float64Array.from({ length: 24 }, (_, i) => i);
  const { data } = parseNpy(npy("<f8", "(2, 3, 4)", "True", cube));
  for (const [x, y, z] of [
    [0, 0, 0],
    [1, 2, 3],
    [1, 0, 2],
  ])
    expect(data[(x * 3 + y) * 4 + z]).toBe(x + 2 * y + 6 * z);
});

test("a 64-bit integer that no number holds is refused, not rounded", () => {
  const values = BigInt64Array.of(1n, 2n ** 53n + 1n);
  expect(() => parseNpy(npy("<i8", "(2,)", "False", values))).toThrow(
    expect.objectContaining({
      code: "value-range",
      fields: expect.objectContaining({ got: "9007199254740993" }),
    }),
  );
});
