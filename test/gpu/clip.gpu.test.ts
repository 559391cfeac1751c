import { expect, test } from "vitest";
import { clip } from "../../src/ops/value/clip.js";
import { mapSlabs, mapVolume } from "../../src/ops/value/map_volume.js";
import { floatTable } from "../../src/ops/value/value_table.js";
import { voiFunction } from "../../src/ops/value/voi_function.js";
import { windowByteSlabs } from "../../src/ops/value/window_slabs.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testBothEngines } from "../support/gpu.js";
import { anyHu } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

test("a clipped volume keeps the bounds and what lies between", async () => {
  const size = [31, 4, 3] as const;
  const voxels = anyHu(size, 9);
  voxels.set([-1001, -1000, -999, 399, 400, 401, -32768, 32767]);
  using volume = await uploadVolume(await engine(), gridOf(size), voxels);
  using clipped = await clip(volume, { lowHu: -1000, highHu: 400 });
  using low = await clip(volume, { lowHu: -1000 });
  expect(await clipped.read()).toEqual(voxels.map((hu) => Math.min(400, Math.max(-1000, hu))));
  expect(await low.read()).toEqual(voxels.map((hu) => Math.max(-1000, hu)));
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
