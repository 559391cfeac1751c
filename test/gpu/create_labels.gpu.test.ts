import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { createLabels } from "../../src/ops/mask/create_labels.js";
import { labelMask } from "../../src/ops/mask/label_mask.js";
import { labelStatistics } from "../../src/ops/mask/label_statistics.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { statistics } from "../../src/ops/value/statistics.js";
import { createMask } from "../../src/volume/create_mask.js";
import { createVolume } from "../../src/volume/create_volume.js";
import { testBothEngines } from "../support/gpu.js";
import { gridOf, random } from "../support/volumes.js";

const engine = testBothEngines();

/** Noise over all of int16, and labels in runs, of the ends of their range too. */
function noise([nx, ny, nz]: Vec3) {
  const next = random(nx + 7);
  const count = nx * ny * nz;
  const used = [0, 1, 2, 255, 256, 32767, 32768, 65534, 65535];
  let label = 0;
  const labels = Uint16Array.from({ length: count }, () => {
    if (next() < 0.3) label = used[Math.floor(next() * used.length)];
    return label;
  });
  const data = Int16Array.from({ length: count }, () => Math.floor(next() * 65536) - 32768);
  return { labels, data, used };
}

const sizes = [[[1, 1, 1]], [[2, 3, 4]], [[7, 5, 3]], [[33, 31, 5]], [[64, 70, 3]]] as [Vec3][];

describe.each(sizes)("labels of %j voxels", (size) => {
  const grid = gridOf(size);
  const { labels: data, data: hu, used } = noise(size);

  test("are read as they were given, whole and by slices, and are the masks of their labels", async () => {
    const on = await engine();
    const labels = await createLabels(on, { data, grid });
    expect(await labels.read()).toEqual(data);
    expect(await labels.read(size[2] - 1)).toEqual(data.slice(-size[0] * size[1]));
    for (const label of used) {
      const mask = await labelMask(labels, { label });
      expect(await mask.read(), String(label)).toEqual(Uint8Array.from(data, (one) => Number(one === label)));
      mask.destroy();
    }
    labels.destroy();
  });

  test("of masks: the later one stays where two have a voxel", async () => {
    const on = await engine();
    const masks = await Promise.all(
      used.slice(1).map(async (label) => ({ label, mask: await createMask(on, { data, label, grid }) })),
    );
    const whole = await createLabels(on, { masks, grid });
    expect(await whole.read()).toEqual(data);
    const all = { label: 40000, mask: await createMask(on, { data, grid }) };
    const last = await createLabels(on, { masks: [...masks, all], grid });
    expect(await last.read()).toEqual(Uint16Array.from(data, (one) => (one === 0 ? 0 : 40000)));
    const first = await createLabels(on, { masks: [all, ...masks], grid });
    expect(await first.read()).toEqual(data);
    for (const one of [whole, last, first, all.mask, ...masks.map(({ mask }) => mask)]) one.destroy();
  });

  test("statistics of each are those of its mask", async () => {
    const on = await engine();
    const values = { slope: 0.25, intercept: -3, units: "SUV" };
    const scaled = await createVolume(on, { data: Float32Array.from(hu, (v) => v / 4 - 3), grid, values });
    const labels = await createLabels(on, { data, grid });
    const found = await labelStatistics(scaled, { labels });
    const present = used.filter((label) => label > 0 && data.includes(label));
    expect(found.map(({ label }) => label)).toEqual(present);
    for (const { label, volumeMm3, ...measured } of found) {
      const mask = await labelMask(labels, { label });
      const { histogram: _, ...expected } = await statistics(scaled, { mask });
      expect(measured).toEqual(expected);
      const [dx, dy, dz] = grid.spacingMm;
      expect(volumeMm3).toBeCloseTo(measured.voxels * dx * dy * dz, 6);
      mask.destroy();
    }
    scaled.destroy();
    labels.destroy();
  });
});

test("sums beyond 32 bits, over slabs that add up", async () => {
  const on = await engine();
  const size: Vec3 = [301, 40, 12];
  const grid = gridOf(size);
  const small = Object.create(on, { limits: { value: { ...on.limits, slabVoxels: 5 * 301 * 40 } } });
  const data = new Int16Array(301 * 40 * 12).fill(32767);
  data[5] = -32768;
  const volume = await createVolume(small, { data, grid });
  const labels = await createLabels(small, { data: new Uint8Array(data.length).fill(9), grid });
  const [found, ...others] = await labelStatistics(volume, { labels });
  const { histogram: _, ...expected } = await statistics(volume);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ ...expected, label: 9, voxels: data.length });
  volume.destroy();
  labels.destroy();
});

describe("refused, and nothing is left", () => {
  const grid = gridOf([3, 2, 1]);

  test.each([
    ["below 0", Int16Array.of(0, 1, 2, -1, 4, 5), "data[3]"],
    ["a fraction", Float32Array.of(0, 1, 2.5, 3, 4, 5), "data[2]"],
    ["above 65535", Int32Array.of(65535, 65536, 0, 0, 0, 0), "data[1]"],
    ["no number", Float32Array.of(0, 1, 2, 3, 4, Number.NaN), "data[5]"],
    ["too few", new Uint8Array(5), "data.length"],
  ])("%s", async (_, data, option) => {
    await expect(createLabels(await engine(), { data, grid })).rejects.toMatchObject({
      code: "invalid-option",
      fields: { option },
    });
  });

  test("masks of label 0 or of another grid, labels of another grid or destroyed", async () => {
    const on = await engine();
    const volume = await createVolume(on, { data: new Int16Array(6), grid });
    const mask = await threshold(volume, { fromHu: 0 });
    const codeOf = (running: Promise<unknown>) => running.then(String, ({ code }) => code);
    for (const label of [0, 65536, 1.5])
      expect(await codeOf(createLabels(on, { grid, masks: [{ mask, label }] }))).toBe("invalid-option");
    const other = gridOf([2, 2, 1]);
    expect(await codeOf(createLabels(on, { grid: other, masks: [{ mask, label: 1 }] }))).toBe("wrong-grid");
    const labels = await createLabels(on, { grid: other });
    expect(await codeOf(labelStatistics(volume, { labels }))).toBe("wrong-grid");
    expect(await codeOf(labelMask(labels, { label: 65536 }))).toBe("invalid-option");
    labels.destroy();
    labels.destroy();
    expect(await codeOf(labelStatistics(volume, { labels }))).toBe("destroyed");
    expect(await codeOf(labelMask(labels, { label: 1 }))).toBe("destroyed");
    volume.destroy();
    mask.destroy();
    expect(on.memory.snapshot()).toEqual({});
  });
});
