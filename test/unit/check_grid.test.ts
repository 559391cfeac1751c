import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { targetGrid } from "../../src/ops/resample/target_grid.js";

const grid: Grid = {
  size: [5, 4, 3],
  spacingMm: [0.7, 0.7, 2.5],
  originMm: [-20, 30, -300],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** Columns that are `error` longer than 1, or whose product is `error`. */
const longer = (error: number) => [1 + error, 0, 0, 0, 1, 0, 0, 0, 1];
const sheared = (error: number) => [1, error, 0, 0, Math.sqrt(1 - error * error), 0, 0, 0, 1];

describe("a grid to resample onto", () => {
  test.each([
    ["as it is", {}],
    ["left-handed", { direction: [1, 0, 0, 0, 1, 0, 0, 0, -1] }],
    ["with axes permuted", { direction: [0, 0, 1, 1, 0, 0, 0, 1, 0] }],
    ["of cosines rounded to three digits", { direction: [0.955, -0.296, 0, 0.296, 0.955, 0, 0, 0, 1] }],
    ["of an axis just long enough", { direction: longer(0.0019) }],
    ["of axes just not too oblique", { direction: sheared(0.0019) }],
    ["of 65535 columns", { size: [65535, 1, 1] }],
  ] as [string, Partial<Grid>][])("is taken %s", (_, change) => {
    const onto = { ...grid, ...change };
    expect(targetGrid(grid, { onto })).toBe(onto);
  });

  test.each([
    ["of an axis just too long", "direction", longer(0.0021)],
    ["of an axis just too short", "direction", longer(-0.0021)],
    ["of axes just too oblique", "direction", sheared(0.0021)],
    ["of two axes that are one", "direction", [1, 1, 0, 0, 0, 0, 0, 0, 1]],
    ["of no axes", "direction", [0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["of 8 cosines", "direction", [1, 0, 0, 0, 1, 0, 0, 0]],
    ["of 10 cosines", "direction", [1, 0, 0, 0, 1, 0, 0, 0, 1, 0]],
    ["of a cosine that is no number", "direction", [1, 0, 0, 0, 1, 0, 0, 0, Number.NaN]],
    ["without a direction", "direction", undefined],
    ["of a direction by name", "direction", "identity"],
    ["from nowhere", "originMm", [Number.NaN, 0, 0]],
    ["from infinitely far", "originMm", [0, Number.POSITIVE_INFINITY, 0]],
    ["from two numbers", "originMm", [0, 0]],
    ["without an origin", "originMm", undefined],
    ["without extent", "spacingMm", [0.7, 0, 2.5]],
    ["of a negative spacing", "spacingMm", [0.7, -0.7, 2.5]],
    ["of infinite spacing", "spacingMm", [0.7, 0.7, Number.POSITIVE_INFINITY]],
    ["of no spacing", "spacingMm", undefined],
    ["of one spacing", "spacingMm", 1],
    ["of half voxels", "size", [5, 4, 2.5]],
    ["of no voxels", "size", [5, 4, 0]],
    ["of 65536 columns", "size", [65536, 1, 1]],
    ["of a plane", "size", [5, 4]],
    ["without a size", "size", undefined],
  ] as [string, keyof Grid, unknown][])("is refused %s", (_, field, value) => {
    const { [field]: _left, ...rest } = grid;
    const onto = { ...rest, ...(value !== undefined && { [field]: value }) } as Grid;
    expect(refusal(onto)).toMatchObject({ code: "invalid-option", fields: { got: value } });
    expect(String(refusal(onto))).toContain(`onto.${field}`);
  });

  test.each([null, "grid", 3] as unknown[])("is refused where it is %s", (onto) => {
    expect(refusal(onto as Grid)).toMatchObject({ code: "invalid-option" });
  });
});

test.each([
  ["originMm", [0, 0], "onto.originMm is [0, 0]; accepted: three finite millimeters"],
  [
    "direction",
    [1],
    "onto.direction is [1]; accepted: 9 cosines, row-major, whose columns are perpendicular",
  ],
  ["spacingMm", [0, 1, 1], "onto.spacingMm is [0, 1, 1]; accepted: three positive millimeters"],
  ["size", [0, 1, 1], "onto.size is [0, 1, 1]; accepted: three whole numbers from 1 to 65535"],
] as [keyof Grid, unknown, string][])("the refusal of %s says what is accepted", (field, value, message) => {
  expect(String(refusal({ ...grid, [field]: value } as Grid))).toContain(message);
});

test("a grid, and not an object that has none of its fields, is asked for", () => {
  expect(String(refusal(3 as never))).toContain("onto is 3; accepted: a grid, such as volume.grid");
  expect(String(refusal(null as never))).toContain("onto is null; accepted: a grid, such as volume.grid");
});

test("spacing and size are called so where they are options of their own", () => {
  expect(() => targetGrid(grid, { spacingMm: [0, 1, 1] })).toThrow("spacingMm is [0, 1, 1]");
  expect(() => targetGrid(grid, { size: [0, 1, 1] })).toThrow("size is [0, 1, 1]");
});

test.each([
  ["spacings for two axes", { spacingMm: [1, 1] }],
  ["spacings for four axes", { spacingMm: [1, 1, 1, 1] }],
  ["voxels along two axes", { size: [4, 4] }],
] as [string, object][])("%s are refused", (_, target) => {
  expect(() => targetGrid(grid, target as never)).toThrow(
    expect.objectContaining({ code: "invalid-option" }),
  );
});

function refusal(onto: Grid): unknown {
  try {
    return targetGrid(grid, { onto });
  } catch (error) {
    return error;
  }
}
