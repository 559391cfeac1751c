import type { Grid, Vec3 } from "../core/grid.js";
import { type Camera, cameraAxes, mmPerPixel } from "./camera.js";

/** The rays of a picture, as the ray march takes them (shaders/render/common/ray_march.wgsl says what each field is). */
export interface Rays {
  readonly center: Vec3;
  readonly step_mm: number;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly forward: Vec3;
  readonly middle_px: readonly [number, number];
}

/** Half the smallest spacing: a sample lies within a quarter voxel of every peak, so linear interpolation keeps three quarters of it and more. */
export function restStepMm(grid: Grid): number {
  return Math.min(...grid.spacingMm) / 2;
}

export function raysOf(grid: Grid, camera: Camera, widthPx: number, heightPx: number, stepMm: number): Rays {
  const { right, up, forward } = cameraAxes(camera);
  const pixelMm = mmPerPixel(camera, grid, widthPx, heightPx);
  const middle = add(scale(right, camera.panMm[0]), scale(up, camera.panMm[1]));
  return {
    center: add([0.5, 0.5, 0.5], toTexture(grid, middle)),
    step_mm: stepMm,
    right: toTexture(grid, scale(right, pixelMm)),
    down: toTexture(grid, scale(up, -pixelMm)),
    forward: nowhereZero(toTexture(grid, forward)),
    middle_px: [widthPx / 2, heightPx / 2],
  };
}

/** Samples that a picture takes when all of the volume is in it; more than that when a part is. */
export function sampleCount(
  grid: Grid,
  camera: Camera,
  widthPx: number,
  heightPx: number,
  stepMm: number,
): number {
  const mm3 = grid.size.reduce((product, count, axis) => product * count * grid.spacingMm[axis], 1);
  const pixelMm = mmPerPixel(camera, grid, widthPx, heightPx);
  return mm3 / (pixelMm * pixelMm * stepMm);
}

/** A vector in mm (LPS) as a difference of texture coordinates. */
function toTexture(grid: Grid, mm: Vec3): Vec3 {
  const d = grid.direction;
  const along = (axis: 0 | 1 | 2) =>
    (d[axis] * mm[0] + d[3 + axis] * mm[1] + d[6 + axis] * mm[2]) / (grid.spacingMm[axis] * grid.size[axis]);
  return [along(0), along(1), along(2)];
}

/** The slab test divides by it. 1e-9 of a volume's extent a mm moves a ray of 2 m by 2e-6 of that extent: nothing. */
function nowhereZero(forward: Vec3): Vec3 {
  const least = 1e-9;
  const apart = (value: number) => (Math.abs(value) < least ? least : value);
  return [apart(forward[0]), apart(forward[1]), apart(forward[2])];
}

function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function scale(a: Vec3, by: number): Vec3 {
  return [a[0] * by, a[1] * by, a[2] * by];
}
