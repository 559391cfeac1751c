import { afterAll, expect, test } from "vitest";
import { voxelCount } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { isWithinPatient, shownSide } from "../../src/recipes/lung_mask/frame.js";
import { type Midline, splitLungs } from "../../src/recipes/lung_mask/split.js";
import { uploadMask } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = await createCpuEngine();
afterAll(() => engine.destroy());

/** A whole chest without a trachea. */
const midline: Midline = {
  bodyX: 15.5,
  tracheaX: undefined,
  openSides: async () => ({ right: 0.8, left: 0.8 }),
};

/**
 * Voxels on each side of two boxes of air: 8 x 10 x 6 at the right, 5 x 5 x 4 at the left without `missing`
 * of its voxels.
 */
async function sidesOf(missing: number, change: Partial<Midline> = {}): Promise<[number, number]> {
  const grid = gridOf([32, 16, 10]);
  const voxels = new Uint8Array(voxelCount(grid));
  const fill = (x0: number, sx: number, sy: number, sz: number) => {
    for (let z = 2; z < 2 + sz; z++)
      for (let y = 3; y < 3 + sy; y++) voxels.fill(1, (z * 16 + y) * 32 + x0, (z * 16 + y) * 32 + x0 + sx);
  };
  fill(2, 8, 10, 6);
  fill(20, 5, 5, 4);
  for (let i = 0; i < missing; i++) voxels[(2 * 16 + 3) * 32 + 20 + i] = 0;
  const lungs = await uploadMask(engine, grid, voxels);
  const { right, left } = await splitLungs(lungs, { ...midline, ...change }, {});
  const count = async (mask: typeof right) => (await mask.read()).reduce((sum, voxel) => sum + voxel, 0);
  const counts: [number, number] = [await count(right), await count(left)];
  for (const mask of [lungs, right, left]) mask.destroy();
  return counts;
}

test("the smaller of two lungs has at least 1 part in 4.8 of the larger; less is no lung of its own", async () => {
  expect(await sidesOf(0)).toEqual([480, 100]);
  expect(await sidesOf(1)).toEqual([579, 0]);
});

test("a part that lies beyond the trachea is of the other lung, however small", async () => {
  expect(await sidesOf(1, { tracheaX: 15 })).toEqual([480, 99]);
  expect(await sidesOf(1, { tracheaX: 20.5 })).toEqual([579, 0]);
});

test("a lone lung's side: a half picture says it surely, then the trachea, then a picture cut unevenly, then the middle", async () => {
  const open = (right: number, left: number) => ({ openSides: async () => ({ right, left }) });
  // The larger part lies at the right of all these lines but the last.
  expect(await sidesOf(1, open(0.35, 0.8))).toEqual([0, 579]);
  expect(await sidesOf(1, { tracheaX: 1, ...open(0.6, 0.8) })).toEqual([0, 579]);
  expect(await sidesOf(1, { tracheaX: 30, ...open(0.6, 0.8) })).toEqual([579, 0]);
  expect(await sidesOf(1, open(0.6, 0.8))).toEqual([0, 579]);
  expect(await sidesOf(1, open(0.75, 0.8))).toEqual([579, 0]);
  expect(await sidesOf(1, { bodyX: 3 })).toEqual([0, 579]);
});

test("which half a picture shows, and whether it lies within the patient", () => {
  expect(shownSide({ right: 0.75, left: 0.49 }, "sure")).toBe("right");
  expect(shownSide({ right: 0.75, left: 0.51 }, "sure")).toBeUndefined();
  expect(shownSide({ right: 0.35, left: 0.46 }, "probable")).toBe("left");
  expect(shownSide({ right: 0.35, left: 0.44 }, "probable")).toBeUndefined();
  expect(isWithinPatient({ right: 0.24, left: 0.24 })).toBe(true);
  expect(isWithinPatient({ right: 0.26, left: 0.1 })).toBe(false);
});
