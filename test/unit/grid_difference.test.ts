import { describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { GRID_TOLERANCE_VOXELS, gridDifference } from "../../src/core/grid_difference.js";
import { reorientedGrid } from "../../src/ops/resample/reorient.js";

const grid: Grid = {
  size: [512, 512, 148],
  spacingMm: [0.7, 0.7, 2.5],
  originMm: [-180.5, -170.25, -300],
  direction: turned(0.3),
};

/** About z, by radians. */
function turned(angle: number): number[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c, -s, 0, s, c, 0, 0, 0, 1];
}

/** By a part of the tolerance, at the corner where it is most. */
const changes: [string, (part: number) => Grid, keyof Grid][] = [
  [
    "origin",
    (part) => ({ ...grid, originMm: movedAlong(2, part * GRID_TOLERANCE_VOXELS * 2.5) }),
    "originMm",
  ],
  [
    "spacing",
    (part) => ({ ...grid, spacingMm: [0.7 * (1 + (part * GRID_TOLERANCE_VOXELS) / 511.5), 0.7, 2.5] }),
    "spacingMm",
  ],
  // The far corner is 511.5 voxels away along either axis, and moves along both.
  [
    "direction",
    (part) => ({ ...grid, direction: turned(0.3 + (part * GRID_TOLERANCE_VOXELS) / 511.5) }),
    "direction",
  ],
];

function movedAlong(axis: number, mm: number): Vec3 {
  const [x, y, z] = grid.originMm;
  return [x + (axis === 0 ? mm : 0), y + (axis === 1 ? mm : 0), z + (axis === 2 ? mm : 0)];
}

describe("grids", () => {
  test.each(changes)(
    "are one just within the tolerance of the %s, and two just beyond",
    (_, change, part) => {
      expect(gridDifference(grid, change(0.99))).toBeUndefined();
      const difference = gridDifference(grid, change(1.01));
      expect(Object.keys(difference?.got ?? {})).toEqual([part]);
      expect(difference?.accepted).toEqual({ [part]: grid[part] });
      expect(difference?.got).toEqual({ [part]: change(1.01)[part] });
    },
  );

  test("are two where small differences add up, and each that has its part is named", () => {
    const half = { ...changes[1][1](0.7), originMm: movedAlong(0, 0) };
    expect(gridDifference(grid, half)).toBeUndefined();
    const both = { ...half, originMm: movedOnAxis(0.7 * GRID_TOLERANCE_VOXELS * 0.7) };
    expect(Object.keys(gridDifference(grid, both)?.got ?? {}).sort()).toEqual(["originMm", "spacingMm"]);
  });

  /** Along the grid's own x. */
  function movedOnAxis(mm: number): Vec3 {
    const [x, y, z] = grid.originMm;
    return [x + grid.direction[0] * mm, y + grid.direction[3] * mm, z];
  }

  test("of another size are two, wherever they are", () => {
    expect(gridDifference(grid, { ...grid, size: [512, 512, 147] })).toMatchObject({
      said: "512 x 512 x 147 voxels instead of 512 x 512 x 148",
      got: { size: [512, 512, 147] },
    });
  });

  test("that went through float32, as NIfTI's do, or six decimals, as DICOM's do, are one", () => {
    const decimals = (value: number) => Number(value.toFixed(6));
    for (const round of [Math.fround, decimals]) {
      const rounded: Grid = {
        size: grid.size,
        spacingMm: [round(0.7), round(0.7), round(2.5)],
        originMm: [round(-180.5), round(-170.25), round(-300)],
        direction: grid.direction.map(round),
      };
      expect(gridDifference(grid, rounded)).toBeUndefined();
    }
  });

  test("of one slice differ by its spacing, though its center is where it was", () => {
    const slice: Grid = { ...grid, size: [512, 512, 1] };
    expect(gridDifference(slice, { ...slice, spacingMm: [0.7, 0.7, 2.502] })).toBeUndefined();
    expect(gridDifference(slice, { ...slice, spacingMm: [0.7, 0.7, 3] })?.said).toBe(
      "spacing 0.7, 0.7, 3 mm instead of 0.7, 0.7, 2.5 mm",
    );
  });

  test("that are flipped, moved or not anywhere are said to be so", () => {
    const flipped = gridDifference(
      { ...grid, direction: turned(0) },
      reorientedGrid({ ...grid, direction: turned(0) }, "RAS"),
    );
    expect(Object.keys(flipped?.got ?? {})).toEqual(["originMm", "direction"]);
    expect(flipped?.said).toContain("(axes up to 180 degrees apart)");
    expect(gridDifference(grid, { ...grid, originMm: movedAlong(2, 300) })?.said).toBe(
      "origin -180.5, -170.25, 0 mm instead of -180.5, -170.25, -300 mm (300 mm apart)",
    );
    expect(gridDifference(grid, { ...grid, originMm: [Number.NaN, 0, 0] })).toBeDefined();
    expect(gridDifference({ ...grid, originMm: [Number.NaN, 0, 0] }, grid)).toBeDefined();
  });

  test("that differ in several parts are said to in one sentence, turns in degrees between axes", () => {
    const other: Grid = { ...grid, spacingMm: [0.7, 0.7, 3], direction: turned(0.3 + (2 * Math.PI) / 180) };
    const difference = gridDifference(grid, other);
    expect(Object.keys(difference?.got ?? {})).toEqual(["spacingMm", "direction"]);
    expect(difference?.said).toMatch(
      /^spacing 0.7, 0.7, 3 mm instead of 0.7, 0.7, 2.5 mm, direction .* instead of .* \(axes up to 2 degrees apart\)$/,
    );
  });

  test("where one part alone is beyond the tolerance, another just within is not named", () => {
    const within = changes[1][1](0.9);
    const moved = gridDifference(grid, { ...within, originMm: movedAlong(2, 1) });
    expect(Object.keys(moved?.got ?? {})).toEqual(["originMm"]);
  });

  test("differ by the near corner of their box too, half a voxel before the first center", () => {
    // Longer voxels around the far corner: there nothing moves, at the near one everything does.
    const far = (spacing: number): Grid => ({
      ...grid,
      direction: turned(0),
      spacingMm: [spacing, 0.7, 2.5],
      originMm: [-180.5 - (spacing - 0.7) * 511.5, -170.25, -300],
    });
    const part = (GRID_TOLERANCE_VOXELS * 0.7) / 512;
    expect(gridDifference(far(0.7), far(0.7 + 0.999 * part))).toBeUndefined();
    expect(gridDifference(far(0.7), far(0.7 + 1.0005 * part))).toBeDefined();
  });
});
