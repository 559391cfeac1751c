import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { sliceImages } from "../../src/recipes/slice_images.js";
import { createVolume } from "../../src/volume/create_volume.js";
import { publishedSlice } from "../support/published_slice.js";
import { hasPatients, readPatient } from "../support/real_patients.js";

test.skipIf(!hasPatients)(
  "every tenth slice of P001 is as published, to a float's rounding; -700 HU is 0.125 in one and 0.145 in another (needs ../shared/data)",
  async () => {
    const { grid, hu } = readPatient("P001");
    const engine = await createCpuEngine();
    using volume = await createVolume(engine, { grid, data: hu });
    using air = await threshold(volume, { belowHu: -400 });
    const inside = await air.read();
    const pixels = grid.size[0] * grid.size[1];
    const shares: number[] = [];
    for await (const { z, values } of sliceImages(volume, { sizePx: 256, scale: "slice", mask: air })) {
      const slice = [...hu.subarray(z * pixels, (z + 1) * pixels)];
      const low = slice.reduce((least, value) => Math.min(least, value));
      const high = slice.reduce((most, value) => Math.max(most, value));
      shares.push((-700 - low) / (high - low));
      if (z % 10 > 0) continue;
      const expected = publishedSlice(slice, [...inside.subarray(z * pixels, (z + 1) * pixels)], 256);
      expect(
        values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0),
      ).toBeLessThan(1e-7);
    }
    expect(Math.min(...shares)).toBeCloseTo(0.125, 3);
    expect(Math.max(...shares)).toBeCloseTo(0.145, 3);
    engine.destroy();
  },
);
