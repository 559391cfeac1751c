import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import type { ViewState } from "../../src/render/state/view_state.js";
import { alongAxes, isInVolume } from "./sampling.js";

// The rays of a state's picture, from first principles: no code shared with src/render. Positions are mm
// (LPS) from the volume's center.

export interface RayFrame {
  /** Unit vectors. */
  readonly right: Vec3;
  readonly up: Vec3;
  readonly away: Vec3;
  readonly pixelMm: number;
  /** From the eye to the plane through the volume's center; 0 where rays are parallel. */
  readonly eyeMm: number;
}

export interface ViewRay {
  readonly from: Vec3;
  readonly toward: Vec3;
}

export function rayFrame(grid: Grid, { camera }: ViewState, width: number, height: number): RayFrame {
  const turned = (v: Vec3): Vec3 =>
    rotateZ(rotateX(rotateY(v, -camera.rollDeg), -camera.elevationDeg), camera.azimuthDeg);
  const longestMm = Math.max(...edgesMm(grid));
  const pixelMm = longestMm / (0.9 * camera.zoom * Math.min(width, height));
  const halfFov = (camera.perspectiveDeg / 2) * (Math.PI / 180);
  const eyeMm = halfFov === 0 ? 0 : ((height / 2) * pixelMm) / Math.tan(halfFov);
  return { right: turned([1, 0, 0]), up: turned([0, 0, 1]), away: turned([0, 1, 0]), pixelMm, eyeMm };
}

/**
 * The ray through a pixel's middle; (0, 0) is the picture's top left one. Parallel rays start in the plane
 * through the volume's center.
 */
export function viewRay(
  frame: RayFrame,
  { camera }: ViewState,
  x: number,
  y: number,
  width: number,
  height: number,
): ViewRay {
  const { right, up, away, pixelMm, eyeMm } = frame;
  const middle = add(scaled(right, camera.panMm[0]), scaled(up, camera.panMm[1]));
  const across = scaled(right, (x + 0.5 - width / 2) * pixelMm);
  const place = add(middle, add(across, scaled(up, (height / 2 - y - 0.5) * pixelMm)));
  if (eyeMm === 0) return { from: place, toward: away };
  const eye = add(middle, scaled(away, -eyeMm));
  const way = add(place, scaled(eye, -1));
  return { from: eye, toward: scaled(way, 1 / Math.hypot(...way)) };
}

/**
 * Fractional voxel indices of a ray's samples, nearest first: those at whole multiples of the step from its
 * start, and not before an eye, that are in the volume, the slab and the clip. Each is asked all of it by
 * itself.
 */
export function* samplesOf(
  grid: Grid,
  frame: RayFrame,
  { slab, clip }: ViewState,
  ray: ViewRay,
  stepMm: number,
): Generator<Vec3> {
  const reachMm =
    Math.hypot(...edgesMm(grid)) / 2 + Math.hypot(...add(ray.from, scaled(frame.away, frame.eyeMm)));
  const first = Math.floor((frame.eyeMm - reachMm) / stepMm);
  const last = Math.ceil((Math.hypot(...ray.from) + reachMm) / stepMm);
  const middle = positionMm(grid, centerIndex(grid));
  for (let i = frame.eyeMm === 0 ? first : Math.max(0, first); i <= last; i++) {
    const at = add(ray.from, scaled(ray.toward, i * stepMm));
    const index = indexOf(grid, at);
    if (!isInVolume(grid, index)) continue;
    if (slab && Math.abs(dot(at, frame.away) - slab.centerMm) > slab.thicknessMm / 2) continue;
    if (isSeen(clip, add(middle, at))) yield index;
  }
}

function isSeen({ box, planes = [] }: ViewState["clip"], mm: Vec3): boolean {
  const isBetween = (value: number, a: number, b: number) =>
    value >= Math.min(a, b) && value <= Math.max(a, b);
  if (box && !mm.every((value, axis) => isBetween(value, box.fromMm[axis], box.toMm[axis]))) return false;
  return planes.every(({ normal, offsetMm }) => dot(normal, mm) >= offsetMm);
}

function indexOf(grid: Grid, mm: Vec3): Vec3 {
  const [x, y, z] = alongAxes(grid, mm);
  const [cx, cy, cz] = centerIndex(grid);
  const [sx, sy, sz] = grid.spacingMm;
  return [cx + x / sx, cy + y / sy, cz + z / sz];
}

function centerIndex({ size }: Grid): Vec3 {
  return [(size[0] - 1) / 2, (size[1] - 1) / 2, (size[2] - 1) / 2];
}

function edgesMm({ size, spacingMm }: Grid): number[] {
  return size.map((count, axis) => count * spacingMm[axis]);
}

function rotateX([x, y, z]: Vec3, degrees: number): Vec3 {
  const [s, c] = sinCos(degrees);
  return [x, c * y - s * z, s * y + c * z];
}

function rotateY([x, y, z]: Vec3, degrees: number): Vec3 {
  const [s, c] = sinCos(degrees);
  return [c * x + s * z, y, c * z - s * x];
}

function rotateZ([x, y, z]: Vec3, degrees: number): Vec3 {
  const [s, c] = sinCos(degrees);
  return [c * x - s * y, s * x + c * y, z];
}

function sinCos(degrees: number): [number, number] {
  return [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
}

function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function scaled(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
