import { expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { withScratch } from "../../src/ops/scratch.js";
import { histogram } from "../../src/ops/value/histogram.js";
import { gatherHu } from "../../src/recipes/lung_mask/hu_planes.js";
import { recipeEdgesHu } from "../../src/recipes/lung_mask/recipe_edges.js";
import { testBothEngines } from "../support/gpu.js";
import { noise } from "../support/resampling.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

/** A volume's parts of three slices, and how often they went by. */
function goingBy(on: Engine, hu: Int16Array, size: Vec3) {
  const counted = { times: 0 };
  async function* parts() {
    counted.times++;
    const slice = size[0] * size[1];
    for (let z0 = 0; z0 < size[2]; z0 += 3) {
      const z1 = Math.min(size[2], z0 + 3);
      const grid = gridOf([size[0], size[1], z1 - z0]);
      using volume = await uploadVolume(on, grid, hu.subarray(z0 * slice, z1 * slice));
      yield { z0, z1, volume };
    }
  }
  return { counted, parts };
}

test("planes of a volume that went by give its thresholds and slices; what they do not tell is gone for again", async () => {
  const on = await engine();
  const size: Vec3 = [37, 21, 10];
  const hu = noise(size, 7);
  using volume = await uploadVolume(on, gridOf(size), hu);
  const { counted, parts } = goingBy(on, hu, size);
  await withScratch(async (scratch) => {
    const planes = await gatherHu(scratch, on, volume.grid, recipeEdgesHu, {});
    for await (const part of parts()) await planes.add(part);
    const source = planes.source(parts);
    const asked = [
      ...[0, 6, 7, 8, 14].map((i) => ({ belowHu: recipeEdgesHu[i] })),
      { fromHu: -950, belowHu: -500 },
      { fromHu: -400 },
      { fromHu: 0, belowHu: 1 },
      { belowHu: -951 },
    ];
    for (const options of asked) {
      using known = await threshold(volume, options);
      using made = await source.threshold(options);
      expect(await made.read(), JSON.stringify(options)).toEqual(await known.read());
    }
    // One for the planes, two for ends that are no edges.
    expect(counted.times).toBe(3);
    expect(await source.readSlice(5)).toEqual(await volume.read(5, 6));
    expect(counted.times).toBe(3);
    expect(await source.readSlice(8)).toEqual(await volume.read(8, 9));
    using thin = await threshold(volume, { belowHu: -900 });
    using dense = await threshold(volume, { fromHu: 100 });
    const [first, second] = await source.histograms([thin, dense], {});
    expect(first).toEqual(await histogram(volume, { mask: thin }));
    expect(second).toEqual(await histogram(volume, { mask: dense }));
  });
});
