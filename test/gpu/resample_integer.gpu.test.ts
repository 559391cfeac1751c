import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { resample, resampleToFloat } from "../../src/ops/resample/resample.js";
import type { ResampleOptions } from "../../src/ops/resample/resample_options.js";
import { planResampling } from "../../src/ops/resample/resample_plan.js";
import { resampleSlabs } from "../../src/ops/resample/resample_slabs.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { resampleReference } from "../reference/resample.js";
import { resampleIntegerReference, roundFixed } from "../reference/resample_integer.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped, largestDifference, noise, turnedGrid } from "../support/resampling.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

const sizes: Vec3[] = [
  [1, 1, 1],
  [2, 1, 3],
  [31, 5, 4],
  [33, 17, 9],
  [64, 3, 20],
  [1030, 2, 2],
  [3, 1030, 1],
];

/** What 3 (2^-9 + D 2^-22) HU are, and what positions to 2^-30 voxel add. */
function boundHu(differenceHu: number): number {
  return 3 * (2 ** -9 + differenceHu * (2 ** -22 + 2 ** -31));
}

/** The largest range of voxels, and where it is reached from voxel to voxel. */
const contents: [string, number, (size: Vec3) => Int16Array][] = [
  ["HU within +-2048", 4095, (size) => noise(size, 7)],
  ["all of int16", 65535, fullRange],
  [
    "the extremes by turns",
    65535,
    ([nx, ny, nz]) => Int16Array.from({ length: nx * ny * nz }, (_, i) => (i & 1 ? 32767 : -32768)),
  ],
];

function fullRange([nx, ny, nz]: Vec3): Int16Array {
  const next = random(5);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 65536) - 32768);
}

const targets: ResampleOptions[] = [
  { spacingMm: [1, 1, 1] },
  { spacingMm: [0.4, 1.7, 0.9] },
  { spacingMm: [3.1, 0.8, 5] },
  { spacingMm: 0.9, align: "edges" },
  // Fractions that are halves throughout, and values halfway between whole HU.
  { spacingMm: [0.375, 0.4, 1] },
];

describe.each(contents)("%s", (_, differenceHu, voxelsOf) => {
  test.each(sizes)("%i x %i x %i are what the twin says, and within the bound", async (...size) => {
    const voxels = voxelsOf(size);
    const grid = gridOf(size, [0.75, 0.8, 2]);
    using volume = await uploadVolume(await engine(), grid, voxels);
    for (const target of targets) {
      const options = { ...target, antialias: false, exact: "integer" } as const;
      const plan = planResampling(grid, options);
      if (!("axes" in plan)) throw new Error("along the axes");
      const twin = resampleIntegerReference(voxels, size, plan.axes, plan.grid.size);
      const exact = resampleReference(voxels, grid, plan.grid);
      expect(
        largestDifference(
          twin.map(Number),
          exact.map((hu) => hu * 256),
        ),
      ).toBeLessThan(256 * boundHu(differenceHu) + 0.001);
      using made = await resample(volume, options);
      expect(await made.read()).toEqual(Int16Array.from(twin, roundFixed));
    }
  });
});

test("the bound is that of the docs", () => {
  expect(boundHu(4095)).toBeLessThan(0.009);
  expect(boundHu(65535)).toBeLessThan(0.053);
});

test("it is the same slab after slab, in slabs of any depth, and on the other engine", async () => {
  const size: Vec3 = [33, 17, 21];
  const grid = gridOf(size, [0.75, 0.8, 2]);
  const voxels = fullRange(size);
  const options = { spacingMm: [0.9, 0.6, 0.7], antialias: false, exact: "integer" } as const;
  using volume = await uploadVolume(await engine(), grid, voxels);
  const expected = await read(resample(volume, options));
  using cut = await uploadVolume(cramped(await engine(), { slabVoxels: 33 * 17 * 3 }), grid, voxels);
  expect(await read(resample(cut, options))).toEqual(expected);
  const slabs: number[] = [];
  for await (const { volume: slab } of resampleSlabs(cut, options)) slabs.push(...(await slab.read()));
  expect(Int16Array.from(slabs)).toEqual(expected);
  const cpu = await createCpuEngine();
  using other = await uploadVolume(cpu, grid, voxels);
  expect(await read(resample(other, options))).toEqual(expected);
  cpu.destroy();
});

test("what is whole already stays what it is", async () => {
  using volume = await uploadVolume(await engine(), gridOf([5, 4, 3]), noise([5, 4, 3], 1));
  expect(await read(resample(volume, { size: [5, 4, 3], exact: "integer" }))).toEqual(await volume.read());
});

async function read(made: Promise<CtVolume>): Promise<Int16Array> {
  using volume = await made;
  return await volume.read();
}

test.each([
  ["another word", { spacingMm: 0.5, exact: "float" }],
  ["a spline", { spacingMm: 0.5, kernel: "b-spline" }],
  ["antialiasing", { spacingMm: 2 }],
  ["a constant beyond the border", { onto: gridOf([9, 9, 9], [0.7, 1, 1]), border: { constantHu: 0 } }],
  ["permuted axes", { onto: { ...gridOf([4, 4, 4], [0.7, 1, 1]), direction: [0, 1, 0, 1, 0, 0, 0, 0, 1] } }],
  ["a turned grid", { onto: turnedGrid([4, 4, 4], 1) }],
] as [string, object][])("%s is refused", async (_, options) => {
  using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), noise([4, 4, 4], 1));
  const asked = { exact: "integer", ...options } as ResampleOptions;
  await expect(resample(volume, asked)).rejects.toMatchObject({ code: "invalid-option" });
});

test("floats are refused: fixed point has none", async () => {
  using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), noise([4, 4, 4], 1));
  const floats = resampleToFloat(volume, { spacingMm: 0.5, exact: "integer" });
  await expect(floats).rejects.toMatchObject({ code: "invalid-option" });
});
