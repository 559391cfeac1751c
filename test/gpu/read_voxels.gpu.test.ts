import { expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { createCpuEngine } from "../../src/engine/cpu/cpu_engine.js";
import { gpuRangesOf } from "../../src/render/texture/gpu_engine_of.js";
import { readVoxels } from "../../src/render/texture/read_voxels.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testEngine } from "../support/gpu.js";
import { readBuffer } from "../support/read_buffer.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const [nx, ny, nz] = [7, 5, 40];

test("any voxels are read from the record, whole and through bindings too small for it", async () => {
  const next = random(3);
  const voxels = Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 65536) - 32768);
  const volume = await uploadVolume(await engine(), gridOf([nx, ny, nz]), voxels);
  const indices = Array.from({ length: 300 }, (): Vec3 => {
    const [x, y, z] = [nx, ny, nz].map((count) => Math.floor(next() * count));
    return [x, y, z];
  });
  const expected = indices.map(([x, y, z]) => voxels[x + nx * (y + ny * z)]);
  expect([...(await readVoxels(volume, indices))]).toEqual(expected);
  expect([...(await readVoxels(volume, indices.slice(0, 1)))]).toEqual(expected.slice(0, 1));
  expect([...(await readVoxels(volume, []))]).toEqual([]);

  const { limits } = volume.engine;
  const small = Object.create(volume.engine, {
    limits: { value: { ...limits, maxBindingBytes: 8 * ny * 4 * 3 + 256 } },
  });
  const narrow: CtVolume = Object.create(volume, { engine: { value: small } });
  expect([...(await readVoxels(narrow, indices))]).toEqual(expected);
  volume.destroy();
});

test("a shader of one's own finds the voxels in the volume's WebGPU buffer, rows padded to an even width", async () => {
  const voxels = Int16Array.from({ length: 3 * 2 * 2 }, (_, i) => 10 * i - 50);
  const gpu = await engine();
  const volume = await uploadVolume(gpu, gridOf([3, 2, 2]), voxels);
  const [{ buffer, offsetBytes, bytes }, ...more] = gpuRangesOf(volume);
  expect([offsetBytes, bytes, more]).toEqual([0, 32, []]);
  const padded = new Int16Array(await readBuffer(gpu.device, buffer));
  expect([...padded.filter((_, i) => i % 4 < 3)]).toEqual([...voxels]);
  volume.destroy();
  expect(() => gpuRangesOf(volume)).toThrow(expect.objectContaining({ code: "destroyed" }));
  const cpu = await createCpuEngine();
  const elsewhere = await uploadVolume(cpu, gridOf([3, 2, 2]), voxels);
  expect(() => gpuRangesOf(elsewhere)).toThrow(expect.objectContaining({ code: "no-gpu" }));
  cpu.destroy();
});
