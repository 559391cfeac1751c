import type { Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import * as ops from "../../src/ops/index.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { lungThreshold } from "../../src/recipes/lung_threshold.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { uploadVolume } from "./volumes.js";

/** What operations are called with: a chest, its air and its tissue. */
export interface OperationInputs {
  readonly volume: CtVolume;
  readonly air: BitMask;
  readonly tissue: BitMask;
}

const ball = { shape: "ball", radiusMm: 12 } as const;
const coarse = { spacingMm: 20 } as const;
const window = { lowHu: -1350, highHu: 150 } as const;
const PLANE = "axial";

/** A generated chest of this size on an engine, with its air and its tissue. */
export async function chestInputs(engine: Engine, size: Vec3): Promise<OperationInputs> {
  const { grid, slice } = chestPhantom({ size });
  const [nx, ny, nz] = size;
  const hu = new Int16Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) hu.set(slice(z), z * nx * ny);
  const volume = await uploadVolume(engine, grid, hu);
  const air = await ops.threshold(volume, { belowHu: -400 });
  const tissue = await ops.threshold(volume, { fromHu: -100 });
  return { volume, air, tissue };
}

/** A call of every operation of `hounsfield/ops`, by name. */
export function operationCalls({
  volume,
  air,
  tissue,
}: OperationInputs): Readonly<Record<string, () => unknown>> {
  const likelihoods = () => {
    const { grid } = volume;
    const [columns, rows, slices] = grid.size;
    const data = new Float32Array(columns * rows * slices).fill(0.7);
    return { data, dims: [slices, rows, columns], grid };
  };
  return {
    gaussian: () => ops.gaussian(volume, { sigmaMm: 6 }),
    gradientMagnitude: () => ops.gradientMagnitude(volume),
    gradientMagnitudeSlabs: () => ops.gradientMagnitudeSlabs(volume),
    median: () => ops.median(volume),
    boundingBox: () => ops.boundingBox(air),
    compareMasks: () => ops.compareMasks(air, tissue),
    countVoxels: () => ops.countVoxels(air),
    countVoxelsPerSlice: () => ops.countVoxelsPerSlice(air),
    distanceSlabs: () => ops.distanceSlabs(air),
    fillHoles: () => ops.fillHoles(tissue),
    growFrom: () => ops.growFrom(air, air),
    keepByShare: () => ops.keepByShare(air, { part: air, whole: air, shareBelow: 0.5 }),
    keepLargeComponents: () => ops.keepLargeComponents(air, { minimumFraction: 0.1 }),
    keepLargest: () => ops.keepLargest(air, { count: 2 }),
    labelSlabs: () => ops.labelSlabs(air),
    listComponents: () => ops.listComponents(air),
    maskLabelSlabs: () => ops.maskLabelSlabs([{ mask: air, label: 1 }]),
    combineMasks: () => ops.combineMasks(air, tissue, { rule: "and" }),
    invertMask: () => ops.invertMask(air),
    measureMask: () => ops.measureMask(air),
    closing: () => ops.closing(air, ball),
    dilate: () => ops.dilate(air, ball),
    erode: () => ops.erode(air, ball),
    opening: () => ops.opening(air, ball),
    removeBorderComponents: () => ops.removeBorderComponents(air),
    surfaceDistances: () => ops.surfaceDistances(air, tissue),
    threshold: () => ops.threshold(volume, { belowHu: -400 }),
    project: () => ops.project(volume, { plane: PLANE, kind: "average" }),
    projectMaxima: () => ops.projectMaxima(volume),
    projectMaximum: () => ops.projectMaximum(volume, { plane: PLANE }),
    projectSum: () => ops.projectSum(volume, { plane: PLANE }),
    projectThickSlabs: () =>
      ops.projectThickSlabs(volume, { plane: PLANE, kind: "maximum", thicknessMm: 1000, stepMm: 1000 }),
    surfaceMesh: () => ops.surfaceMesh(air),
    createLabels: () => labelsOf(air, tissue),
    labelMask: () => withLabels(air, tissue, (labels) => ops.labelMask(labels, { label: 1 })),
    labelStatistics: () => withLabels(air, tissue, (labels) => ops.labelStatistics(volume, { labels })),
    toTensor: () => ops.toTensor(volume),
    masksFromTensor: () => ops.masksFromTensor(volume.engine, likelihoods()),
    volumeFromTensor: () => ops.volumeFromTensor(volume.engine, likelihoods()),
    crop: () => ops.crop(volume, { from: [3, 3, 3], to: [20, 20, 20] }),
    pad: () => ops.pad(volume, { before: [1, 1, 1], behind: [1, 1, 1], border: "clamp" }),
    reorient: () => ops.reorient(volume, { axes: "RAS" }),
    resample: () => ops.resample(volume, coarse),
    resampleToFloat: () => ops.resampleToFloat(volume, coarse),
    resampleMask: () => ops.resampleMask(air, coarse),
    resampleSlabs: () => ops.resampleSlabs(volume, coarse),
    histogram: () => ops.histogram(volume),
    normalizeSlabs: () => ops.normalizeSlabs(volume, { method: "z-score" }),
    statistics: () => ops.statistics(volume, { mask: air }),
    clip: () => ops.clip(volume, { lowHu: -1000, highHu: 400 }),
    mapSlabs: () => ops.mapSlabs(volume, { table: ops.floatTable((hu) => hu) }),
    mapVolume: () => ops.mapVolume(volume, { table: ops.huTable((hu) => hu) }),
    windowByteSlabs: () => ops.windowByteSlabs(volume, window),
    windowSlabs: () => ops.windowSlabs(volume, window),
    lungThreshold: () => lungThreshold(volume),
  };
}

/** What `hounsfield/ops` exports besides operations: it asks nothing of a device. */
export const PLAIN_EXPORTS = [
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

function labelsOf(...masks: BitMask[]): Promise<ops.LabelVolume> {
  const [{ engine, grid }] = masks;
  return ops.createLabels(engine, { grid, masks: masks.map((mask, i) => ({ mask, label: i + 1 })) });
}

async function withLabels<T>(air: BitMask, tissue: BitMask, use: (labels: ops.LabelVolume) => Promise<T>) {
  const labels = await labelsOf(air, tissue);
  try {
    return await use(labels);
  } finally {
    labels.destroy();
  }
}

interface Freed {
  destroy(): void;
}

/** Runs an operation to its end and frees what it made. */
export async function finish(result: unknown): Promise<void> {
  if (isSlabs(result)) for await (const _ of result);
  else for (const one of [await result].flat()) if (isFreed(one)) one.destroy();
}

const isSlabs = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;
const isFreed = (value: unknown): value is Freed =>
  typeof value === "object" && value !== null && "destroy" in value;
