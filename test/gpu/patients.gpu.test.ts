import { beforeAll, describe, expect, test } from "vitest";
import { resample, resampleToFloat } from "../../src/ops/resample/resample.js";
import { originGrid } from "../../src/ops/resample/target_grid.js";
import { testBothEngines } from "../support/gpu.js";
import {
  expectedOf,
  hasPatients,
  type PatientVolume,
  patients,
  readPatient,
} from "../support/real_patients.js";
import { uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

// Reading, windows, masks and projections of the real patients: test/cli/patients.cli.test.ts.
describe.each(patients)("%s resampled to 1 mm", (patient) => {
  const stored = hasPatients ? expectedOf(patient).isotropic1mm.O_itkLinear : undefined;
  let volume: PatientVolume;
  beforeAll(() => {
    if (hasPatients) volume = readPatient(patient);
  });

  test.skipIf(!hasPatients)("has ITK's grid (needs ../shared/data)", () => {
    const grid = originGrid(volume.grid, [1, 1, 1]);
    expect([...grid.size].reverse()).toEqual(stored?.shape_zyx);
  });

  test.skipIf(!hasPatients)(
    "every sample is within 0.05 HU of ITK's before rounding, and 0.5 after (needs ../shared/data)",
    async () => {
      using uploaded = await uploadVolume(await engine(), volume.grid, volume.hu);
      const samples = stored?.samples_zyx_value ?? [];
      expect(samples.length).toBeGreaterThan(100);
      const { grid, hu } = await resampleToFloat(uploaded, { spacingMm: 1, antialias: false });
      const [nx, ny] = grid.size;
      const difference = (values: ArrayLike<number>) =>
        Math.max(...samples.map(([z, y, x, value]) => Math.abs(values[(z * ny + y) * nx + x] - value)));
      expect(difference(hu)).toBeLessThanOrEqual(0.05);
      using rounded = await resample(uploaded, { spacingMm: 1, antialias: false });
      // Half a unit of rounding, and what f32 arithmetic may move a value that lies on a half.
      expect(difference(await rounded.read())).toBeLessThanOrEqual(0.5005);
    },
  );
});
