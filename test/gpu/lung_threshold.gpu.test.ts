import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { countVoxelsPerSlice } from "../../src/ops/mask/count_voxels.js";
import { lungThreshold } from "../../src/recipes/lung_threshold.js";
import { lungThresholdVoxels } from "../reference/lung_threshold.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { expectedBits, expectedOf, hasPatients, patients, readPatient } from "../support/real_patients.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

test("two lungs, a table, bowel gas, vessels: equal to the twin, and the right parts stay", async () => {
  const gpu = await engine();
  const grid = gridOf([97, 65, 24], [3, 2.5, 5]);
  const hu = chest(grid.size);
  const expected = lungThresholdVoxels(hu, grid);
  const volume = await uploadVolume(gpu, grid, hu);
  const lungs = await lungThreshold(volume);
  const voxels = await lungs.read();
  expect(firstDifference(voxels, expected)).toBe(-1);
  const at = (x: number, y: number, z: number) => voxels[(z * 65 + y) * 97 + x];
  expect([at(30, 32, 12), at(66, 32, 12), at(30, 35, 12)]).toEqual([1, 1, 1]);
  expect([at(1, 1, 1), at(48, 32, 12), at(48, 50, 2)]).toEqual([0, 0, 0]);
  lungs.destroy();
  volume.destroy();
});

test("progress goes stage by stage, and an abort in each leaves nothing behind", async () => {
  const gpu = await engine();
  const grid = gridOf([97, 65, 24], [3, 2.5, 5]);
  const volume = await uploadVolume(gpu, grid, chest(grid.size));
  const held = gpu.memory.bytes;
  const stages: string[] = [];
  const whole = await lungThreshold(volume, { onProgress: ({ stage }) => stages.push(stage) });
  whole.destroy();
  expect([...new Set(stages)]).toEqual([
    "threshold",
    "remove border components",
    "keep large components",
    "fill holes",
  ]);
  for (const last of new Set(stages)) {
    const abort = new AbortController();
    const onProgress = ({ stage }: { stage: string }) => stage === last && abort.abort(new Error(last));
    await expect(lungThreshold(volume, { signal: abort.signal, onProgress })).rejects.toThrow(last);
    expect(gpu.memory.bytes).toBe(held);
  }
  volume.destroy();
});

describe.each(patients)("%s", (patient) => {
  test.skipIf(!hasPatients)("has the stored mask, bit for bit (needs ../shared/data)", async () => {
    const gpu = await engine();
    const { hu: stored, lung } = expectedOf(patient);
    const { grid, hu } = readPatient(patient);
    expect(createHash("sha256").update(hu).digest("hex")).toBe(stored.sha256);
    const volume = await uploadVolume(gpu, grid, hu);
    const lungs = await lungThreshold(volume);
    expect([...(await countVoxelsPerSlice(lungs))]).toEqual(lung.basic.voxelsPerSlice);
    const bits = denseBits(await lungs.read());
    expect(firstDifference(bits, expectedBits(lung.basic.mask.file))).toBe(-1);
    expect(createHash("sha256").update(bits).digest("hex")).toBe(lung.basic.mask.sha256_of_raw_bits);
    lungs.destroy();
    volume.destroy();
  });
});

/** One bit a voxel, lowest first. */
function denseBits(voxels: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(voxels.length / 8));
  for (let i = 0; i < voxels.length; i++) bits[i >> 3] |= voxels[i] << (i & 7);
  return bits;
}

/** A noisy chest of ellipsoids in HU: what each step of the recipe must keep or drop is in it. */
function chest([nx, ny, nz]: readonly [number, number, number]): Int16Array {
  const hu = new Int16Array(nx * ny * nz);
  const next = random(11);
  const inside = (x: number, y: number, z: number, center: number[], radius: number[]) =>
    ((x - center[0]) / radius[0]) ** 2 +
      ((y - center[1]) / radius[1]) ** 2 +
      ((z - center[2]) / radius[2]) ** 2 <
    1;
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        const body = inside(x, y, z, [48, 32, 12], [44, 29, 60]) || (y > 58 && y < 61);
        const lung =
          inside(x, y, z, [30, 32, 12], [13, 20, 10]) || inside(x, y, z, [66, 32, 12], [13, 20, 10]);
        const vessel = (x % 9 === 3 && y % 7 === 0) || inside(x, y, z, [30, 35, 12], [2, 2, 2]);
        const bowel = inside(x, y, z, [48, 50, 2], [4, 3, 2]);
        hu[i] =
          (body ? (lung && !vessel ? -820 : bowel ? -900 : 40) : -1000) + Math.round((next() - 0.5) * 300);
      }
    }
  }
  return hu;
}
