import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { masksFromTensor } from "../../src/ops/mask/masks_from_tensor.js";
import { testBothEngines } from "../support/gpu.js";
import { floats, neighbors } from "../support/tensors.js";
import { gridOf } from "../support/volumes.js";

const engine = testBothEngines();
const sizes = [
  [1, 1, 1],
  [2, 3, 4],
  [7, 5, 3],
  [33, 31, 5],
  [64, 9, 12],
] as readonly Vec3[];

describe.each(sizes)("a tensor of %i x %i x %i", (...size) => {
  const [nx, ny, nz] = size;
  const count = nx * ny * nz;
  const grid = gridOf(size);

  test("of one channel is a mask where it is above a bound, and not where it equals it", async () => {
    const data = floats(count, ny, (next) => Math.round(next() * 4) / 4);
    data[0] = Number.NaN;
    const on = await engine();
    const foreign = neighbors(on, data);
    for (const given of foreign ? [data, foreign.data] : [data]) {
      const [mask, ...more] = await masksFromTensor(on, { data: given, dims: [nz, ny, nx], grid });
      expect(more).toEqual([]);
      expect(await mask.read()).toEqual(Uint8Array.from(data, (value) => (value > 0.5 ? 1 : 0)));
      mask.destroy();
    }
    const [all] = await masksFromTensor(on, { data, dims: [1, nz, ny, nx], grid, above: -1 });
    expect(await all.read()).toEqual(Uint8Array.from(data, (value) => (value > -1 ? 1 : 0)));
    all.destroy();
    foreign?.free();
  });

  test.each([2, 5])("of %i channels is a mask of each but the first, by argmax", async (channels) => {
    // Few values: many are alike.
    const data = floats(channels * count, nz, (next) => Math.round(next() * 3) - 1);
    for (let c = 0; c < channels; c++) data[c * count] = Number.NaN;
    data[count - 1] = Number.NEGATIVE_INFINITY;
    const best = Array.from({ length: count }, (_, i) => {
      let [at, most] = [0, Number.NEGATIVE_INFINITY];
      for (let c = 0; c < channels; c++)
        if (data[c * count + i] > most) [at, most] = [c, data[c * count + i]];
      return at;
    });
    const on = await engine();
    const foreign = neighbors(on, data);
    for (const given of foreign ? [data, foreign.data] : [data]) {
      const dims = [1, channels, nz, ny, nx];
      const masks = await masksFromTensor(on, { data: given, dims, grid });
      expect(masks.length).toBe(channels - 1);
      for (const [i, mask] of masks.entries()) {
        expect(await mask.read()).toEqual(Uint8Array.from(best, (one) => (one === i + 1 ? 1 : 0)));
        mask.destroy();
      }
    }
    foreign?.free();
  });
});
