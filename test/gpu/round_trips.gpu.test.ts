import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as ops from "../../src/ops/index.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { lungThreshold } from "../../src/recipes/lung_threshold.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testEngine } from "../support/gpu.js";
import { countRoundTrips } from "../support/round_trips.js";
import { uploadVolume } from "../support/volumes.js";

// What is counted is of whole buffers.
const engine = testEngine({});
const size = [64, 64, 32] as const;
let volume: CtVolume;
let air: BitMask;
let tissue: BitMask;
let trips: ReturnType<typeof countRoundTrips>;

beforeAll(async () => {
  const on = await engine();
  const { grid, slice } = chestPhantom({ size });
  const [nx, ny, nz] = size;
  const hu = new Int16Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) hu.set(slice(z), z * nx * ny);
  volume = await uploadVolume(on, grid, hu);
  air = await ops.threshold(volume, { belowHu: -400 });
  tissue = await ops.threshold(volume, { fromHu: -100 });
  trips = countRoundTrips(on.device);
});

afterAll(() => {
  for (const held of [volume, air, tissue]) held.destroy();
});

interface Freed {
  destroy(): void;
}

/** Runs an operation to its end and frees what it made. */
async function finish(result: unknown): Promise<void> {
  if (isSlabs(result)) for await (const _ of result);
  else if (isFreed(await result)) ((await result) as Freed).destroy();
}

const isSlabs = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;
const isFreed = (value: unknown): value is Freed =>
  typeof value === "object" && value !== null && "destroy" in value;

const ball = { shape: "ball", radiusMm: 12 } as const;
const coarse = { spacingMm: 20 } as const;
const window = { lowHu: -1350, highHu: 150 } as const;
const PLANE = "axial";

/**
 * What each operation reads back of a volume of one slab: results that go by in slabs are read slab by slab,
 * and a plan that depends on how much there is in a mask takes a number. None waits for the queue.
 */
const table: Readonly<Record<string, readonly [readbacks: number, run: () => unknown]>> = {
  gaussian: [0, () => ops.gaussian(volume, { sigmaMm: 6 })],
  gradientMagnitude: [0, () => ops.gradientMagnitude(volume)],
  gradientMagnitudeSlabs: [1, () => ops.gradientMagnitudeSlabs(volume)],
  median: [0, () => ops.median(volume)],
  boundingBox: [1, () => ops.boundingBox(air)],
  compareMasks: [1, () => ops.compareMasks(air, tissue)],
  countVoxels: [1, () => ops.countVoxels(air)],
  countVoxelsPerSlice: [1, () => ops.countVoxelsPerSlice(air)],
  distanceSlabs: [2, () => ops.distanceSlabs(air)],
  fillHoles: [1, () => ops.fillHoles(tissue)],
  growFrom: [1, () => ops.growFrom(air, air)],
  keepByShare: [1, () => ops.keepByShare(air, { part: air, whole: air, shareBelow: 0.5 })],
  keepLargeComponents: [1, () => ops.keepLargeComponents(air, { minimumFraction: 0.1 })],
  // How many runs there are, then what each component has.
  keepLargest: [2, () => ops.keepLargest(air, { count: 2 })],
  labelSlabs: [3, () => ops.labelSlabs(air)],
  listComponents: [3, () => ops.listComponents(air)],
  maskLabelSlabs: [1, () => ops.maskLabelSlabs([{ mask: air, label: 1 }])],
  combineMasks: [0, () => ops.combineMasks(air, tissue, { rule: "and" })],
  invertMask: [0, () => ops.invertMask(air)],
  measureMask: [1, () => ops.measureMask(air)],
  // Each turn lists the tiles where there is work.
  closing: [2, () => ops.closing(air, ball)],
  dilate: [1, () => ops.dilate(air, ball)],
  erode: [1, () => ops.erode(air, ball)],
  opening: [2, () => ops.opening(air, ball)],
  removeBorderComponents: [1, () => ops.removeBorderComponents(air)],
  surfaceDistances: [8, () => ops.surfaceDistances(air, tissue)],
  threshold: [0, () => ops.threshold(volume, { belowHu: -400 })],
  project: [1, () => ops.project(volume, { plane: PLANE, kind: "average" })],
  projectMaxima: [1, () => ops.projectMaxima(volume)],
  projectMaximum: [1, () => ops.projectMaximum(volume, { plane: PLANE })],
  projectSum: [1, () => ops.projectSum(volume, { plane: PLANE })],
  projectThickSlabs: [
    1,
    () => ops.projectThickSlabs(volume, { plane: PLANE, kind: "maximum", thicknessMm: 1000, stepMm: 1000 }),
  ],
  surfaceMesh: [2, () => ops.surfaceMesh(air)],
  toTensor: [0, () => ops.toTensor(volume)],
  crop: [0, () => ops.crop(volume, { from: [3, 3, 3], to: [20, 20, 20] })],
  pad: [0, () => ops.pad(volume, { before: [1, 1, 1], behind: [1, 1, 1], border: "clamp" })],
  reorient: [0, () => ops.reorient(volume, { axes: "RAS" })],
  resample: [0, () => ops.resample(volume, coarse)],
  resampleToFloat: [1, () => ops.resampleToFloat(volume, coarse)],
  resampleMask: [0, () => ops.resampleMask(air, coarse)],
  resampleSlabs: [0, () => ops.resampleSlabs(volume, coarse)],
  histogram: [1, () => ops.histogram(volume)],
  normalizeSlabs: [2, () => ops.normalizeSlabs(volume, { method: "z-score" })],
  statistics: [1, () => ops.statistics(volume, { mask: air })],
  clip: [0, () => ops.clip(volume, { lowHu: -1000, highHu: 400 })],
  mapSlabs: [1, () => ops.mapSlabs(volume, { table: ops.floatTable((hu) => hu) })],
  mapVolume: [0, () => ops.mapVolume(volume, { table: ops.huTable((hu) => hu) })],
  windowByteSlabs: [1, () => ops.windowByteSlabs(volume, window)],
  windowSlabs: [1, () => ops.windowSlabs(volume, window)],
  lungThreshold: [3, () => lungThreshold(volume)],
};

/** What `hounsfield/ops` exports besides operations: it asks nothing of a device. */
const plain = [
  "binHistogram",
  "byteTable",
  "ctNormalization",
  "floatTable",
  "huTable",
  "normalizationOf",
  "percentileHu",
  "scaleIntensityRange",
  "targetGrid",
  "voiFunction",
  "windowOf",
];

describe("an operation waits for its device", () => {
  for (const [name, [readbacks, run]] of Object.entries(table)) {
    test(`${name}: ${readbacks} readbacks, never for the queue`, async () => {
      // What earlier tests left under way is none of this one's.
      await (await engine()).idle();
      const { waits, readbacks: seen } = await trips.during(() => finish(run()));
      expect({ waits, readbacks: seen }).toEqual({ waits: 0, readbacks });
    });
  }

  test("and all that are exported are counted here", () => {
    const exported = Object.keys(ops).filter((name) => !plain.includes(name));
    expect(Object.keys(table)).toEqual(expect.arrayContaining(exported));
  });
});

test("a lung mask waits 12 times for the queue at most, and reads back 60 times; most of its memory is used again", async () => {
  await (await engine()).idle();
  const counts = await trips.during(() => finish(lungMask(volume)));
  expect(counts.waits).toBeLessThanOrEqual(12);
  expect(counts.readbacks).toBeLessThanOrEqual(60);
  expect(counts.scopes).toBeLessThanOrEqual(320);
});
