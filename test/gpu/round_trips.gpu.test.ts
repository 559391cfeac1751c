import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as ops from "../../src/ops/index.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { testEngine } from "../support/gpu.js";
import {
  chestInputs,
  finish,
  type OperationInputs,
  operationCalls,
  PLAIN_EXPORTS,
} from "../support/operation_calls.js";
import { countRoundTrips } from "../support/round_trips.js";

// What is counted is of whole buffers.
const engine = testEngine({});
let inputs: OperationInputs;
let trips: ReturnType<typeof countRoundTrips>;

beforeAll(async () => {
  const on = await engine();
  inputs = await chestInputs(on, [64, 64, 32]);
  trips = countRoundTrips(on.device);
});

afterAll(() => {
  for (const held of Object.values(inputs)) held.destroy();
});

/**
 * What each operation reads back of a volume of one slab: results that go by in slabs are read slab by slab,
 * and a plan that depends on how much there is in a mask takes a number. None waits for the queue.
 */
const READBACKS: Readonly<Record<string, number>> = {
  gaussian: 0,
  gradientMagnitude: 0,
  gradientMagnitudeSlabs: 1,
  median: 0,
  boundingBox: 1,
  compareMasks: 1,
  countVoxels: 1,
  countVoxelsPerSlice: 1,
  distanceSlabs: 2,
  fillHoles: 1,
  growFrom: 1,
  keepByShare: 1,
  keepLargeComponents: 1,
  // How many runs there are, then what each component has.
  keepLargest: 2,
  labelSlabs: 3,
  listComponents: 3,
  maskLabelSlabs: 1,
  combineMasks: 0,
  invertMask: 0,
  measureMask: 1,
  // Each turn lists the tiles where there is work.
  closing: 2,
  dilate: 1,
  erode: 1,
  opening: 2,
  removeBorderComponents: 1,
  surfaceDistances: 8,
  threshold: 0,
  project: 1,
  projectMaxima: 1,
  projectMaximum: 1,
  projectSum: 1,
  projectThickSlabs: 1,
  surfaceMesh: 2,
  createLabels: 0,
  labelMask: 0,
  labelStatistics: 1,
  toTensor: 0,
  masksFromTensor: 0,
  volumeFromTensor: 0,
  crop: 0,
  pad: 0,
  reorient: 0,
  resample: 0,
  resampleToFloat: 1,
  resampleMask: 0,
  resampleSlabs: 0,
  histogram: 1,
  normalizeSlabs: 2,
  statistics: 1,
  clip: 0,
  mapSlabs: 1,
  mapVolume: 0,
  windowByteSlabs: 1,
  windowSlabs: 1,
  lungThreshold: 3,
};

describe("an operation waits for its device", () => {
  for (const [name, readbacks] of Object.entries(READBACKS)) {
    test(`${name}: ${readbacks} readbacks, never for the queue`, async () => {
      // What earlier tests left under way is none of this one's.
      await (await engine()).idle();
      const { waits, readbacks: seen } = await trips.during(() => finish(operationCalls(inputs)[name]()));
      expect({ waits, readbacks: seen }).toEqual({ waits: 0, readbacks });
    });
  }

  test("and all that are exported are counted here", () => {
    const exported = Object.keys(ops).filter((name) => !PLAIN_EXPORTS.includes(name));
    expect(Object.keys(READBACKS)).toEqual(expect.arrayContaining(exported));
  });
});

test("a lung mask waits 12 times for the queue at most, and reads back 60 times; most of its memory is used again", async () => {
  await (await engine()).idle();
  const counts = await trips.during(() => finish(lungMask(inputs.volume)));
  expect(counts.waits).toBeLessThanOrEqual(12);
  expect(counts.readbacks).toBeLessThanOrEqual(60);
  expect(counts.scopes).toBeLessThanOrEqual(320);
});
