import type { Control } from "../../core/control.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, oneOf, required } from "../../core/rules.js";
import type { ValueScale } from "../../core/value_scale.js";
import type { EngineBuffer } from "../../engine/engine.js";
import { together } from "../../engine/round_trips.js";
import { checkVolume } from "../../volume/check_argument.js";
import { type CtVolume, sliceWords, unpadRows } from "../../volume/ct_volume.js";
import { runSlabs, slabsOf } from "../../volume/slabs.js";
import { createScratch, withScratch } from "../scratch.js";
import { roundHalfAway } from "../value/value_round.js";
import {
  allocateImage,
  type Gathering,
  gatherRays,
  imageShape,
  type ProjectionPlane,
  planeAxes,
  projectionPlanes,
  type Rays,
  raysPass,
} from "./project_rays.js";

export { type ProjectionPlane, projectionPlanes };

/**
 * The average is rounded to the nearest HU (of a scaled record: to its nearest step), halves away from zero.
 */
export type ProjectionKind = "maximum" | "minimum" | "average";

/** Where the pixels of a projection are. */
export interface ProjectionImage {
  readonly plane: ProjectionPlane;
  readonly width: number;
  readonly height: number;
  /** Pixel width and height in mm. */
  readonly spacingMm: readonly [number, number];
  /**
   * What the volume's record stands for, and so the pixels of a projection: value = pixel * slope +
   * intercept.
   */
  readonly values: ValueScale;
}

/**
 * An image of int16 HU, rows dense. Axial: [y][x], along z. Coronal: [z][x], along y. Sagittal: [z][y], along
 * x. Rows of the last two are in ascending z, so the head is at the bottom until somebody turns them.
 */
export interface Projection extends ProjectionImage {
  readonly hu: Int16Array;
}

/**
 * An image of exact sums of HU, or of stored values: of n of these, sum * slope + n * intercept is the sum of
 * what they stand for. Rows and columns as a `Projection`'s.
 */
export interface SumProjection extends ProjectionImage {
  readonly sumsHu: Int32Array;
  /** Voxels in each sum. */
  readonly voxels: number;
}

/** Options of project. */
export interface ProjectionOptions {
  readonly plane: ProjectionPlane;
  readonly kind: ProjectionKind;
}

/** The maximum intensity projection along one axis. Exact. */
export async function projectMaximum(
  volume: CtVolume,
  options: { readonly plane: ProjectionPlane } & Control,
): Promise<Projection> {
  checkVolume("projectMaximum", volume);
  const { plane, ...control } = checkOptions("projectMaximum", options, planeRules);
  return project(volume, { plane, kind: "maximum", ...control });
}

/**
 * The maximum intensity projections along all three axes, in the order of `projectionPlanes`: each slab of
 * the volume is projected three ways while it is in the caches, so it is read once from memory, not three
 * times. Exact.
 */
export async function projectMaxima(volume: CtVolume, control: Control = {}): Promise<Projection[]> {
  checkVolume("projectMaxima", volume);
  checkOptions("projectMaxima", control, controlRules);
  return withScratch(async (scratch) => {
    const maxima = scratch.own(await runningMaxima(volume));
    await maxima.add(volume, 0, control);
    return maxima.read(volume.values);
  });
}

/** The three maxima of a volume whose parts come one after the other, in ascending z. */
export interface RunningMaxima {
  /** A part, of which the volume has so many slices `before` it. */
  add(part: CtVolume, before: number, control: Control): Promise<void>;
  read(values: ValueScale): Promise<Projection[]>;
  /** Idempotent. */
  destroy(): void;
}

export async function runningMaxima(of: Pick<CtVolume, "engine" | "grid">): Promise<RunningMaxima> {
  const { engine } = of;
  const { scratch, end } = createScratch();
  const images: EngineBuffer[] = [];
  try {
    for (const plane of projectionPlanes) images.push(scratch.own(await allocateImage(of, plane, "maximum")));
  } catch (error) {
    end();
    throw error;
  }
  return {
    async add(part, before, control) {
      const { grid } = part;
      // So few slices that a core still has them near for the second and third pass: 21 to 26 ms became 18 to
      // 19 for 39 million voxels.
      const slabs = slabsOf(engine, grid, sliceWords(grid) * 4, 4 * engine.limits.readVoxels);
      await runSlabs(engine, slabs, "mip", control, (slab) =>
        projectionPlanes.map((plane, i) =>
          raysPass(part, wholeRays(part, plane), "maximum", images[i], slab, before),
        ),
      );
    },
    read(values) {
      const reading = projectionPlanes.map(
        (plane, i) => () => readExtremes({ engine, grid: of.grid, values }, plane, images[i]),
      );
      return together(engine, ...reading);
    },
    destroy: end,
  };
}

/**
 * A projection of the whole volume along one axis. Exact.
 * @throws HounsfieldError `limit-exceeded` (averages of more than 65536 voxels), `out-of-memory`
 */
export async function project(volume: CtVolume, options: ProjectionOptions & Control): Promise<Projection> {
  checkVolume("project", volume);
  const { plane, kind, ...control } = checkOptions("project", options, projectionRules);
  return withScratch(async (scratch) => {
    const image = scratch.own(await allocateImage(volume, plane, gatheringOf[kind]));
    return projectRays(volume, wholeRays(volume, plane), kind, image, control);
  });
}

/**
 * Sums along one axis. Exact.
 * @throws HounsfieldError `limit-exceeded` (sums of more than 65536 voxels), `out-of-memory`
 */
export async function projectSum(
  volume: CtVolume,
  options: { readonly plane: ProjectionPlane } & Control,
): Promise<SumProjection> {
  checkVolume("projectSum", volume);
  const { plane, ...control } = checkOptions("projectSum", options, planeRules);
  const rays = wholeRays(volume, plane);
  return withScratch(async (scratch) => {
    const image = scratch.own(await allocateImage(volume, plane, "sum"));
    const sumsHu = await sumRays(volume, rays, image, `sum ${plane}`, control);
    return { ...describeImage(volume, plane), sumsHu, voxels: rays.end - rays.from };
  });
}

export const gatheringOf: Readonly<Record<ProjectionKind, Gathering>> = {
  maximum: "maximum",
  minimum: "minimum",
  average: "sum",
};

const planeRules = {
  ...controlRules,
  plane: /* @__PURE__ */ required(/* @__PURE__ */ oneOf(...projectionPlanes)),
};
export const projectionRules = {
  ...planeRules,
  kind: /* @__PURE__ */ required(/* @__PURE__ */ oneOf(...Object.keys(gatheringOf))),
};

/** The projection of some rays, through a buffer of `allocateImage`. */
export async function projectRays(
  volume: CtVolume,
  rays: Rays,
  kind: ProjectionKind,
  image: EngineBuffer,
  control: Control,
): Promise<Projection> {
  const { plane } = rays;
  const described = describeImage(volume, plane);
  const stage = `${stageNames[kind]} ${plane}`;
  if (kind === "average") {
    const voxels = rays.end - rays.from;
    const sums = await sumRays(volume, rays, image, stage, control);
    // A quotient of integers this small is a half in f64 only where it is one.
    return { ...described, hu: Int16Array.from(sums, (sum) => roundHalfAway(sum / voxels)) };
  }
  await gatherRays(volume, rays, kind, image, stage, control);
  return readExtremes(volume, plane, image);
}

async function readExtremes(
  volume: Pick<CtVolume, "engine" | "grid" | "values">,
  plane: ProjectionPlane,
  image: EngineBuffer,
): Promise<Projection> {
  const described = describeImage(volume, plane);
  const padded = new Int16Array(await volume.engine.read(image, 0, image.bytes));
  return { ...described, hu: unpadRows(padded, described.width) };
}

const stageNames: Readonly<Record<ProjectionKind, string>> = {
  maximum: "mip",
  minimum: "minip",
  average: "average",
};

function wholeRays({ grid }: CtVolume, plane: ProjectionPlane): Rays {
  return { plane, from: 0, end: grid.size[planeAxes[plane][2]] };
}

function describeImage(
  { grid, values }: Pick<CtVolume, "grid" | "values">,
  plane: ProjectionPlane,
): ProjectionImage {
  const [across, down] = planeAxes[plane];
  const { width, height } = imageShape(grid, plane);
  return { plane, width, height, spacingMm: [grid.spacingMm[across], grid.spacingMm[down]], values };
}

async function sumRays(
  volume: CtVolume,
  rays: Rays,
  image: EngineBuffer,
  stage: string,
  control: Control,
): Promise<Int32Array> {
  await gatherRays(volume, rays, "sum", image, stage, control);
  const padded = new Int32Array(await volume.engine.read(image, 0, image.bytes));
  const { width, height, pitch } = imageShape(volume.grid, rays.plane);
  if (pitch === width) return padded;
  const dense = new Int32Array(width * height);
  for (let row = 0; row < height; row++) {
    dense.set(padded.subarray(row * pitch, row * pitch + width), row * width);
  }
  return dense;
}
