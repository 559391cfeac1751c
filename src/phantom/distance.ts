/**
 * Signed distances in mm, negative inside, from which every part of the phantom is built. They are exact at
 * the surface and grow monotonically away from it; that is all that soft edges and thin shells need.
 */
import type { Vec3 } from "../core/grid.js";

/** A signed distance at (x, y) of one plane. */
export type Distance = (x: number, y: number) => number;

/** The smaller of two distances, rounded where they meet over `k` mm (polynomial smooth minimum, Quilez). */
export function smoothMin(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0);
  return Math.min(a, b) - (h * h) / (4 * k);
}

export function smoothMax(a: number, b: number, k: number): number {
  return -smoothMin(-a, -b, k);
}

/** To the ellipsoid of radii `r` about `c`; first order at the surface. */
export function ellipsoid(x: number, y: number, z: number, c: Vec3, r: Vec3): number {
  const u = (x - c[0]) / r[0];
  const v = (y - c[1]) / r[1];
  const w = (z - c[2]) / r[2];
  const level = Math.sqrt(u * u + v * v + w * w);
  const slope = Math.sqrt((u / r[0]) ** 2 + (v / r[1]) ** 2 + (w / r[2]) ** 2);
  return level < 1e-6 ? -Math.min(r[0], r[1], r[2]) : (level * (level - 1)) / slope;
}

/**
 * To the oval |x/a|^2.5 + |y/b|^2.5 = 1, squarer than an ellipse as trunks are; first order at the surface.
 * 2.5 because its powers are products and square roots.
 */
export function oval(x: number, y: number, a: number, b: number): number {
  const u = Math.abs(x) / a;
  const v = Math.abs(y) / b;
  const u15 = u * Math.sqrt(u);
  const v15 = v * Math.sqrt(v);
  const slope = 2.5 * Math.sqrt((u15 / a) ** 2 + (v15 / b) ** 2);
  return (u15 * u + v15 * v - 1) / (slope + 0.25 / Math.max(a, b));
}

/**
 * A value at `t` of the smooth curve (Catmull-Rom) through `knots`, [t, value] by ascending t; constant
 * beyond.
 */
export function profile(knots: readonly (readonly [number, number])[], t: number): number {
  const last = knots.length - 1;
  if (t <= knots[0][0]) return knots[0][1];
  if (t >= knots[last][0]) return knots[last][1];
  let i = 0;
  while (knots[i + 1][0] < t) i++;
  const [t0, v0] = knots[i];
  const [t1, v1] = knots[i + 1];
  const before = knots[Math.max(i - 1, 0)];
  const after = knots[Math.min(i + 2, last)];
  const m0 = ((v1 - before[1]) / (t1 - before[0])) * (t1 - t0);
  const m1 = ((after[1] - v0) / (after[0] - t0)) * (t1 - t0);
  const s = (t - t0) / (t1 - t0);
  const s2 = s * s;
  const s3 = s2 * s;
  return v0 * (2 * s3 - 3 * s2 + 1) + m0 * (s3 - 2 * s2 + s) + v1 * (3 * s2 - 2 * s3) + m1 * (s3 - s2);
}
