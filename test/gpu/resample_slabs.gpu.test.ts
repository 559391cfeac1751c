import { expect, test } from "vitest";
import { resample } from "../../src/ops/resample/resample.js";
import { resampleSlabs } from "../../src/ops/resample/resample_slabs.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped, noise } from "../support/resampling.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const size = [9, 7, 20] as const;

test.each(["linear", "b-spline"] as const)(
  "slabs by %s, one after the other, are the whole",
  async (kernel) => {
    const all = await engine();
    using volume = await uploadVolume(
      cramped(all, { slabVoxels: 512 }),
      gridOf([...size]),
      noise([...size], 3),
    );
    const options = { spacingMm: 0.6, kernel, antialias: false } as const;
    using whole = await resample(volume, options);
    const values: number[] = [];
    let slabs = 0;
    for await (const slab of resampleSlabs(volume, options)) {
      expect(slab.volume.grid.size[2]).toBe(slab.z1 - slab.z0);
      values.push(...(await slab.volume.read()));
      slabs++;
    }
    expect(slabs).toBeGreaterThan(3);
    expect(Int16Array.from(values)).toEqual(await whole.read());
  },
);

test("ending early and an abort free all", async () => {
  const all = await engine();
  using volume = await uploadVolume(
    cramped(all, { slabVoxels: 512 }),
    gridOf([...size]),
    noise([...size], 3),
  );
  const held = { "test volume": volume.buffer.bytes };
  for await (const _ of resampleSlabs(volume, { spacingMm: 0.6 })) break;
  expect(all.memory.snapshot()).toEqual(held);
  const controller = new AbortController();
  const aborted = async () => {
    for await (const _ of resampleSlabs(volume, { spacingMm: 0.6, signal: controller.signal }))
      controller.abort();
  };
  await expect(aborted()).rejects.toThrow(/abort/i);
  expect(all.memory.snapshot()).toEqual(held);
});
