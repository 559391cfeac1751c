import { describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { Engine } from "../../src/engine/engine.js";
import { gaussian } from "../../src/ops/filter/gaussian.js";
import { gradientMagnitude, gradientMagnitudeSlabs } from "../../src/ops/filter/gradient_magnitude.js";
import { resample, resampleToFloat } from "../../src/ops/resample/resample.js";
import type { ResampleOptions } from "../../src/ops/resample/resample_options.js";
import { withScratch } from "../../src/ops/scratch.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testEngine } from "../support/gpu.js";
import { noise, patientGrid, turnedGrid } from "../support/resampling.js";
import { random, uploadVolume } from "../support/volumes.js";

/**
 * The CPU engine beside SwiftShader, which fuses no multiplication with an addition: the same bits, floats
 * too.
 */
const engine = testEngine();

/** Widths around whole vectors of four and eight, and axes of few voxels. */
const sizes: Vec3[] = [
  [13, 10, 7],
  [64, 9, 5],
  [67, 33, 3],
  [1, 21, 30],
  [3, 2, 1],
  [30, 1, 9],
];

const targets: [string, ResampleOptions][] = [
  ["smaller voxels", { spacingMm: [0.53, 0.61, 1.1] }],
  ["larger voxels", { spacingMm: [1.9, 1.3, 4.1], align: "edges" }],
  ["much larger voxels", { spacingMm: [5.3, 4.7, 11], align: "edges" }],
  ["larger voxels, not antialiased", { spacingMm: [1.9, 1.3, 4.1], antialias: false }],
  ["a box beyond the border", { onto: beyond([19, 14, 9]), border: { constantHu: -1024 } }],
  [
    "a permuted box, its border going on",
    { onto: { ...beyond([9, 19, 14]), direction: [0, 1, 0, 0, 0, 1, 1, 0, 0] } },
  ],
];

function beyond(size: Vec3): Grid {
  return { ...patientGrid, size, spacingMm: [0.8, 0.83, 1.9], originMm: [-122.1, 31.7, -403] };
}

describe.each(["linear", "catmull-rom", "b-spline", "lanczos3"] as const)("%s", (kernel) => {
  test.each(targets)("to %s is the same on both engines", async (_, target) => {
    for (const size of sizes) await expectAgreement(size, { ...target, kernel });
  });
});

describe.each(["linear", "catmull-rom", "b-spline"] as const)("%s to a turned grid", (kernel) => {
  test.each([
    ["fine", 0.9, true],
    ["coarse, antialiased", 2.4, true],
    ["coarse", 2.4, false],
  ] as const)("%s is the same on both engines", async (_, spacingMm, antialias) => {
    for (const size of sizes)
      await expectAgreement(size, { onto: turnedGrid([11, 9, 8], spacingMm), kernel, antialias });
  });
});

describe.each(sizes)("a volume of %i x %i x %i", (...size) => {
  const grid = { ...patientGrid, size };
  test.each([
    ["smoothed", (volume) => valuesOf(gaussian(volume, { sigmaMm: 1.3 }))],
    ["smoothed along y", (volume) => valuesOf(gaussian(volume, { sigmaMm: [0, 2.1, 0] }))],
    ["its gradient", (volume) => valuesOf(gradientMagnitude(volume))],
    ["its gradient, unrounded", (volume) => floatsOf(gradientMagnitudeSlabs(volume))],
  ] as [string, (volume: CtVolume) => Promise<ArrayLike<number>>][])(
    "%s is the same on both engines",
    async (_, use) => {
      const cpu = await createCpuEngine();
      for (const voxels of [noise(size, size[0]), fullRange(size)]) {
        using one = await uploadVolume(await engine(), grid, voxels);
        using other = await uploadVolume(cpu, grid, voxels);
        expect(await use(other)).toEqual(await use(one));
      }
      cpu.destroy();
    },
  );
});

async function valuesOf(made: Promise<CtVolume>): Promise<Int16Array> {
  using volume = await made;
  return await volume.read();
}

async function floatsOf(slabs: AsyncIterable<{ readonly values: Float32Array }>): Promise<number[]> {
  const all: number[] = [];
  for await (const { values } of slabs) all.push(...values);
  return all;
}

async function expectAgreement(size: Vec3, options: ResampleOptions): Promise<void> {
  const grid = { ...patientGrid, size };
  for (const voxels of [noise(size, size[0]), fullRange(size)]) {
    const [gpu, cpu] = [await engine(), await createCpuEngine()];
    const one = await resampled(gpu, grid, voxels, options);
    const other = await resampled(cpu, grid, voxels, options);
    cpu.destroy();
    // As integers, so that the sign of zero counts.
    expect(new Int32Array(other.floats.buffer)).toEqual(new Int32Array(one.floats.buffer));
    expect(other.hu).toEqual(one.hu);
  }
}

function resampled(on: Engine, grid: Grid, voxels: Int16Array, options: ResampleOptions) {
  return withScratch(async (scratch) => {
    const volume = scratch.own(await uploadVolume(on, grid, voxels));
    const { hu: floats } = await resampleToFloat(volume, options);
    return { floats, hu: await scratch.own(await resample(volume, options)).read() };
  });
}

function fullRange([nx, ny, nz]: Vec3): Int16Array {
  const next = random(5);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 65536) - 32768);
}
