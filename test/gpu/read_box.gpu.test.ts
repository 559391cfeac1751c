import { afterEach, describe, expect, test } from "vitest";
import { testBothEngines } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { randomInteger, seededRandom } from "../support/random.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

// Parts of a record: boxes and slices one by one, of volumes and masks.

describe("volume.read(box) and slices", () => {
  const open = testBothEngines();
  const size = [33, 7, 11] as const;
  const [nx, ny, nz] = size;
  const voxels = Int16Array.from({ length: nx * ny * nz }, (_, i) => ((i * 7919) % 4001) - 1000);
  const bits = Uint8Array.from(voxels, (value) => (value > 300 ? 1 : 0));

  const left: { destroy(): void }[] = [];
  afterEach(() => {
    for (const one of left.splice(0)) one.destroy();
  });

  async function made() {
    const engine = await open();
    const grid = gridOf(size);
    const volume = await uploadVolume(engine, grid, voxels);
    const mask = await uploadMask(engine, grid, bits);
    left.push(volume, mask);
    return { volume, mask };
  }

  test("a box has the voxels that reading all and cutting gives, however it lies", async () => {
    const { volume, mask } = await made();
    const random = seededRandom(5);
    const boxes = Array.from({ length: 30 }, () => {
      const from = size.map((count) => randomInteger(random, 0, count - 1));
      const to = size.map((count, axis) => randomInteger(random, from[axis] + 1, count));
      return { from: from as [number, number, number], to: to as [number, number, number] };
    });
    for (const box of [{ from: [0, 0, 0] as const, to: size }, ...boxes]) {
      const expected: number[] = [];
      for (let z = box.from[2]; z < box.to[2]; z++)
        for (let y = box.from[1]; y < box.to[1]; y++)
          for (let x = box.from[0]; x < box.to[0]; x++) expected.push(x + nx * (y + ny * z));
      expect(await volume.read(box)).toEqual(Int16Array.from(expected, (at) => voxels[at]));
      expect(await mask.read(box)).toEqual(Uint8Array.from(expected, (at) => bits[at]));
    }
  });

  test("slices come one by one, each with its number, and may be left early", async () => {
    const { volume, mask } = await made();
    const seen: number[] = [];
    for await (const { z, values } of volume.slices(2, 9)) {
      expect(values).toEqual(voxels.subarray(z * nx * ny, (z + 1) * nx * ny));
      seen.push(z);
      if (z === 6) break;
    }
    expect(seen).toEqual([2, 3, 4, 5, 6]);
    let count = 0;
    for await (const { z, values } of mask.slices()) {
      expect(values).toEqual(bits.subarray(z * nx * ny, (z + 1) * nx * ny));
      count++;
    }
    expect(count).toBe(nz);
    for await (const _ of volume.slices(4, 4)) expect.unreachable();
  });

  test.each([
    ["empty", { from: [1, 1, 1], to: [1, 2, 2] }],
    ["beyond the grid", { from: [0, 0, 0], to: [33, 7, 12] }],
    ["of parts of voxels", { from: [0.5, 0, 0], to: [2, 2, 2] }],
    ["of two axes", { from: [0, 0], to: [2, 2] }],
    ["none", null],
  ])("a box that is %s is refused", async (_, box) => {
    const { volume, mask } = await made();
    for (const record of [volume, mask])
      await expect(record.read(box as never)).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("slices that are not there are refused, and what is destroyed", async () => {
    const { volume } = await made();
    await expect(volume.slices(0, 12).next()).rejects.toMatchObject({ code: "invalid-option" });
    volume.destroy();
    await expect(volume.read({ from: [0, 0, 0], to: [1, 1, 1] })).rejects.toMatchObject({
      code: "destroyed",
    });
    await expect(volume.slices().next()).rejects.toMatchObject({ code: "destroyed" });
  });
});
