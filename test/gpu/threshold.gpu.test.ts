import { expect, test } from "vitest";
import { countVoxels, countVoxelsPerSlice } from "../../src/ops/mask/count_voxels.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { maskWords } from "../../src/volume/bit_mask.js";
import { thresholdVoxels } from "../reference/threshold.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

const sizes = [
  [1, 1, 1],
  [31, 5, 4],
  [32, 5, 4],
  [33, 7, 3],
  [63, 9, 2],
  [65, 33, 5],
  [2047, 2, 3],
] as const;

test.each(sizes)("a threshold of %i x %i x %i equals its twin, padding clear", async (...size) => {
  const gpu = await engine();
  const grid = gridOf(size);
  const next = random(size[0]);
  const hu = Int16Array.from(
    { length: size[0] * size[1] * size[2] },
    () => Math.floor(next() * 65536) - 32768,
  );
  hu.set([-400], 0);
  const volume = await uploadVolume(gpu, grid, hu);
  for (const interval of [
    { belowHu: -400 },
    { fromHu: -400 },
    { fromHu: -1000.5, belowHu: 399.2 },
    { belowHu: 4e9, fromHu: -32767 },
    { fromHu: 3, belowHu: 3 },
  ]) {
    const mask = await threshold(volume, interval);
    const expected = thresholdVoxels(hu, interval);
    expect(firstDifference(await mask.read(), expected)).toBe(-1);
    const perSlice = Array.from({ length: size[2] }, (_, z) =>
      expected
        .subarray(z * size[0] * size[1], (z + 1) * size[0] * size[1])
        .reduce((sum, voxel) => sum + voxel, 0),
    );
    expect([...(await countVoxelsPerSlice(mask))]).toEqual(perSlice);
    // Counting counts padding bits too: equal only if they are clear.
    expect(await countVoxels(mask)).toBe(expected.reduce((sum, voxel) => sum + voxel, 0));
    expect(mask.buffer.bytes).toBe(maskWords(grid) * 4);
    mask.destroy();
  }
  volume.destroy();
});

test("a threshold without a bound, or of NaN, is refused", async () => {
  const volume = await uploadVolume(await engine(), gridOf([3, 2, 1]), new Int16Array(6));
  await expect(threshold(volume, {})).rejects.toMatchObject({ code: "invalid-option" });
  await expect(threshold(volume, { belowHu: Number.NaN })).rejects.toMatchObject({ code: "invalid-option" });
  volume.destroy();
});
