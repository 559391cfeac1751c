import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import type { GpuEngine } from "../../src/engine/gpu/gpu_engine.js";
import { findGpu } from "../../src/node/dawn.js";
import { gaussian } from "../../src/ops/filter/gaussian.js";
import { median } from "../../src/ops/filter/median.js";
import { countVoxels } from "../../src/ops/mask/count_voxels.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { projectMaximum } from "../../src/ops/project/project.js";
import { resample } from "../../src/ops/resample/resample.js";
import { statistics } from "../../src/ops/value/statistics.js";
import { toTensor } from "../../src/ops/value/to_tensor.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { createMask } from "../../src/volume/create_mask.js";
import { createVolume } from "../../src/volume/create_volume.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testEngine } from "../support/gpu.js";
import { gridOf, random } from "../support/volumes.js";

// Buffers that a host made on the engine's device, as volumes and masks without a copy.

const engine = testEngine();
const STORAGE = 0x80 | 0x4 | 0x8;

function noise([nx, ny, nz]: Vec3): Int16Array {
  const next = random(nx + ny);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 4096) - 1024);
}

function hostBuffer(device: GPUDevice, words: Uint32Array<ArrayBuffer>, usage = STORAGE): GPUBuffer {
  const buffer = device.createBuffer({ size: words.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, words);
  return buffer;
}

/** The record's layout, and in the padding of odd rows what a host may have left there. */
function recordOf(data: Int16Array, [nx]: Vec3, padding = 32767): Uint32Array<ArrayBuffer> {
  const pitch = nx + (nx % 2);
  const record = new Int16Array((data.length / nx) * pitch).fill(padding);
  for (let row = 0; row < data.length / nx; row++)
    record.set(data.subarray(row * nx, row * nx + nx), row * pitch);
  return new Uint32Array(record.buffer);
}

/** What operations of every kind and a picture make of it. */
async function everything(volume: CtVolume): Promise<unknown[]> {
  const { histogram, ...found } = await statistics(volume);
  const made = [
    await gaussian(volume, { sigmaMm: 1.5 }),
    await median(volume),
    await resample(volume, { spacingMm: 1.5 }),
    await threshold(volume, { fromHu: 500 }),
    await toTensor(volume),
  ];
  const arrays = [];
  for (const one of made) {
    arrays.push(await one.read());
    one.destroy();
  }
  const { values } = await projectMaximum(volume, { plane: "axial" });
  const pixels = await renderToPixels(volume, { projection: "mip" }, { width: 16, height: 16 });
  return [await volume.read(), found, histogram.counts, ...arrays, values, pixels];
}

describe.each([[[8, 6, 5]], [[7, 5, 4]], [[33, 9, 3]], [[1, 1, 1]]] as [Vec3][])("a buffer of %j", (size) => {
  test("is a volume as its copy is, whatever pads its rows", async () => {
    const on = await engine();
    const data = noise(size);
    const buffer = hostBuffer(on.device as GPUDevice, recordOf(data, size));
    const copied = await createVolume(on, { data, grid: gridOf(size) });
    const adopted = await createVolume(on, { buffer, grid: gridOf(size) });
    expect(on.memory.snapshot()).toEqual({ volume: copied.buffer.bytes });
    expect(on.buffers.get(adopted.buffer).parts[0]).toBe(buffer);
    expect(await everything(adopted)).toEqual(await everything(copied));
    copied.destroy();
    adopted.destroy();
    buffer.destroy();
  });
});

test("what is written goes to the host's buffer, and it outlives the volume", async () => {
  const on = await engine();
  const grid = gridOf([3, 2, 2]);
  const buffer = hostBuffer(on.device as GPUDevice, new Uint32Array(8));
  const values = { slope: 0.5, intercept: 1, units: "SUV" };
  const volume = await createVolume(on, { buffer, grid, values });
  expect(volume.values).toEqual(values);
  expect(volume.history).toMatchObject({ operation: "createVolume", options: { units: "SUV" } });
  await volume.write(1, Float32Array.of(1, 1.5, 2, 2.5, 3, 3.5));
  volume.destroy();
  volume.destroy();
  expect(volume.buffer.isDestroyed).toBe(true);
  const again = await createVolume(on, { buffer, grid, units: "PIXELS" });
  expect(again.values).toEqual({ slope: 1, intercept: 0, units: "PIXELS" });
  expect(Array.from(await again.read(1, 2))).toEqual([0, 1, 2, 3, 4, 5]);
  again.destroy();
  buffer.destroy();
});

test("a mask of a buffer", async () => {
  const on = await engine();
  const grid = gridOf([33, 2, 1]);
  const buffer = hostBuffer(on.device as GPUDevice, Uint32Array.of(5, 1, 0x80000000, 0));
  const mask = await createMask(on, { buffer, grid });
  const voxels = await mask.read();
  expect([...voxels.keys()].filter((i) => voxels[i])).toEqual([0, 2, 32, 64]);
  expect(await countVoxels(mask)).toBe(4);
  mask.destroy();
  buffer.destroy();
});

describe("refused, and nothing is left", () => {
  const grid = gridOf([4, 4, 2]);
  const refusal = async (on: GpuEngine, options: object) =>
    createVolume(on, { grid, ...options } as never).then(
      () => undefined,
      ({ code, fields }) => [code, fields.option],
    );

  test("too small by a byte's word, of the wrong usage, or no buffer", async () => {
    const on = await engine();
    const device = on.device as GPUDevice;
    const [enough, small] = [new Uint32Array(16), new Uint32Array(15)].map((words) =>
      hostBuffer(device, words),
    );
    const unusable = device.createBuffer({ size: 64, usage: 0x80 | 0x4 });
    (await createVolume(on, { grid, buffer: enough })).destroy();
    expect(await refusal(on, { buffer: small })).toEqual(["invalid-option", "buffer.size"]);
    expect(await refusal(on, { buffer: unusable })).toEqual(["invalid-option", "buffer.usage"]);
    for (const buffer of [null, 3, {}, { size: 64, usage: STORAGE }])
      expect(await refusal(on, { buffer }), String(buffer)).toEqual(["invalid-option", "buffer"]);
    for (const name of ["slope", "intercept", "notFinite"])
      expect(await refusal(on, { buffer: enough, [name]: 2 })).toEqual(["invalid-option", name]);
    expect(await refusal(on, { buffer: enough, data: new Int16Array(32) })).toEqual([
      "invalid-option",
      "data",
    ]);
    await expect(createMask(on, { grid, buffer: enough, bits: new Uint8Array(4) })).rejects.toMatchObject({
      code: "invalid-option",
    });
    for (const buffer of [enough, small, unusable]) buffer.destroy();
    expect(on.memory.snapshot()).toEqual({});
  });

  test("destroyed, or of another device; the engine goes on", async () => {
    const on = await engine();
    const adapter = await (await findGpu("only")).gpu.requestAdapter({ forceFallbackAdapter: true });
    const other = (await adapter?.requestDevice()) as GPUDevice;
    const foreign = hostBuffer(other, new Uint32Array(16));
    const gone = hostBuffer(on.device as GPUDevice, new Uint32Array(16));
    gone.destroy();
    for (const buffer of [gone, foreign])
      expect(await refusal(on, { buffer })).toEqual(["invalid-option", "buffer"]);
    other.destroy();
    await on.idle();
    (await createVolume(on, { grid })).destroy();
  });

  test("an engine without a GPU", async () => {
    const cpu = await createCpuEngine();
    const buffer = { size: 64, usage: STORAGE };
    await expect(createVolume(cpu, { grid, buffer } as never)).rejects.toMatchObject({ code: "no-gpu" });
    await expect(createMask(cpu, { grid, buffer } as never)).rejects.toMatchObject({ code: "no-gpu" });
    cpu.destroy();
  });
});
