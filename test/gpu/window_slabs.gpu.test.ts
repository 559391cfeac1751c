import { expect, test } from "vitest";
import { clip } from "../../src/ops/value/clip.js";
import { mapSlabs, mapVolume } from "../../src/ops/value/map_volume.js";
import { floatTable } from "../../src/ops/value/value_table.js";
import { voiFunction } from "../../src/ops/value/voi_function.js";
import { windowByteSlabs } from "../../src/ops/value/window_slabs.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { anyHu, collect } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

test("a window of 8 bits rounds to the nearest of 256 levels", async () => {
  const size = [33, 6, 5] as const;
  const voxels = Int16Array.from(anyHu(size, 4), (hu) => hu >> 4);
  using volume = await uploadVolume(await engine(), gridOf(size), voxels);
  const got = await collect(
    windowByteSlabs(volume, { lowHu: -1000, highHu: 400 }),
    new Uint8Array(voxels.length),
  );
  const expected = Array.from(voxels, (hu) =>
    Math.floor(Math.min(1, Math.max(0, (hu + 1000) / 1400)) * 255 + 0.5),
  );
  expect(firstDifference(got, expected)).toBe(-1);
  expect(new Set(got).size).toBeGreaterThan(100);
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
