import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { CtVolume } from "../../src/volume/ct_volume.js";
import { uploadVolume } from "../support/volumes.js";

test("a refined lung mask holds ten masks at a time beside the volume, and what labels them", async () => {
  const engine = await createCpuEngine();
  const chest = chestPhantom({ size: [128, 128, 40] });
  const [nx, ny, nz] = chest.grid.size;
  const hu = new Int16Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) hu.set(chest.slice(z), z * nx * ny);
  using volume = await uploadVolume(engine, chest.grid, hu);
  /** Histograms are of fixed size, 2 MB each. */
  const heldBytes = () => engine.memory.bytes - (engine.memory.snapshot().histogram ?? 0);
  const before = heldBytes();
  let most = 0;
  const watched = Object.create(engine, {
    allocate: {
      value: async (...wanted: Parameters<typeof engine.allocate>) => {
        const buffer = await engine.allocate(...wanted);
        most = Math.max(most, heldBytes() - before);
        return buffer;
      },
    },
  });
  using lungs = await lungMask(new CtVolume(watched, volume.grid, volume.buffer));
  expect(lungs.quality.verdict).toBe("lungs");
  expect(most / ((nx * ny * nz) / 8)).toBeLessThan(11);
  engine.destroy();
});
