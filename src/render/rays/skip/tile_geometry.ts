import type { Vec3 } from "../../../core/grid.js";
import { combine, dot } from "../../state/plane.js";
import type { Rays } from "../rays.js";

/** Tiles of a picture and segments of its rays, as shaders/render/common/tiles.wgsl has them. */
export const TILE_PX = 8;
export const TILE_SEGMENTS = 64;
/** Fewer samples a segment cost more to list than they save. */
const LEAST_SAMPLES = 16;

/**
 * How a picture's rays are parted, and where a place of the volume is seen: what
 * shaders/render/frame/tile_splat.wgsl takes.
 */
export interface TileGeometry {
  readonly columns: number;
  readonly rows: number;
  readonly firstSample: number;
  readonly segmentSamples: number;
  /** Texture coordinates of the eye, or of the picture's middle for parallel rays. */
  readonly origin: Vec3;
  /**
   * From a place relative to `origin`: pixels to the right and down (at the eye's distance from the center),
   * and mm away.
   */
  readonly toRight: Vec3;
  readonly toDown: Vec3;
  readonly toDepth: Vec3;
}

export function tileGeometry(rays: Rays, widthPx: number, heightPx: number): TileGeometry {
  const { center, right, down, forward, eye_mm } = rays;
  const origin = combine([1, -eye_mm], [center, forward]);
  const [toRight, toDown, toDepth] = inverse(right, down, forward);
  const [firstSample, count] = sampleSpan(rays, origin, [toRight, toDown, toDepth], widthPx, heightPx);
  return {
    columns: Math.ceil(widthPx / TILE_PX),
    rows: Math.ceil(heightPx / TILE_PX),
    firstSample,
    segmentSamples: Math.max(LEAST_SAMPLES, Math.ceil(count / TILE_SEGMENTS)),
    origin,
    toRight,
    toDown,
    toDepth,
  };
}

/** The first sample that a ray may take, and how many at most, with one more at each end. */
function sampleSpan(
  { eye_mm, pixel_mm, slab_mm, step_mm }: Rays,
  origin: Vec3,
  [toRight, toDown, toDepth]: readonly Vec3[],
  widthPx: number,
  heightPx: number,
): [number, number] {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((i) =>
    combine([1, -1], [[i & 1, (i >> 1) & 1, i >> 2], origin]),
  );
  const depths = corners.map((corner) => dot(toDepth, corner));
  const near = Math.max(Math.min(...depths), slab_mm[0] + eye_mm, eye_mm > 0 ? 0 : -Infinity);
  const far = Math.min(Math.max(...depths), slab_mm[1] + eye_mm);
  const slant = eye_mm > 0 ? Math.hypot((Math.hypot(widthPx, heightPx) / 2) * pixel_mm, eye_mm) / eye_mm : 1;
  const farthest = Math.max(
    ...corners.map((corner) =>
      Math.hypot(dot(toRight, corner) * pixel_mm, dot(toDown, corner) * pixel_mm, dot(toDepth, corner)),
    ),
  );
  const end = eye_mm > 0 ? Math.min(far * slant, farthest) : far;
  const first = Math.floor(near / step_mm) - 1;
  return [first, Math.max(1, Math.ceil(end / step_mm) + 2 - first)];
}

/** Rows of the inverse of the matrix with these columns. */
function inverse(a: Vec3, b: Vec3, c: Vec3): [Vec3, Vec3, Vec3] {
  const determinant = dot(a, cross(b, c));
  const scaled = (v: Vec3): Vec3 => [v[0] / determinant, v[1] / determinant, v[2] / determinant];
  return [scaled(cross(b, c)), scaled(cross(c, a)), scaled(cross(a, b))];
}

function cross([ax, ay, az]: Vec3, [bx, by, bz]: Vec3): Vec3 {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}
