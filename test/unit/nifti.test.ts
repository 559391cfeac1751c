import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import { type Grid, positionMm } from "../../src/core/grid.js";
import { affineOfGrid, gridOfAffine } from "../../src/formats/affine.js";
import type { ImageDescription } from "../../src/formats/image.js";
import { niftiHeader } from "../../src/formats/nifti/nifti_header.js";
import { parseNifti } from "../../src/formats/nifti/parse_nifti.js";
import { expectGrid } from "../support/expect_grid.js";
import { formatGrids } from "../support/format_grids.js";

const grids = Object.entries(formatGrids);
const plain = formatGrids["axis-aligned"];
const values = Int16Array.from({ length: 60 }, (_, i) => i * 37 - 1024);

function file(description: ImageDescription, data: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const header = niftiHeader(description);
  const out = new Uint8Array(header.length + data.byteLength);
  out.set(header);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return out;
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (isHounsfieldError(error)) return error.code;
    throw error;
  }
  return undefined;
}

describe("affines", () => {
  const leftHanded: Grid = { ...plain, direction: [1, 0, 0, 0, -1, 0, 0, 0, 1] };
  test.each([...grids, ["left-handed", leftHanded]] as [string, Grid][])(
    "of a grid that is %s",
    (_, grid) => {
      const affine = affineOfGrid(grid);
      expectGrid(gridOfAffine(affine, grid.size), grid, 1e-12);
      expectGrid(gridOfAffine(affine.slice(0, 12), grid.size), grid, 1e-12);
      // The center of voxel (1, 2, 1), in RAS.
      const [x, y, z] = positionMm(grid, [1, 2, 1]);
      const at = (row: number) =>
        affine[row * 4] + 2 * affine[row * 4 + 1] + affine[row * 4 + 2] + affine[row * 4 + 3];
      expect([-at(0), -at(1), at(2)].map((mm, i) => Math.abs(mm - [x, y, z][i]) < 1e-9)).toEqual([
        true,
        true,
        true,
      ]);
    },
  );

  test.each([
    ["singular", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]],
    ["sheared", [1, 0.01, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]],
    ["of 13 numbers", new Array(13).fill(1)],
  ])("%s: refused", (_, affine) =>
    expect(codeOf(() => gridOfAffine(affine, [2, 2, 2]))).toBe("invalid-option"),
  );
});

describe("round trips", () => {
  test.each(grids)("a grid that is %s, by its sform and by its qform alone", (_, grid) => {
    const bytes = file({ grid, dtype: "int16" }, values);
    const found = parseNifti(bytes);
    expectGrid(found.grid, grid, 1e-4);
    expect(found).toMatchObject({ dtype: "int16", slope: 1, intercept: 0, diagnostics: [] });
    expect(found.volumes).toEqual([values]);
    const view = new DataView(bytes.buffer);
    view.setInt16(254, 0, true);
    expectGrid(parseNifti(bytes).grid, grid, 1e-4);
    // Of half a turn no reader may find a real part that is but a rounding error.
    const [b, c, d] = [256, 260, 264].map((at) => view.getFloat32(at, true));
    const real = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
    expect(real === 0 || real > 0.1).toBe(true);
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
  ] as const)("voxels of type %s, in either order of bytes", (dtype, data) => {
    const grid = { ...plain, size: [2, 2, 1] as const };
    const bytes = file({ grid, dtype }, data);
    expect(parseNifti(bytes).volumes).toEqual([data]);
    const found = parseNifti(bigEndian(bytes, data.BYTES_PER_ELEMENT));
    expect(found.volumes).toEqual([data]);
    expectGrid(found.grid, grid, 1e-4);
  });

  test("an axis of more than 32,767 voxels makes it a NIfTI-2, and no axis fewer does", () => {
    for (const [nx, version] of [
      [32767, 348],
      [32768, 540],
    ]) {
      const grid: Grid = { ...formatGrids.oblique, size: [nx, 1, 1] };
      const data = Uint8Array.from({ length: nx }, (_, i) => i % 251);
      const bytes = file({ grid, dtype: "uint8", slope: 0.5, intercept: -3 }, data);
      expect(new DataView(bytes.buffer).getInt32(0, true)).toBe(version);
      const found = parseNifti(bytes);
      expectGrid(found.grid, grid, version === 540 ? 1e-9 : 1e-4);
      expect(found).toMatchObject({ slope: 0.5, intercept: -3, volumes: [data] });
    }
  });

  test("the same description gives the same bytes, and nothing in them is text but the magic", () => {
    const description = { grid: plain, dtype: "int16", window: { low: -1350, high: 150 } } as const;
    const header = niftiHeader(description);
    expect(niftiHeader(description)).toEqual(header);
    // descrip, aux_file, intent_name
    expect([...header.slice(148, 252), ...header.slice(328, 344)].every((byte) => byte === 0)).toBe(true);
    const view = new DataView(header.buffer);
    expect([view.getFloat32(124, true), view.getFloat32(128, true)]).toEqual([150, -1350]);
    expect([view.getInt16(252, true), view.getInt16(254, true), header[123]]).toEqual([1, 1, 2]);
  });
});

describe("what other programs write", () => {
  test("a left-handed file (dcm2niix's flipped rows) becomes right-handed, rows turned over", () => {
    const grid = formatGrids.oblique;
    const bytes = file({ grid, dtype: "int16" }, values);
    // The same voxels, each at the same place, the rows stored from the other end.
    const view = new DataView(bytes.buffer);
    const flipped = values.slice();
    for (let z = 0; z < 3; z++)
      for (let y = 0; y < 4; y++)
        flipped.set(values.subarray((z * 4 + y) * 5, (z * 4 + y + 1) * 5), (z * 4 + 3 - y) * 5);
    bytes.set(new Uint8Array(flipped.buffer), 352);
    for (let row = 0; row < 3; row++) {
      const at = 280 + 16 * row;
      const step = view.getFloat32(at + 4, true);
      view.setFloat32(at + 12, view.getFloat32(at + 12, true) + 3 * step, true);
      view.setFloat32(at + 4, -step, true);
    }
    const found = parseNifti(bytes);
    expectGrid(found.grid, grid, 1e-3);
    expect(found.volumes).toEqual([values]);
    expect(found.diagnostics.map((one) => one.code)).toEqual(["rows-flipped"]);
  });

  test("time points and channels are volumes of their own", () => {
    const grid = { ...plain, size: [2, 1, 1] as const };
    const bytes = file({ grid, dtype: "uint8" }, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    const view = new DataView(bytes.buffer);
    view.setInt16(40, 5, true);
    view.setInt16(48, 2, true);
    view.setInt16(50, 2, true);
    expect(parseNifti(bytes).volumes.map((one) => [...one])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  test.each([
    [1, 1000],
    [2, 1],
    [3, 0.001],
    [0, 1],
    // Seconds along time beside unknown units of space.
    [8, 1],
  ])("units of space %d are %d mm", (units, mm) => {
    const bytes = file({ grid: plain, dtype: "int16" }, values);
    bytes[123] = units;
    const { grid } = parseNifti(bytes);
    expect(grid.spacingMm[0]).toBeCloseTo(0.75 * mm, 6);
    expect(grid.originMm[2]).toBeCloseTo(1024.125 * mm, 3);
  });

  test.each([
    [0, 5, 1, 0],
    [Number.NaN, 5, 1, 0],
    [2, Number.NaN, 2, 0],
    [0.1, -7, Math.fround(0.1), -7],
  ])("slope %d, intercept %d", (slope, intercept, wantedSlope, wantedIntercept) => {
    const bytes = file({ grid: plain, dtype: "int16" }, values);
    new DataView(bytes.buffer).setFloat32(112, slope, true);
    new DataView(bytes.buffer).setFloat32(116, intercept, true);
    expect(parseNifti(bytes)).toMatchObject({ slope: wantedSlope, intercept: wantedIntercept });
  });

  test("a sheared sform yields to the qform with a warning, and alone is refused", () => {
    const bytes = file({ grid: plain, dtype: "int16" }, values);
    const view = new DataView(bytes.buffer);
    view.setFloat32(284, 0.2, true);
    const found = parseNifti(bytes);
    expectGrid(found.grid, plain, 1e-4);
    expect(found.diagnostics.map((one) => one.code)).toEqual(["sform-not-rigid"]);
    view.setInt16(252, 0, true);
    expect(codeOf(() => parseNifti(bytes))).toBe("unsupported-image");
  });

  test("with neither code only the spacing is known, and that is said", () => {
    const bytes = file({ grid: formatGrids.oblique, dtype: "int16" }, values);
    bytes.fill(0, 252, 256);
    const found = parseNifti(bytes);
    expect(found.grid.spacingMm).toEqual([0.75, 1.25, 2.5]);
    expect(found.diagnostics.map((one) => one.code)).toEqual(["no-orientation"]);
  });

  test("a pair needs its .img", () => {
    const bytes = file({ grid: plain, dtype: "int16" }, values);
    bytes.set(new TextEncoder().encode("ni1"), 344);
    new DataView(bytes.buffer).setFloat32(108, 0, true);
    const header = bytes.slice(0, 348);
    expect(codeOf(() => parseNifti(header))).toBe("malformed-image");
    expect(parseNifti(header, { voxels: new Uint8Array(values.buffer) }).volumes).toEqual([values]);
  });
});

describe("broken files", () => {
  const whole = file({ grid: plain, dtype: "int16" }, values);
  const changed = (change: (view: DataView) => void) => {
    const bytes = whole.slice();
    change(new DataView(bytes.buffer));
    return bytes;
  };

  test.each([
    ["nothing", new Uint8Array(0), "malformed-image"],
    ["half a header", whole.slice(0, 200), "malformed-image"],
    ["one voxel short", whole.slice(0, -1), "truncated"],
    ["no magic", changed((view) => view.setUint8(344, 0)), "malformed-image"],
    ["no axes", changed((view) => view.setInt16(40, 0, true)), "malformed-image"],
    ["eight axes", changed((view) => view.setInt16(40, 8, true)), "malformed-image"],
    ["an axis of no voxels", changed((view) => view.setInt16(44, 0, true)), "malformed-image"],
    ["an axis of -1 voxels", changed((view) => view.setInt16(44, -1, true)), "malformed-image"],
    ["colors", changed((view) => view.setInt16(70, 128, true)), "unsupported-image"],
    ["a type of no standard", changed((view) => view.setInt16(70, 77, true)), "malformed-image"],
    ["voxels inside the header", changed((view) => view.setFloat32(108, 12, true)), "malformed-image"],
    ["voxels at no number", changed((view) => view.setFloat32(108, Number.NaN, true)), "malformed-image"],
    ["an axis of no length", changed((view) => zeroColumn(view)), "malformed-image"],
    ["more voxels than there are", changed((view) => view.setInt16(42, 32767, true)), "truncated"],
  ])("%s", (_, bytes, code) => {
    expect(codeOf(() => parseNifti(bytes))).toBe(code);
  });

  test("any byte changed gives an image or a tagged error", () => {
    for (let at = 0; at < 352; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = whole.slice();
        bytes[at] = value;
        const code = codeOf(() => parseNifti(bytes));
        if (code !== undefined) expect(["malformed-image", "unsupported-image", "truncated"]).toContain(code);
      }
    }
  });

  function zeroColumn(view: DataView) {
    for (const at of [280, 296, 312]) view.setFloat32(at, 0, true);
    view.setInt16(252, 0, true);
  }
});

/** A NIfTI-1 with every field turned over. */
function bigEndian(bytes: Uint8Array, voxelBytes: number): Uint8Array {
  const out = bytes.slice();
  const turn = (from: number, to: number, size: number) => {
    for (let at = from; at < to; at += size) out.subarray(at, at + size).reverse();
  };
  turn(0, 4, 4);
  turn(40, 56, 2);
  turn(68, 76, 2);
  turn(76, 120, 4);
  turn(124, 132, 4);
  turn(252, 256, 2);
  turn(256, 328, 4);
  turn(352, out.length, voxelBytes);
  return out;
}
