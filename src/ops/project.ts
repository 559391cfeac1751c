import type { Control } from "../core/control.js";
import type { Vec3 } from "../core/grid.js";
import type { EngineBuffer, Pass } from "../engine/engine.js";
import { type CtVolume, rowWords, sliceRange, sliceWords, unpadRows } from "../volume/ct_volume.js";
import { runSlabs, type Slab, slabsOf } from "../volume/slabs.js";

/** The axis that a projection looks along. */
export type ProjectionPlane = "axial" | "coronal" | "sagittal";

/**
 * An image of int16 HU, rows dense. Axial: [y][x], along z. Coronal: [z][x], along y. Sagittal: [z][y], along x. Rows of the last two are in
 * ascending z, so the head is at the bottom until somebody turns them.
 */
export interface Projection {
  readonly plane: ProjectionPlane;
  readonly width: number;
  readonly height: number;
  /** Pixel width and height in mm. */
  readonly spacingMm: readonly [number, number];
  readonly hu: Int16Array;
}

export const projectionPlanes: readonly ProjectionPlane[] = ["axial", "coronal", "sagittal"];

/** The maximum intensity projection along one axis. Exact. */
export async function projectMaximum(
  volume: CtVolume,
  { plane, ...control }: { readonly plane: ProjectionPlane } & Control,
): Promise<Projection> {
  const { engine, grid } = volume;
  const [across, down] = imageAxes[plane];
  const width = grid.size[across];
  const height = grid.size[down];
  const pitch = width + (width & 1);
  const buffer = await engine.allocate(`${plane} projection`, pitch * height * 2);
  try {
    if (plane === "axial") engine.write(buffer, 0, new Int16Array(pitch * height).fill(-32768));
    const slabs = slabsOf(engine, grid, sliceWords(grid) * 4);
    await runSlabs(engine, slabs, `mip ${plane}`, control, (slab) => [passOf(volume, plane, slab, buffer)]);
    const padded = new Int16Array(await engine.read(buffer, 0, buffer.bytes));
    const spacingMm = [grid.spacingMm[across], grid.spacingMm[down]] as const;
    return { plane, width, height, spacingMm, hu: unpadRows(padded, width) };
  } finally {
    buffer.destroy();
  }
}

/** Volume axes (0 x, 1 y, 2 z) of an image's columns and rows. */
const imageAxes: Readonly<Record<ProjectionPlane, readonly [number, number]>> = {
  axial: [0, 1],
  coronal: [0, 2],
  sagittal: [1, 2],
};

function passOf(volume: CtVolume, plane: ProjectionPlane, { z0, z1 }: Slab, projection: EngineBuffer): Pass {
  const { grid } = volume;
  const [columns, rows]: Vec3 = grid.size;
  const slices = z1 - z0;
  const { range: hu, firstWord: first_word } = sliceRange(volume.buffer, sliceWords(grid), z0, z1);
  const bindings = { hu, projection };
  if (plane === "axial") {
    const params = { columns, rows, slices, first_word };
    return { kernel: "project_axial", params, bindings, invocations: [rowWords(grid), rows, 1] };
  }
  const width = Math.ceil((plane === "coronal" ? columns : rows) / 2);
  const params = { columns, rows, first_word, out_word: z0 * width };
  return { kernel: `project_${plane}`, params, bindings, invocations: [width, slices, 1] };
}
