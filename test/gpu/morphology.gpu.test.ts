import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { invertMask } from "../../src/ops/mask/combine_masks.js";
import { closing, dilate, erode, opening } from "../../src/ops/mask/morphology.js";
import type { StructuringElement } from "../../src/ops/mask/structuring_element.js";
import { dilateVoxels, elementOffsets, erodeVoxels } from "../reference/morphology.js";
import { testBothEngines } from "../support/gpu.js";
import {
  blobVoxels,
  expectCleanAborts,
  expectSame,
  noiseVoxels,
  oneSliceEngine,
  seenBy,
  taken,
  withMask,
} from "../support/mask_results.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();

const elements: readonly StructuringElement[] = [
  { shape: "ball", radiusMm: 0 },
  { shape: "ball", radiusMm: 1.5 },
  { shape: "ball", radiusMm: 4.2 },
  { shape: "disc", radiusMm: 2.1 },
  { shape: "box", reachVoxels: [0, 0, 0] },
  { shape: "box", reachVoxels: [1, 1, 1] },
  { shape: "box", reachVoxels: [5, 0, 2] },
  { shape: "box", reachVoxels: [1, 4, 6] },
  { shape: "cross", reachVoxels: 1 },
  { shape: "cross", reachVoxels: 3 },
];

const shapes: readonly { size: Vec3; spacingMm: Vec3 }[] = [
  { size: [1, 9, 7], spacingMm: [0.7, 0.7, 2] },
  { size: [31, 11, 1], spacingMm: [0.7, 0.8, 2] },
  { size: [32, 1, 9], spacingMm: [1, 1, 1] },
  { size: [33, 10, 5], spacingMm: [0.7, 0.7, 2] },
  { size: [63, 17, 6], spacingMm: [0.6, 1.4, 0.7] },
  { size: [65, 12, 9], spacingMm: [0.7, 0.7, 1.25] },
];

const name = (value: object) => JSON.stringify(value).replaceAll(/["{}]/g, "");

describe.each(shapes)("$size of $spacingMm mm", ({ size, spacingMm }) => {
  const grid = gridOf(size, spacingMm);
  const sparse = noiseVoxels(size, 0.01, size[0]);
  const dense = sparse.map((voxel) => 1 - voxel);

  test.each(elements.map((element) => [name(element), element] as const))("%s", async (_, element) => {
    const offsets = elementOffsets(element, grid);
    const gpu = await engine();
    await withMask(gpu, grid, sparse, async (mask) => {
      const dilated = dilateVoxels(sparse, size, offsets);
      expectSame(await taken(dilate(mask, element)), dilated);
      expectSame(await taken(closing(mask, element)), erodeVoxels(dilated, size, offsets));
      expectSame(await mask.read(), sparse);
    });
    await withMask(gpu, grid, dense, async (mask) => {
      const eroded = erodeVoxels(dense, size, offsets);
      expectSame(await taken(erode(mask, element)), eroded);
      expectSame(await taken(opening(mask, element)), dilateVoxels(eroded, size, offsets));
    });
  });
});

test.each([
  ["a box wider than words", { shape: "box", reachVoxels: [70, 2, 1] }],
  ["a ball wider than words", { shape: "ball", radiusMm: 40 }],
  ["a ball wider than the volume", { shape: "ball", radiusMm: 4000 }],
] as const)("%s", async (_, element) => {
  const grid = gridOf([200, 3, 2], [0.5, 4, 9]);
  const voxels = new Uint8Array(1200);
  voxels[5] = voxels[500] = voxels[1199] = 1;
  const offsets = elementOffsets(element, grid);
  await withMask(await engine(), grid, voxels, async (mask) => {
    const dilated = dilateVoxels(voxels, grid.size, offsets);
    expectSame(await taken(dilate(mask, element)), dilated);
    expectSame(await taken(closing(mask, element)), erodeVoxels(dilated, grid.size, offsets));
  });
});

test("more rows of one width than a step gathers", async () => {
  const grid = gridOf([5, 24, 24]);
  const voxels = new Uint8Array(5 * 24 * 24);
  voxels[5 * (24 * 3 + 7) + 2] = 1;
  // Every row of a ball far wider than the volume is cut to its 5 columns.
  const element = { shape: "ball", radiusMm: 20 } as const;
  await withMask(await engine(), grid, voxels, async (mask) => {
    const expected = dilateVoxels(voxels, grid.size, elementOffsets(element, grid));
    expectSame(await taken(dilate(mask, element)), expected);
  });
});

test("a ball's rim is where the spacing says, in decimals too", async () => {
  const grid = gridOf([21, 1, 1], [0.1, 1, 1]);
  const voxels = new Uint8Array(21);
  voxels[10] = 1;
  await withMask(await engine(), grid, voxels, async (mask) => {
    const wide = await taken(dilate(mask, { shape: "ball", radiusMm: 0.3 }));
    expect([...wide].map((voxel, x) => (voxel ? x : -1)).filter((x) => x >= 0)).toEqual([
      7, 8, 9, 10, 11, 12, 13,
    ]);
    const narrow = await taken(dilate(mask, { shape: "ball", radiusMm: 0.2999 }));
    expect(narrow.reduce((sum, voxel) => sum + voxel, 0)).toBe(5);
  });
});

describe.each([
  { shape: "ball", radiusMm: 3.3 },
  { shape: "cross", reachVoxels: 2 },
  { shape: "box", reachVoxels: [2, 1, 1] },
] as const)("laws of morphology, $shape", (element) => {
  const grid = gridOf([67, 33, 14], [0.8, 0.8, 1.5]);
  const voxels = blobVoxels(grid, 9, 3).map((voxel, i) => voxel ^ (i % 97 === 0 ? 1 : 0));

  test("eroding is dilating the complement", async () => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      const clear = await invertMask(mask);
      expectSame(
        await clear.read(),
        voxels.map((voxel) => 1 - voxel),
      );
      const dilated = await taken(dilate(clear, element));
      expectSame(
        await taken(erode(mask, element)),
        dilated.map((voxel) => 1 - voxel),
      );
      clear.destroy();
    });
  });

  test("closing adds only, opening removes only, and neither does more a second time", async () => {
    await withMask(await engine(), grid, voxels, async (mask) => {
      for (const [operate, sign] of [
        [closing, 1],
        [opening, -1],
      ] as const) {
        const once = await operate(mask, element);
        const after = await once.read();
        const changes = after.map((voxel, i) => (voxel === voxels[i] ? 0 : 1));
        expect(changes).toContain(1);
        expect(after.every((voxel, i) => (voxel - voxels[i]) * sign >= 0)).toBe(true);
        expectSame(await taken(operate(once, element)), after);
        once.destroy();
      }
    });
  });
});

test("slabs of one slice give the same as the whole", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 21, 9], [0.8, 0.8, 1.5]);
  await withMask(gpu, grid, blobVoxels(grid, 7, 5), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    const element = { shape: "ball", radiusMm: 4.2 } as const;
    for (const operate of [dilate, erode]) {
      expectSame(await taken(operate(sliced, element)), await taken(operate(mask, element)));
    }
  });
});

test("reaches that are none are refused", async () => {
  const gpu = await engine();
  const invalid = { code: "invalid-option" };
  await withMask(gpu, gridOf([4, 3, 2]), new Uint8Array(24), async (one) => {
    await expect(dilate(one, { shape: "ball", radiusMm: -1 })).rejects.toMatchObject(invalid);
    await expect(dilate(one, { shape: "disc", radiusMm: Number.NaN })).rejects.toMatchObject(invalid);
    await expect(erode(one, { shape: "box", reachVoxels: [1, 0.5, 1] })).rejects.toMatchObject(invalid);
    await expect(opening(one, { shape: "cross", reachVoxels: -2 })).rejects.toMatchObject(invalid);
  });
});

test("an abort leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([40, 20, 4]);
  await withMask(gpu, grid, noiseVoxels(grid.size, 0.3, 8), async (mask) => {
    const sliced = seenBy(oneSliceEngine(gpu), mask);
    await expectCleanAborts(gpu, (control) =>
      taken(closing(sliced, { shape: "box", reachVoxels: [2, 1, 1], ...control })),
    );
    await expectCleanAborts(gpu, (control) =>
      taken(opening(sliced, { shape: "ball", radiusMm: 2, ...control })),
    );
  });
});
