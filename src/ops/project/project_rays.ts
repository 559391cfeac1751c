import type { Control } from "../../core/control.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import { type PacedSlab, runSlabs, type Slab, slabsOf } from "../../volume/slabs.js";

/** The axis that a projection looks along. */
export type ProjectionPlane = "axial" | "coronal" | "sagittal";

export const projectionPlanes: readonly ProjectionPlane[] = ["axial", "coronal", "sagittal"];

/** Volume axes (0 x, 1 y, 2 z) of an image's columns and rows, and the one its rays run along. */
export const planeAxes: Readonly<Record<ProjectionPlane, readonly [number, number, number]>> = {
  axial: [0, 1, 2],
  coronal: [0, 2, 1],
  sagittal: [1, 2, 0],
};

/** What is gathered along a ray; an average is a sum until it is read. */
export type Gathering = "maximum" | "minimum" | "sum";

/** The rays of one image: voxels [from, end) of the axis that `plane` looks along. */
export interface Rays {
  readonly plane: ProjectionPlane;
  readonly from: number;
  readonly end: number;
}

/** Columns and rows of an image, and the pixels of a row in a buffer: an even number. */
export function imageShape({ size }: Grid, plane: ProjectionPlane) {
  const [across, down] = planeAxes[plane];
  return { width: size[across], height: size[down], pitch: size[across] + (size[across] & 1) };
}

/** A buffer for an image: int16 pixels, or i32 for sums. */
export function allocateImage(
  { engine, grid }: Pick<CtVolume, "engine" | "grid">,
  plane: ProjectionPlane,
  gathering: Gathering,
): Promise<EngineBuffer> {
  const { pitch, height } = imageShape(grid, plane);
  return engine.allocate(`${plane} projection`, pitch * height * (gathering === "sum" ? 4 : 2));
}

/** An i32 holds the sum of 65536 int16 values, whatever they are. */
const LONGEST_SUM = 65536;

/**
 * Gathers along rays into `image`, which may hold anything before. Exact.
 * @throws HounsfieldError `limit-exceeded`
 */
export async function gatherRays(
  volume: CtVolume,
  rays: Rays,
  gathering: Gathering,
  image: EngineBuffer,
  stage: string,
  control: Control,
): Promise<void> {
  const { engine } = volume;
  if (gathering === "sum" && rays.end - rays.from > LONGEST_SUM) {
    throw new HounsfieldError(
      "limit-exceeded",
      `sums of ${rays.end - rays.from} voxels do not fit 32 bits; ${LONGEST_SUM} do`,
      { got: rays.end - rays.from, accepted: LONGEST_SUM },
    );
  }
  await runSlabs(engine, slabsAlong(volume, rays), stage, control, (slab) => [
    raysPass(volume, rays, gathering, image, slab),
  ]);
}

/**
 * Gathers in a slab of slices, in ascending z: what rays along z gathered in earlier slabs is in `image`. The
 * volume may be a part of the image's, which has so many slices `before` it.
 */
export function raysPass(
  volume: CtVolume,
  rays: Rays,
  gathering: Gathering,
  image: EngineBuffer,
  slab: Slab,
  before = 0,
): Pass {
  return rays.plane === "sagittal"
    ? sagittalPass(volume, rays, gathering, image, slab, before)
    : rowPass(volume, rays, gathering, image, slab, before);
}

/** Slabs of the slices that the rays pass through: all of them, unless rays run along z. */
function slabsAlong({ engine, grid }: CtVolume, { plane, from, end }: Rays): PacedSlab[] {
  const [nx, ny, nz] = grid.size;
  const [first, count] = plane === "axial" ? [from, end - from] : [0, nz];
  const part: Grid = { ...grid, size: [nx, ny, count] };
  return slabsOf(engine, part, sliceWords(grid) * 4).map(({ z0, z1, work }) => ({
    z0: z0 + first,
    z1: z1 + first,
    work,
  }));
}

const flips = { maximum: 0, minimum: -1 } as const;

/** Images whose rows run along x: axial slabs add up, coronal slabs are rows of the image. */
function rowPass(
  { buffer, grid }: CtVolume,
  { plane, from, end }: Rays,
  gathering: Gathering,
  image: EngineBuffer,
  { z0, z1 }: Slab,
  before: number,
): Pass {
  const [columns, rows] = grid.size;
  const { range: hu, firstWord } = sliceRange(buffer, sliceWords(grid), z0, z1);
  const pitch = rowWords(grid);
  const axial = plane === "axial";
  const params = {
    columns,
    row_stride: axial ? pitch : rows * pitch,
    ray_stride: axial ? rows * pitch : pitch,
    ray_length: axial ? z1 - z0 : end - from,
    first_word: firstWord + (axial ? 0 : from * pitch),
    out_word: axial ? 0 : (before + z0) * pitch,
    continued: axial && before + z0 > from ? 1 : 0,
  };
  const invocations = [pitch, axial ? rows : z1 - z0, 1] as const;
  if (gathering === "sum")
    return { kernel: "project_sum", params, bindings: { hu, sums: image }, invocations };
  return {
    kernel: "project_extreme",
    params: { ...params, flip: flips[gathering] },
    bindings: { hu, projection: image },
    invocations,
  };
}

function sagittalPass(
  { buffer, grid }: CtVolume,
  { from, end }: Rays,
  gathering: Gathering,
  image: EngineBuffer,
  { z0, z1 }: Slab,
  before: number,
): Pass {
  const [columns, rows] = grid.size;
  const { range: hu, firstWord: first_word } = sliceRange(buffer, sliceWords(grid), z0, z1);
  const rowPairs = Math.ceil(rows / 2);
  const params = { columns, rows, first_column: from, end_column: end, first_word };
  if (gathering === "sum") {
    return {
      kernel: "project_sum_sagittal",
      params: { ...params, out_pixel: (before + z0) * rowPairs * 2 },
      bindings: { hu, sums: image },
      invocations: [rows, z1 - z0, 1],
    };
  }
  return {
    kernel: "project_extreme_sagittal",
    params: { ...params, out_word: (before + z0) * rowPairs, flip: flips[gathering] },
    bindings: { hu, projection: image },
    invocations: [rowPairs, z1 - z0, 1],
  };
}
