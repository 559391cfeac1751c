import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { float16Bits, float16Value } from "../../src/ops/value/float_16.js";
import { scaleIntensityRange } from "../../src/ops/value/intensity.js";
import { toTensor } from "../../src/ops/value/to_tensor.js";
import { createVolume } from "../../src/volume/create_volume.js";
import { testBothEngines } from "../support/gpu.js";
import { gridOf, random } from "../support/volumes.js";

const engine = testBothEngines();

function noise([nx, ny, nz]: Vec3): Int16Array {
  const next = random(nx);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 65536) - 32768);
}

describe.each([[[1, 1, 1]], [[2, 3, 4]], [[7, 5, 3]], [[33, 31, 5]], [[64, 64, 9]]] as [Vec3][])(
  "a volume of %j voxels",
  (size) => {
    test("as float32, of any function, bit for bit", async () => {
      const data = noise(size);
      const volume = await createVolume(await engine(), { data, grid: gridOf(size) });
      const value = scaleIntensityRange({ fromHu: -1000, toHu: 400 });
      const tensor = await toTensor(volume, { value });
      expect(tensor.dims).toEqual([1, 1, size[2], size[1], size[0]]);
      expect(await tensor.read()).toEqual(Float32Array.from(data, value));
      tensor.destroy();
      const plain = await toTensor(volume);
      expect(await plain.read()).toEqual(Float32Array.from(data));
      plain.destroy();
      volume.destroy();
    });

    test("as float16, to the nearest", async () => {
      const data = noise(size);
      const volume = await createVolume(await engine(), { data, grid: gridOf(size) });
      const value = (hu: number) => hu / 1000;
      const tensor = await toTensor(volume, { dtype: "float16", value });
      expect(await tensor.read()).toEqual(
        Uint16Array.from(data, (hu) => float16Bits(Math.fround(value(hu)))),
      );
      tensor.destroy();
      volume.destroy();
    });
  },
);

test("more slabs than one, each at a whole word", async () => {
  const on = await engine();
  const size: Vec3 = [15, 13, 11];
  const data = noise(size);
  const small = Object.create(on, { limits: { value: { ...on.limits, slabVoxels: 3 * 15 * 13 } } });
  const volume = await createVolume(small, { data, grid: gridOf(size) });
  const tensor = await toTensor(volume, { dtype: "float16" });
  expect(await tensor.read()).toEqual(Uint16Array.from(data, float16Bits));
  tensor.destroy();
  volume.destroy();
});

test("a scaled record in its units; what has no number is refused, and nothing is left", async () => {
  const on = await engine();
  const data = Float32Array.of(0.25, 0.5, 0.75, 1);
  const volume = await createVolume(on, { data, grid: gridOf([2, 2, 1]), units: "SUV" });
  const tensor = await toTensor(volume, { value: (suv) => 2 * suv });
  const found = await tensor.read();
  for (const [i, value] of data.entries()) expect(found[i]).toBeCloseTo(2 * value, 4);
  tensor.destroy();
  await expect(toTensor(volume, { value: () => Number.NaN })).rejects.toMatchObject({
    code: "invalid-option",
  });
  volume.destroy();
  expect(on.memory.snapshot()).toEqual({});
});

describe("float16", () => {
  test("every number that it has comes back as its own bits", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = float16Value(bits);
      if (Number.isNaN(value)) continue;
      expect(float16Bits(value)).toBe(bits);
    }
    expect(float16Bits(Number.NaN)).toBe(0x7e00);
  });

  test("others go to the nearest, ties to even", () => {
    for (let bits = 0; bits < 0x7bff; bits += 7) {
      const [low, high] = [float16Value(bits), float16Value(bits + 1)];
      const middle = (low + high) / 2;
      expect(float16Bits(middle)).toBe(bits % 2 === 0 ? bits : bits + 1);
      expect(float16Bits(middle - (high - low) / 8)).toBe(bits);
      expect(float16Bits(-(middle + (high - low) / 8))).toBe(0x8000 | (bits + 1));
    }
    expect([65519.99, 65520].map(float16Bits)).toEqual([0x7bff, 0x7c00]);
  });
});
