import type { Vec3 } from "./grid.js";

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** a + b * factor */
export function plus(a: Vec3, b: Vec3, factor = 1): Vec3 {
  return [a[0] + b[0] * factor, a[1] + b[1] * factor, a[2] + b[2] * factor];
}

export function minus(a: Vec3, b: Vec3): Vec3 {
  return plus(a, b, -1);
}

/** a * factor, without negative zeros. */
export function times(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor + 0, a[1] * factor + 0, a[2] * factor + 0];
}

export function norm(a: Vec3): number {
  return Math.sqrt(dot(a, a));
}
