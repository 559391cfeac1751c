import { describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { planStore } from "../../src/volume/plan_store.js";
import { seededRandom } from "../support/random.js";

/** What every WebGPU device takes. */
const least = { maxBufferBytes: 2 ** 28, maxBindingBytes: 2 ** 27, slabVoxels: 2 ** 20 };

function gridOf(size: Vec3): Grid {
  return { size, spacingMm: [1, 1, 1], originMm: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

describe("where a series fits", () => {
  test.each<[string, Vec3, string]>([
    ["512 slices of a device of the least limits are one buffer", [512, 512, 512], "whole"],
    ["one more, an everyday chest, is slabs", [512, 512, 513], "slabs"],
    ["2000 large ones are slabs", [1024, 1024, 2000], "slabs"],
    ["rows of an odd width count as even ones", [511, 512, 513], "slabs"],
    ["a slice that fits no binding is nothing", [8192, 8192, 2], "none"],
    ["one just within it is", [8192, 8191, 2], "whole"],
  ])("%s", (_, size, store) => {
    const plan = planStore(gridOf(size), least);
    expect(plan.store).toBe(store);
    expect(plan.reason).toMatch(/\d+ bytes/);
  });

  test("a budget holds the record and a slab of results", () => {
    const bytes = 512 * 512 * 100 * 2;
    const work = 4 * 2 ** 20;
    const plan = (budgetBytes: number) => planStore(gridOf([512, 512, 100]), { ...least, budgetBytes });
    expect(plan(bytes + work).store).toBe("whole");
    expect(plan(bytes + work - 1)).toEqual({
      store: "none",
      reason: `512 x 512 x 100 voxels are ${bytes} bytes, and ${work} for results; the budget is ${bytes + work - 1}`,
    });
    const beside = (besideBytes: number) =>
      planStore(gridOf([512, 512, 100]), { ...least, budgetBytes: bytes + work + 1000 }, { besideBytes })
        .store;
    expect([beside(1000), beside(1001)]).toEqual(["whole", "none"]);
    // One of fewer voxels than a slab has results of as many.
    expect(planStore(gridOf([8, 8, 8]), { ...least, budgetBytes: 6 * 512 }).store).toBe("whole");
    expect(planStore(gridOf([8, 8, 8]), { ...least, budgetBytes: 6 * 512 - 1 }).store).toBe("none");
  });

  test("masks whose parts hang together are one binding", () => {
    const plan = (z: number) => planStore(gridOf([1024, 1024, z]), least, { components: true });
    expect(plan(1024).store).toBe("slabs");
    expect(plan(1025)).toMatchObject({ store: "none", reason: expect.stringContaining("a mask of") });
  });

  test("more slices, smaller buffers or masks that must be whole never fit better", () => {
    const rank = { whole: 2, slabs: 1, none: 0 };
    const random = seededRandom(5);
    const between = (low: number, high: number) => Math.floor(low * (high / low) ** random());
    for (let i = 0; i < 3000; i++) {
      const size: Vec3 = [between(1, 4096), between(1, 4096), between(1, 8192)];
      const limits = {
        maxBufferBytes: between(2 ** 16, 2 ** 32),
        maxBindingBytes: between(2 ** 16, 2 ** 32),
        slabVoxels: between(2 ** 16, 2 ** 27),
        budgetBytes: random() < 0.5 ? undefined : between(2 ** 20, 2 ** 36),
      };
      const needs = { components: random() < 0.5 };
      const here = rank[planStore(gridOf(size), limits, needs).store];
      const less = { ...limits, maxBufferBytes: Math.ceil(limits.maxBufferBytes / 2) };
      const worse = [
        planStore(gridOf([size[0], size[1], size[2] + 1]), limits, needs),
        planStore(gridOf(size), less, needs),
        planStore(gridOf(size), limits, { components: true }),
      ];
      for (const { store } of worse) expect(rank[store]).toBeLessThanOrEqual(here);
    }
  });
});
