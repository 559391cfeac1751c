import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { withScratch } from "../../src/ops/scratch.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { gatherHu } from "../../src/recipes/lung_mask/hu_planes.js";
import { recipeEdgesHu } from "../../src/recipes/lung_mask/recipe_edges.js";
import { lungMask, refinedLungMask } from "../../src/recipes/lung_mask.js";
import { CtVolume } from "../../src/volume/ct_volume.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const chest = chestPhantom({ size: [128, 128, 40] });
const [nx, ny, nz] = chest.grid.size;
const hu = new Int16Array(nx * ny * nz);
for (let z = 0; z < nz; z++) hu.set(chest.slice(z), z * nx * ny);

/** A CPU engine, and the most that it held at a time in masks and in what labels them. */
async function watchedEngine() {
  const engine = await createCpuEngine();
  /** Histograms are of fixed size, 2 MB each. */
  const heldBytes = () => engine.memory.bytes - (engine.memory.snapshot().histogram ?? 0);
  const watch = { fromBytes: 0, mostBytes: 0 };
  const watched: typeof engine = Object.create(engine, {
    allocate: {
      value: async (...wanted: Parameters<typeof engine.allocate>) => {
        const buffer = await engine.allocate(...wanted);
        watch.mostBytes = Math.max(watch.mostBytes, heldBytes() - watch.fromBytes);
        return buffer;
      },
    },
  });
  const begin = () => {
    watch.fromBytes = heldBytes();
    watch.mostBytes = 0;
  };
  return { engine, watched, begin, masks: () => watch.mostBytes / ((nx * ny * nz) / 8) };
}

test("a refined lung mask holds ten masks at a time beside the volume, and what labels them", async () => {
  const { engine, watched, begin, masks } = await watchedEngine();
  using volume = await uploadVolume(engine, chest.grid, hu);
  begin();
  using lungs = await lungMask(new CtVolume(watched, volume.grid, volume.buffer));
  expect(lungs.quality.verdict).toBe("lungs");
  expect(masks()).toBeLessThan(11);
  engine.destroy();
});

test("of a chest that goes by it is the same, goes by twice, and holds four masks more and no volume", async () => {
  const { engine, watched, begin, masks } = await watchedEngine();
  let times = 0;
  async function* parts() {
    times++;
    for (let z0 = 0; z0 < nz; z0 += 3) {
      const z1 = Math.min(nz, z0 + 3);
      const part = hu.subarray(z0 * nx * ny, z1 * nx * ny);
      using volume = await uploadVolume(watched, gridOf([nx, ny, z1 - z0]), part);
      yield { z0, z1, volume };
    }
  }
  using volume = await uploadVolume(engine, chest.grid, hu);
  using whole = await lungMask(volume);
  begin();
  await withScratch(async (scratch) => {
    const planes = await gatherHu(scratch, watched, volume.grid, recipeEdgesHu, {});
    for await (const part of parts()) await planes.add(part);
    using lungs = await refinedLungMask(planes.source(parts), volume, {});
    expect(lungs.quality).toEqual(whole.quality);
    expect(lungs.quality.verdict).toBe("lungs");
    expect(await lungs.readLabels()).toEqual(await whole.readLabels());
    expect(lungs.history).toEqual(whole.history);
    expect(engine.memory.snapshot()["HU plane"]).toBeUndefined();
  });
  expect(times).toBe(2);
  expect(masks()).toBeLessThan(15);
  engine.destroy();
});
