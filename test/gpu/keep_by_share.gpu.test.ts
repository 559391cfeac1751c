import { describe, expect, test } from "vitest";
import { keepByShare } from "../../src/ops/mask/keep_by_share.js";
import { keepVoxelsByShare } from "../reference/keep_by_share.js";
import { testBothEngines } from "../support/gpu.js";
import { expectCleanAborts, expectSame, noiseVoxels, taken, withMask } from "../support/mask_results.js";
import { maskCases } from "../support/masks.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
const cases = maskCases().filter(({ grid }, i) => i % 6 === 1 || grid.size[0] > 200);

describe.each(cases)("$name", ({ grid, voxels }) => {
  // 0.25 and 0.5 are exact in binary and in millionths, so that ties are ties in the twin too.
  test.each([0, 0.25, 0.5, 1])("kept below a share of %d", async (shareBelow) => {
    const gpu = await engine();
    const part = noiseVoxels(grid.size, 0.3, 5);
    const whole = noiseVoxels(grid.size, 0.8, 6);
    const expected = keepVoxelsByShare(voxels, grid.size, 6, { part, whole, shareBelow });
    await withMask(gpu, grid, voxels, (mask) =>
      withMask(gpu, grid, part, (parts) =>
        withMask(gpu, grid, whole, async (wholes) => {
          expectSame(await taken(keepByShare(mask, { part: parts, whole: wholes, shareBelow })), expected);
        }),
      ),
    );
  });
});

test("another size, a share that is none, and an abort are refused, and leave nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 9, 8]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.5, 1), async (mask) => {
    const own = { part: mask, whole: mask };
    await expect(keepByShare(mask, { ...own, shareBelow: 1.5 })).rejects.toMatchObject({
      code: "invalid-option",
    });
    await withMask(gpu, gridOf([40, 9, 7]), new Uint8Array(40 * 9 * 7), async (other) => {
      const wrong = keepByShare(mask, { part: other, whole: mask, shareBelow: 0.5 });
      await expect(wrong).rejects.toMatchObject({ code: "wrong-grid" });
    });
    await expectCleanAborts(gpu, (control) =>
      taken(keepByShare(mask, { ...own, shareBelow: 0.5, ...control })),
    );
  });
});
