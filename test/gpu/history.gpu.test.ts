import { describe, expect, test } from "vitest";
import { version } from "../../src/core/version.js";
import { median } from "../../src/ops/filter/median.js";
import { combineMasks, invertMask } from "../../src/ops/mask/combine_masks.js";
import { fillHoles } from "../../src/ops/mask/fill_holes.js";
import { growFrom } from "../../src/ops/mask/grow_from.js";
import { keepByShare } from "../../src/ops/mask/keep_by_share.js";
import { keepLargest } from "../../src/ops/mask/keep_largest.js";
import { closing } from "../../src/ops/mask/morphology.js";
import { removeBorderComponents } from "../../src/ops/mask/remove_border_components.js";
import { threshold } from "../../src/ops/mask/threshold.js";
import { crop } from "../../src/ops/resample/crop.js";
import { pad } from "../../src/ops/resample/pad.js";
import { reorient } from "../../src/ops/resample/reorient.js";
import { resample } from "../../src/ops/resample/resample.js";
import { withScratch } from "../../src/ops/scratch.js";
import { clip } from "../../src/ops/value/clip.js";
import { mapVolume } from "../../src/ops/value/map_volume.js";
import { huTable } from "../../src/ops/value/value_table.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { lungThreshold } from "../../src/recipes/lung_threshold.js";
import type { ProcessingHistory } from "../../src/volume/history.js";
import { testBothEngines } from "../support/gpu.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

const engine = testBothEngines();
const grid = gridOf([9, 8, 7], [1, 1, 2]);
const next = random(5);
const voxels = Int16Array.from({ length: 9 * 8 * 7 }, () => Math.round(next() * 2000 - 1000));

/** What both engines must give, but for the name of the adapter. */
async function entry(
  operation: string,
  options: object = {},
  ...inputs: ProcessingHistory[]
): Promise<ProcessingHistory> {
  const { adapter } = await engine();
  return { hounsfield: version, adapter: adapter.name, operation, options: { ...options }, inputs };
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

describe("the history of a result", () => {
  test("names its operation, its options as given, and what its inputs were made by", async () => {
    const on = await engine();
    await withScratch(async (scratch) => {
      const start = scratch.own(await uploadVolume(on, grid, voxels));
      const whole = await entry("unrecorded");
      expect(start.history).toEqual(whole);
      const signal = new AbortController().signal;
      const cubes = scratch.own(await resample(start, { spacingMm: [1, 1, 1], antialias: false, signal }));
      const cubesMade = await entry("resample", { spacingMm: [1, 1, 1], antialias: false }, whole);
      expect(cubes.history).toEqual(cubesMade);
      const air = scratch.own(await threshold(cubes, { belowHu: -200, onProgress: () => {} }));
      const airMade = await entry("threshold", { belowHu: -200 }, cubesMade);
      expect(air.history).toEqual(airMade);
      const closed = scratch.own(await closing(air, { shape: "ball", radiusMm: 1 }));
      const closedMade = await entry("closing", { shape: "ball", radiusMm: 1 }, airMade);
      const added = scratch.own(await combineMasks(closed, air, { rule: "andNot" }));
      const all = await entry("combineMasks", { rule: "andNot" }, closedMade, airMade);
      expect(added.history).toEqual(all);
      expect(isFrozen(added.history)).toBe(true);
      expect(JSON.parse(JSON.stringify(added.history))).toEqual(all);
    });
  });

  test("of each kind of operation", async () => {
    const on = await engine();
    await withScratch(async (scratch) => {
      const start = scratch.own(await uploadVolume(on, grid, voxels));
      const one = scratch.own(await threshold(start, { fromHu: 0 }));
      const [from, to] = [
        [1, 1, 1],
        [5, 5, 5],
      ] as const;
      const [before, behind] = [
        [1, 0, 0],
        [0, 2, 0],
      ] as const;
      const table = huTable((hu) => hu / 2);
      const { history: volume } = start;
      const { history: mask } = one;
      const made = [
        [await crop(start, { from, to }), "crop", { from, to }, volume],
        [
          await pad(start, { before, behind, border: "clamp" }),
          "pad",
          { before, behind, border: "clamp" },
          volume,
        ],
        [await reorient(start, { axes: "RAS" }), "reorient", { axes: "RAS" }, volume],
        [await median(start), "median", {}, volume],
        [await clip(start, { lowHu: -5 }), "clip", { lowHu: -5 }, volume],
        [
          await mapVolume(start, { table }),
          "mapVolume",
          { table: "Int16Array of 131072 bytes", stage: "map" },
          volume,
        ],
        [await invertMask(one), "invertMask", {}, mask],
        [await fillHoles(one), "fillHoles", {}, mask],
        [await removeBorderComponents(one), "removeBorderComponents", {}, mask],
        [await keepLargest(one, { count: 2 }), "keepLargest", { count: 2, neighbors: 6 }, mask],
        [await growFrom(one, one), "growFrom", { neighbors: 6 }, mask, mask],
        [
          await keepByShare(one, { part: one, whole: one, shareBelow: 0.5 }),
          "keepByShare",
          { neighbors: 6, shareBelow: 0.5 },
          mask,
          mask,
          mask,
        ],
        [await lungThreshold(start, { thresholdHu: -300 }), "lungThreshold", { thresholdHu: -300 }, volume],
      ] as const;
      for (const [result, operation, options, ...inputs] of made) {
        scratch.own(result);
        expect(result.history).toEqual(await entry(operation, options, ...inputs));
        expect(isFrozen(result.history)).toBe(true);
      }
    });
  });

  test("of a lung mask is one entry, the same for its three masks", async () => {
    const on = await engine();
    const chest = chestPhantom({ size: [40, 40, 12], noiseHu: 0 });
    const hu = Int16Array.from(Array.from({ length: 12 }, (_, k) => Array.from(chest.slice(k))).flat());
    await withScratch(async (scratch) => {
      const volume = scratch.own(await uploadVolume(on, chest.grid, hu));
      const turned = scratch.own(await reorient(volume, { axes: "IAR" }));
      const mask = scratch.own(await lungMask(turned));
      expect(mask.history).toEqual(await entry("lungMask", { method: "refined" }, turned.history));
      expect(mask.left.history).toBe(mask.history);
      expect(mask.airways.history).toBe(mask.history);
      const plain = scratch.own(await lungMask(volume, { method: "threshold" }));
      expect(plain.history).toEqual(await entry("lungMask", { method: "threshold" }, volume.history));
    });
  });
});
