import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import { crop } from "../../src/ops/resample/crop.js";
import { resampleToFloat } from "../../src/ops/resample/resample.js";
import { targetGrid } from "../../src/ops/resample/target_grid.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testBothEngines } from "../support/gpu.js";
import { expectedOf, hasPatients, readPatient } from "../support/real_patients.js";
import { uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

// Aligned by "origin", linear, whole, of both patients: test/gpu/patients.gpu.test.ts. Here the stored
// samples only, one by one: whole grids take a minute on a software adapter.
describe("P001 at 1 mm", () => {
  const stored = hasPatients ? expectedOf("P001").isotropic1mm : undefined;
  let volume: CtVolume;
  beforeAll(async () => {
    if (!hasPatients) return;
    const { grid, hu } = readPatient("P001");
    volume = await uploadVolume(await engine(), grid, hu);
  });
  afterAll(() => volume?.destroy());

  test.skipIf(!hasPatients).each([
    ["edges", "E_linear"],
    ["corners", "C_linear"],
  ] as const)(
    "plain linear aligned by %s is within 0.05 HU of every sample (needs ../shared/data)",
    async (align, key) => {
      const samples = stored?.[key]?.samples_zyx_value ?? [];
      expect(samples.length).toBe(200);
      const onto = targetGrid(volume.grid, { spacingMm: 1, align });
      expect([...onto.size].reverse()).toEqual(stored?.[key]?.shape_zyx);
      for (const [z, y, x, expected] of samples) {
        const { hu } = await resampleToFloat(volume, { onto: voxelOf(onto, [x, y, z]), antialias: false });
        expect(Math.abs(hu[0] - expected)).toBeLessThanOrEqual(0.05);
      }
    },
  );

  test.skipIf(!hasPatients)(
    "the B-spline aligned by origin is within 0.5 HU of every sample of ITK's (needs ../shared/data)",
    async () => {
      const samples = stored?.O_itkBSpline3?.samples_zyx_value ?? [];
      expect(samples.length).toBe(200);
      const onto = targetGrid(volume.grid, { spacingMm: 1 });
      for (const [z, y, x, expected] of samples) {
        expect(Math.abs((await splineSample(volume, onto, [x, y, z])) - expected)).toBeLessThanOrEqual(0.5);
      }
    },
  );
});

function voxelOf(grid: Grid, index: Vec3): Grid {
  return { ...grid, size: [1, 1, 1], originMm: positionMm(grid, index) };
}

/**
 * One voxel of the spline through a patient, from the voxels around it: a sample 12 voxels away weighs
 * 0.268^12 = 1.4e-7, so what is cut off moves it by less than 0.001 HU.
 */
async function splineSample(volume: CtVolume, onto: Grid, index: Vec3): Promise<number> {
  const { size, spacingMm } = volume.grid;
  const near = index.map((i, axis) => Math.floor((i * onto.spacingMm[axis]) / spacingMm[axis]));
  const bound = (offset: number) => near.map((i, axis) => Math.min(Math.max(i + offset, 0), size[axis]));
  const [from, to] = [bound(-12), bound(14)];
  using around = await crop(volume, { from: [from[0], from[1], from[2]], to: [to[0], to[1], to[2]] });
  const options = { onto: voxelOf(onto, index), kernel: "b-spline", antialias: false } as const;
  return (await resampleToFloat(around, options)).hu[0];
}
