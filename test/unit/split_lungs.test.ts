import { afterAll, expect, test } from "vitest";
import { voxelCount } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { splitLungs } from "../../src/recipes/lung_mask/split.js";
import { uploadMask } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = await createCpuEngine();
afterAll(() => engine.destroy());

/** Voxels on each side of two boxes of air: 8 x 10 x 6 at the right, 5 x 5 x 4 at the left without `missing` of its voxels. */
async function sidesOf(missing: number): Promise<[number, number]> {
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
  const { right, left } = await splitLungs(lungs, 15.5, {});
  const count = async (mask: typeof right) => (await mask.read()).reduce((sum, voxel) => sum + voxel, 0);
  const counts: [number, number] = [await count(right), await count(left)];
  for (const mask of [lungs, right, left]) mask.destroy();
  return counts;
}

test("the smaller of two lungs has at least 1 part in 4.8 of the larger; less is no lung of its own", async () => {
  expect(await sidesOf(0)).toEqual([480, 100]);
  expect(await sidesOf(1)).toEqual([579, 0]);
});
