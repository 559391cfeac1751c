import type { Grid, Vec3 } from "../../core/grid.js";
import { valueOfStored } from "../../core/value_scale.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { type MprSlice, positionAt } from "../mpr/mpr_slice.js";
import { type Camera, cameraAxes, mmPerPixel } from "../state/camera.js";
import type { MprState } from "../state/mpr_state.js";
import { centerMm, combine, voxelAt, voxelStepMm } from "../state/plane.js";
import { readVoxels } from "../texture/read_voxels.js";

/** What a point of a picture shows of the record. */
export interface Probe {
  /** mm, LPS. */
  readonly positionMm: Vec3;
  /** Of the voxel at the position, x, y, z. */
  readonly voxel: Vec3;
  /**
   * Of the record, exact, in HU or the volume's units: of that voxel, or where the picture shows means, the
   * mean along the ray.
   */
  readonly hu: number;
}

/** How voxels along a ray become one, as the picture has it. */
export type ProbeKind = "maximum" | "minimum" | "average";

/**
 * The voxel that a slice shows at a pixel; in a slab the one that is the maximum or minimum there. Undefined
 * beside the volume, and while slices there are still to come.
 */
export async function probeMpr(
  volume: CtVolume,
  slice: MprSlice,
  { slabMm, slabKind }: MprState,
  xPx: number,
  yPx: number,
): Promise<Probe | undefined> {
  const middle = positionAt(slice, xPx, yPx);
  const { normal } = slice.axes;
  const stepMm = voxelStepMm(volume.grid, normal) / 2;
  const reach = Math.floor(slabMm / 2 / stepMm + 1e-9);
  const from = combine([1, -reach * stepMm], [middle, normal]);
  return probeLine(volume, from, combine([stepMm], [normal]), 2 * reach + 1, slabKind);
}

/**
 * The voxel that a maximum intensity projection shows at a pixel: the greatest that the ray passes. Undefined
 * beside the volume, and while slices on the ray are still to come.
 */
export function probeRay(
  volume: CtVolume,
  camera: Camera,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  xPx: number,
  yPx: number,
): Promise<Probe | undefined> {
  const { grid } = volume;
  const { right, up, forward } = cameraAxes(camera);
  const mm = mmPerPixel(camera, grid, widthPx, heightPx);
  const x = (xPx - widthPx / 2) * mm + camera.panMm[0];
  const y = (heightPx / 2 - yPx) * mm + camera.panMm[1];
  const stepMm = Math.min(...grid.spacingMm) / 2;
  const diagonalMm = Math.hypot(...grid.size.map((count, axis) => count * grid.spacingMm[axis]));
  const reach = Math.ceil(diagonalMm / 2 / stepMm);
  const from = combine([1, x, y, -reach * stepMm], [centerMm(grid), right, up, forward]);
  return probeLine(volume, from, combine([stepMm], [forward]), 2 * reach + 1, "maximum");
}

/**
 * Of `count` places on a line, the one whose voxel is the greatest or least, the nearest one first; or the
 * mean, at the middle place.
 */
export async function probeLine(
  volume: CtVolume,
  fromMm: Vec3,
  stepMm: Vec3,
  count: number,
  kind: ProbeKind,
): Promise<Probe | undefined> {
  const passed = placesOn(volume.grid, fromMm, stepMm, count);
  if (passed.length === 0) return undefined;
  const { values, arrival } = volume;
  // What is shown there are other slices in its place.
  if (arrival && !passed.every(({ voxel }) => arrival.has(voxel[2]))) return undefined;
  const stored = await readVoxels(
    volume,
    passed.map(({ voxel }) => voxel),
  );
  const hu = Array.from(stored, (value) => valueOfStored(values, value));
  if (kind === "average") {
    const middle = passed[passed.length >> 1];
    return { ...middle, hu: hu.reduce((sum, value) => sum + value, 0) / hu.length };
  }
  const best = hu.indexOf(kind === "maximum" ? Math.max(...hu) : Math.min(...hu));
  return { ...passed[best], hu: hu[best] };
}

function placesOn(grid: Grid, fromMm: Vec3, stepMm: Vec3, count: number) {
  const places: { positionMm: Vec3; voxel: Vec3 }[] = [];
  for (let i = 0; i < count; i++) {
    const positionMm = combine([1, i], [fromMm, stepMm]);
    const voxel = voxelAt(grid, positionMm);
    if (voxel) places.push({ positionMm, voxel });
  }
  return places;
}
