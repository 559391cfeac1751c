import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Repair } from "../../src/dicom/geometry/geometry_faults.js";
import type { Series } from "../../src/dicom/series/list_series.js";
import type { CtFields } from "../support/dicom_file.js";
import { AXIAL, type Point, stackFiles } from "../support/generated_stack.js";
import { readSeries } from "../support/read_series.js";

// Slices beside an even grid that are taken to lie on it: docs/series.md, section 5.

interface Stack {
  readonly positions: readonly Point[];
  readonly orientation?: readonly number[];
  readonly thickness?: string;
  readonly fields?: CtFields;
}

async function madeOf(
  { positions, orientation = AXIAL, thickness = "", fields = {} }: Stack,
  allow: readonly Repair[] = [],
): Promise<{ series?: Series; uneven?: string; allow?: readonly Repair[]; message?: string }> {
  const sources = stackFiles({
    positions,
    orientation,
    fields: () => ({ "0018,0050": thickness, ...fields }),
  });
  try {
    const [series] = await readSeries(sources, { allow });
    return { series, uneven: series.diagnostics.find(({ code }) => code === "slices-uneven")?.message };
  } catch (error) {
    if (!isHounsfieldError(error, "unfaithful-geometry")) throw error;
    return { allow: error.fields.allow, message: error.message };
  }
}

const alongZ = (zs: readonly number[]): Point[] => zs.map((z) => [0, 0, z]);
const rounded = (from: number, step: number, count: number, decimals: number) =>
  Array.from({ length: count }, (_, k) => Number((from + k * step).toFixed(decimals)));

describe("within 5 % of a step", () => {
  test("the grid is from first to last, and it is said by how much slices are off", async () => {
    const { series, uneven } = await madeOf({ positions: alongZ([0, 2.032, 4, 5.98, 8]) });
    expect(series?.grid).toMatchObject({ size: [8, 6, 5], spacingMm: [0.5, 0.75, 2], originMm: [0, 0, 0] });
    expect(series?.resampling).toBeUndefined();
    expect(uneven).toBe(
      "slices lie up to 0.032 mm (1.6 % of a step) off even steps of 2 mm; they are taken as even",
    );
  });

  test("given in descending order, sagittal, and with two slices only", async () => {
    expect((await madeOf({ positions: alongZ([8, 5.95, 4, 2, 0]) })).uneven).toContain("2.5 %");
    const sagittal = [0, 1, 0, 0, 0, -1];
    const along = await madeOf({
      positions: [0, 2.05, 4, 6].map((x): Point => [x, 0, 0]),
      orientation: sagittal,
    });
    expect(along.uneven).toContain("2.5 %");
    expect((await madeOf({ positions: alongZ([0, 2.05]) })).uneven).toBeUndefined();
  });

  test("steps that drift are off by what has gathered", async () => {
    const drifting = (by: number) => alongZ([0, 1, 2, 3, 4, 5, 6].map((k) => 2 * k + by * k * k));
    // From first to last the middle is off most: 9 * by.
    expect((await madeOf({ positions: drifting(0.01) })).uneven).toContain("4.4 %");
    expect((await madeOf({ positions: drifting(0.013) })).allow).toEqual(["irregular"]);
  });

  test("with slices missing between: these alone are to be allowed, and no other is blended", async () => {
    const positions = alongZ([0, 2.04, 4, 8.03, 10]);
    const refused = await madeOf({ positions });
    expect(refused.allow).toEqual(["gaps"]);
    expect(refused.message).toContain("1 slice is missing");
    const { series } = await madeOf({ positions }, ["gaps"]);
    expect(series?.grid).toMatchObject({ size: [8, 6, 6], spacingMm: [0.5, 0.75, 2] });
    expect(series?.resampling?.slices.map(({ measured }) => measured)).toEqual([
      ...[true, true, true, false, true, true],
    ]);
  });

  test("under a tilted gantry: sheared upright, no slice blended with another", async () => {
    const positions = [0, 2, 4.05, 6, 8].map((z): Point => [0, z * 0.3, z]);
    expect((await madeOf({ positions })).allow).toEqual(["tilt"]);
    const { series, uneven } = await madeOf({ positions }, ["tilt"]);
    expect(uneven).toContain("2.5 %");
    expect(series?.resampling?.slices.map(({ weight }) => weight)).toEqual([0, 0, 0, 0, 0]);
  });

  test("two scans between each other are no uneven one", async () => {
    const positions = alongZ([0, 0.7, 2, 2.7, 4, 4.7]);
    expect((await madeOf({ positions })).allow).toEqual(["irregular"]);
  });
});

describe("positions rounded to few decimals", () => {
  test.each([
    ["0.625 mm to one decimal", rounded(100, 0.625, 12, 1), 0.625],
    ["1.25 mm to one decimal", rounded(-20, 1.25, 40, 1), 1.25],
    ["0.625 mm, descending", rounded(100, -0.625, 12, 1), 0.625],
    ["4.8 mm to whole ones would be more than a tenth of a step", rounded(0, 4.8, 12, 0), undefined],
    ["5.3 mm to whole ones", rounded(0, 5.3, 12, 0), 5.3],
    // 0.05 mm are 13 % of the step.
    ["0.37 mm to one decimal", rounded(0, 0.37, 12, 1), undefined],
  ])("%s", async (_, zs, step) => {
    const { series, uneven, allow } = await madeOf({ positions: alongZ(zs) });
    if (step === undefined) return expect(allow).toBeDefined();
    expect(series?.resampling).toBeUndefined();
    expect(Math.abs(series!.grid.spacingMm[2] - step)).toBeLessThan(0.01 * step);
    expect(uneven).toContain("as rounding of their positions makes them");
  });

  test("more than a tenth of a step where Slice Thickness or Spacing Between Slices states that step", async () => {
    const positions = alongZ(rounded(0, 0.37, 12, 1));
    expect((await madeOf({ positions, thickness: "0.37" })).uneven).toContain("as rounding");
    expect((await madeOf({ positions, fields: { "0018,0088": "0.37" } })).uneven).toContain("as rounding");
    expect((await madeOf({ positions, thickness: "0.4" })).series).toBeUndefined();
  });

  test("what rounding does not explain stays refused", async () => {
    const zs = rounded(100, 0.625, 12, 1);
    // Half a unit is the most that rounding moves a slice; from 101.25, this one has moved by one and a half.
    const moved = zs.with(2, 101.4);
    expect((await madeOf({ positions: alongZ(moved) })).allow).toEqual(["irregular"]);
    // The same positions with a third decimal are no rounding.
    const precise = zs.with(11, 106.901);
    expect((await madeOf({ positions: alongZ(precise) })).allow).toEqual(["irregular"]);
  });

  test("with a slice missing", async () => {
    const positions = alongZ(rounded(100, 0.625, 12, 1).toSpliced(6, 1));
    expect((await madeOf({ positions })).allow).toEqual(["gaps"]);
    const { series } = await madeOf({ positions }, ["gaps"]);
    expect(series?.resampling?.slices.map(({ measured }) => measured).indexOf(false)).toBe(6);
    expect(series?.grid.size[2]).toBe(12);
  });

  test("of a stack that leans, in two coordinates", async () => {
    // Its pixels are large enough for what rounding moves slices aside.
    const [c, d] = [Math.cos(0.4), Math.sin(0.4)];
    const fields = { "0028,0030": "1.5\\1.5" };
    const positions = Array.from(
      { length: 10 },
      (_, k): Point => [
        ...([0, Number((-d * 1.3 * k).toFixed(1)), Number((c * 1.3 * k).toFixed(1))] as const),
      ],
    );
    const { series, uneven } = await madeOf({ positions, orientation: [1, 0, 0, 0, c, d], fields });
    expect(Math.abs(series!.grid.spacingMm[2] - 1.3)).toBeLessThan(0.01);
    expect(uneven).toContain("% of a step) off even steps");
  });
});
