import { describe, expect, test } from "vitest";
import { clip } from "../../src/ops/value/clip.js";
import { mapSlabs, mapVolume } from "../../src/ops/value/map_volume.js";
import { byteTable, floatTable, huTable } from "../../src/ops/value/value_table.js";
import { voiFunction } from "../../src/ops/value/voi_function.js";
import { windowByteSlabs } from "../../src/ops/value/window_slabs.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { voiLinear, voiLinearExact, voiSigmoid } from "../reference/voi_function.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { anyHu, collect, shapes, wholeAndCut } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

describe.each(shapes)("%i x %i x %i", (...size) => {
  const grid = gridOf(size);
  const voxels = anyHu(size, size[0] + 7 * size[1]);

  test("tables give each voxel its value, in every type, whole and in slabs", async () => {
    const floats = floatTable((hu) => hu / 3);
    const bytes = Uint8Array.from({ length: 65536 }, (_, i) => (i * 7) % 251);
    const integers = huTable((hu) => -hu / 2);
    const entriesOf = (table: ArrayLike<number>) => Array.from(voxels, (hu) => table[hu + 32768]);
    for (const cut of wholeAndCut(await engine(), size)) {
      using volume = await uploadVolume(cut, grid, voxels);
      const length = voxels.length;
      const asFloats = await collect(mapSlabs(volume, { table: floats }), new Float32Array(length));
      const asBytes = await collect(mapSlabs(volume, { table: bytes }), new Uint8Array(length));
      const asIntegers = await collect(mapSlabs(volume, { table: integers }), new Int16Array(length));
      using mapped = await mapVolume(volume, { table: integers });
      expect(firstDifference(asFloats, entriesOf(floats))).toBe(-1);
      expect(firstDifference(asBytes, entriesOf(bytes))).toBe(-1);
      expect(firstDifference(asIntegers, entriesOf(integers))).toBe(-1);
      expect(firstDifference(await mapped.read(), entriesOf(integers))).toBe(-1);
      expect(mapped.grid).toEqual(grid);
    }
  });
});

test("the VOI functions of DICOM reach float32 unharmed", async () => {
  const size = [256, 16, 16] as const;
  // Every int16 once.
  const voxels = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
  using volume = await uploadVolume(await engine(), gridOf(size), voxels);
  const twins = { LINEAR: voiLinear, LINEAR_EXACT: voiLinearExact, SIGMOID: voiSigmoid } as const;
  for (const [centerHu, widthHu] of [
    [-600, 1200],
    [40, 400],
    [-0.5, 1],
    [300.25, 1500.5],
  ]) {
    for (const name of ["LINEAR", "LINEAR_EXACT", "SIGMOID"] as const) {
      const table = floatTable(voiFunction({ voiFunction: name, centerHu, widthHu }));
      const got = await collect(mapSlabs(volume, { table }), new Float32Array(voxels.length));
      const expected = Float32Array.from(voxels, (hu) => twins[name](hu, centerHu, widthHu));
      expect(firstDifference(got, expected)).toBe(-1);
    }
  }
});

test("leaving the slabs early, or an abort between them, frees all", async () => {
  const gpu = await engine();
  const size = [9, 8, 20] as const;
  const [, cut] = wholeAndCut(gpu, size, 2);
  using volume = await uploadVolume(cut, gridOf(size), anyHu(size, 2));
  const table = byteTable((hu) => hu / 1000);
  for await (const { z1 } of mapSlabs(volume, { table })) if (z1 === 4) break;
  const controller = new AbortController();
  const seen: number[] = [];
  const aborted = async () => {
    for await (const { z1 } of mapSlabs(volume, { table, signal: controller.signal })) {
      seen.push(z1);
      if (z1 === 6) controller.abort();
    }
  };
  await expect(aborted()).rejects.toThrow(/abort/i);
  expect(seen).toEqual([2, 4, 6]);
  const integers = huTable((hu) => hu);
  const signal = AbortSignal.abort();
  await expect(mapVolume(volume, { table: integers, signal })).rejects.toThrow(/abort/i);
  expect(gpu.memory.snapshot()).toEqual({ "test volume": volume.buffer.bytes });
});

test.each([
  ["a table too short", (v) => mapSlabs(v, { table: new Float32Array(4096) }).next()],
  ["a table too short for a volume", (v) => mapVolume(v, { table: new Int16Array(256) })],
  ["a bound upside down", async (v) => clip(v, { lowHu: 1, highHu: 0 })],
  ["a bound between two HU", async (v) => clip(v, { lowHu: 0.5 })],
  ["a bound beyond int16", async (v) => clip(v, { highHu: 32768 })],
  ["a LINEAR width below 1", async () => voiFunction({ centerHu: 0, widthHu: 0.5 })],
  ["a width of 0", async () => voiFunction({ voiFunction: "SIGMOID", centerHu: 0, widthHu: 0 })],
  ["a function without a number", async () => floatTable((hu) => Math.sqrt(hu))],
  ["a window without an end", (v) => windowByteSlabs(v, { lowHu: 0, highHu: Infinity }).next()],
] as [string, (volume: CtVolume) => Promise<unknown>][])("%s is refused", async (_, act) => {
  using volume = await uploadVolume(await engine(), gridOf([4, 4, 4]), anyHu([4, 4, 4], 1));
  await expect(act(volume)).rejects.toMatchObject({ code: "invalid-option" });
});
