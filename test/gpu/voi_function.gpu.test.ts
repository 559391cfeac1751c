import { expect, test } from "vitest";
import { clip } from "../../src/ops/value/clip.js";
import { mapSlabs, mapVolume } from "../../src/ops/value/map_volume.js";
import { floatTable } from "../../src/ops/value/value_table.js";
import { voiFunction } from "../../src/ops/value/voi_function.js";
import { windowByteSlabs } from "../../src/ops/value/window_slabs.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { voiLinear, voiLinearExact, voiSigmoid } from "../reference/voi_function.js";
import { firstDifference } from "../support/arrays.js";
import { testBothEngines } from "../support/gpu.js";
import { anyHu, collect } from "../support/shapes.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();

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
