import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { masksFromTensor } from "../../src/ops/mask/masks_from_tensor.js";
import { toTensor } from "../../src/ops/value/to_tensor.js";
import { volumeFromTensor } from "../../src/ops/value/volume_from_tensor.js";
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

/** The nearest step of the record, plainly, with one rounding to float32 after each of two operations. */
function stepOf(value: number, slope: number, intercept: number): number {
  if (Number.isNaN(value)) return -32768;
  const steps = Math.fround(Math.fround(value - Math.fround(intercept)) * Math.fround(1 / slope));
  const held = Math.min(32767, Math.max(-32768, steps));
  return Math.sign(held) * Math.floor(Math.abs(held) + 0.5);
}

const odd = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0.5,
  -0.5,
  1.5,
  32767.6,
  -40000,
  1e30,
];

describe.each(sizes)("a tensor of %i x %i x %i", (...size) => {
  const [nx, ny, nz] = size;
  const count = nx * ny * nz;
  const grid = gridOf(size);

  test.each([
    [1, 0],
    [0.01, 0],
    [2.5, -700],
  ])("is a volume of slope %d and intercept %d, to the nearest step", async (slope, intercept) => {
    const data = floats(count, nx, (next) => (next() - 0.5) * 66_000 * slope + intercept);
    for (let i = 0; i < Math.min(odd.length, count); i++) data[i] = odd[i];
    const values = { slope, intercept, units: "HU" };
    const on = await engine();
    const expected = Int16Array.from(data, (value) => stepOf(value, slope, intercept));
    const foreign = neighbors(on, data);
    for (const given of foreign ? [data, foreign.data] : [data]) {
      using volume = await volumeFromTensor(on, { data: given, dims: [1, 1, nz, ny, nx], grid, values });
      expect(await volume.read()).toEqual(expected);
      expect(volume.values).toEqual(values);
      expect(volume.history.operation).toBe("volumeFromTensor");
    }
    foreign?.free();
  });
});

test("what toTensor makes comes back as it was, in slabs too, and the ledger is as it was", async () => {
  const on = await engine();
  const size: Vec3 = [15, 13, 11];
  const grid = gridOf(size);
  const data = floats(15 * 13 * 11, 1, (next) => Math.floor(next() * 4000) - 1000);
  const slabVoxels = 3 * 15 * 13;
  const small: Engine = Object.create(on, { limits: { value: { ...on.limits, slabVoxels } } });
  const held = on.memory.bytes;
  const stages: number[] = [];
  using volume = await volumeFromTensor(small, {
    data,
    dims: [11, 13, 15],
    grid,
    onProgress: ({ done }) => stages.push(done),
  });
  expect(stages).toEqual([3, 6, 9, 11]);
  const tensor = await toTensor(volume);
  const back = await tensor.read();
  expect(back).toEqual(data);
  if (on.capabilities.processor === "gpu") {
    using again = await volumeFromTensor(on, { data: tensor.gpuBuffer, dims: tensor.dims, grid });
    expect(await again.read()).toEqual(await volume.read());
  }
  tensor.destroy();
  volume.destroy();
  expect(on.memory.bytes).toBe(held);
});

test("what does not fit the grid is refused by what would, before anything is allocated", async () => {
  const on = await engine();
  const grid = gridOf([4, 3, 2]);
  const data = new Float32Array(24);
  const held = on.memory.bytes;
  const refused = async (options: object, message: RegExp) => {
    for (const call of [volumeFromTensor, masksFromTensor])
      await expect(call(on, { data, dims: [2, 3, 4], grid, ...options } as never)).rejects.toThrow(message);
  };
  await refused({ dims: [4, 3, 2] }, /dims is \[4, 3, 2\]; accepted: channels, 2, 3, 4, as the grid is/);
  await refused({ dims: [3, 4] }, /accepted: channels, 2, 3, 4/);
  await refused({ dims: [2, 1, 2, 3, 4] }, /accepted: channels, 2, 3, 4/);
  await refused({ data: new Float32Array(23) }, /data is "23 floats"; accepted: 24 floats, as dims say/);
  await refused({ data: new Float64Array(24) }, /accepted: a Float32Array, or a GPUBuffer/);
  await refused({ grid: undefined }, /grid is undefined/);
  await refused({ dtype: "float16" }, /unknown option "dtype"/);
  await expect(
    volumeFromTensor(on, { data: new Float32Array(48), dims: [2, 2, 3, 4], grid }),
  ).rejects.toThrow(/accepted: one channel/);
  if (on.capabilities.processor === "cpu") {
    const buffer = { mapAsync() {}, size: 96, usage: 4 } as never;
    await expect(volumeFromTensor(on, { data: buffer, dims: [2, 3, 4], grid })).rejects.toMatchObject({
      code: "no-gpu",
    });
  }
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(masksFromTensor(on, { data, dims: [2, 3, 4], grid, signal })).rejects.toThrow("enough");
  expect(on.memory.bytes).toBe(held);
});
