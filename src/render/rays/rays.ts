import { type Grid, positionMm, type Vec3 } from "../../core/grid.js";
import { type Camera, cameraAxes, eyeDistanceMm, mmPerPixel } from "../state/camera.js";
import { type Clip, clipPlanes, type ViewSlab } from "../state/clip.js";
import { combine, dot } from "../state/plane.js";

/** What rays are cast by. */
export interface RayView {
  readonly camera: Camera;
  readonly slab: ViewSlab | null;
  readonly clip: Clip;
}

/**
 * The rays of a picture, as the ray march takes them (shaders/render/common/ray_march.wgsl says what each
 * field is).
 */
export interface Rays {
  readonly center: Vec3;
  readonly step_mm: number;
  readonly right: Vec3;
  readonly pixel_mm: number;
  readonly down: Vec3;
  readonly eye_mm: number;
  readonly forward: Vec3;
  readonly middle_px: readonly [number, number];
  readonly slab_mm: readonly [number, number];
  readonly plane_count: number;
  readonly planes: Float32Array;
  readonly mm: Vec3;
  readonly light: Vec3;
}

/** Of the uniform's array: a box's six and six more. */
const MOST_PLANES = 12;

/** Beyond every volume. */
const FAR_MM = 1e6;

/**
 * Half the smallest spacing: a sample lies within a quarter voxel of every peak, so linear interpolation
 * keeps three quarters of it and more.
 */
export function restStepMm(grid: Grid): number {
  return Math.min(...grid.spacingMm) / 2;
}

export function raysOf(grid: Grid, view: RayView, widthPx: number, heightPx: number, stepMm: number): Rays {
  const { camera, slab, clip } = view;
  const { right, up, forward } = cameraAxes(camera);
  const pixelMm = mmPerPixel(camera, grid, widthPx, heightPx);
  const middle = combine(camera.panMm, [right, up]);
  const half = slab ? slab.thicknessMm / 2 : 0;
  const planes = clipPlanes(clip).map(({ normal, offsetMm }) => planeInTexture(grid, normal, offsetMm));
  const values = new Float32Array(4 * MOST_PLANES);
  values.set(planes.flat());
  return {
    center: combine([1, 1], [[0.5, 0.5, 0.5], toTexture(grid, middle)]),
    step_mm: stepMm,
    right: toTexture(grid, combine([pixelMm], [right])),
    pixel_mm: pixelMm,
    down: toTexture(grid, combine([-pixelMm], [up])),
    eye_mm: eyeDistanceMm(camera, grid, widthPx, heightPx),
    forward: toTexture(grid, forward),
    middle_px: [widthPx / 2, heightPx / 2],
    slab_mm: slab ? [slab.centerMm - half, slab.centerMm + half] : [-FAR_MM, FAR_MM],
    plane_count: planes.length,
    planes: values,
    mm: perExtent(grid, [1, 1, 1]),
    light: alongAxes(grid, lampDirection(right, up, forward)),
  };
}

/**
 * From the upper left of the viewer, so that relief shows: a lamp at the eye lights all that faces it alike.
 */
function lampDirection(right: Vec3, up: Vec3, forward: Vec3): Vec3 {
  const toward = combine([-1, 0.5, -0.5], [forward, up, right]);
  return combine([1 / Math.hypot(...toward)], [toward]);
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
  return perExtent(grid, alongAxes(grid, mm));
}

/** A vector in mm (LPS) in mm along the volume's own axes. */
function alongAxes({ direction: d }: Grid, [x, y, z]: Vec3): Vec3 {
  const along = (axis: 0 | 1 | 2) => d[axis] * x + d[3 + axis] * y + d[6 + axis] * z;
  return [along(0), along(1), along(2)];
}

function perExtent({ size, spacingMm }: Grid, [x, y, z]: Vec3): Vec3 {
  return [x / (size[0] * spacingMm[0]), y / (size[1] * spacingMm[1]), z / (size[2] * spacingMm[2])];
}

/**
 * Factors of a texture coordinate's components, and what is to be added, for a plane's signed distance in mm.
 */
function planeInTexture(grid: Grid, normal: Vec3, offsetMm: number): readonly number[] {
  const [x, y, z] = alongAxes(grid, normal);
  const { size, spacingMm } = grid;
  const corner = positionMm(grid, [-0.5, -0.5, -0.5]);
  return [
    x * size[0] * spacingMm[0],
    y * size[1] * spacingMm[1],
    z * size[2] * spacingMm[2],
    dot(normal, corner) - offsetMm,
  ];
}
