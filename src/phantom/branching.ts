/**
 * Trees that fill a volume: each branch runs towards the middle of the points it must supply, then splits
 * them in two (after Tawhai, Pullan, Hunter: Generation of an anatomically based three-dimensional model of
 * the conducting airways, Ann. Biomed. Eng. 28, 2000). Radii follow the number of points supplied (Murray's
 * law).
 */
import type { Vec3 } from "../core/grid.js";
import type { Tube } from "./tubes.js";

export interface BranchingOptions {
  readonly root: Vec3;
  /** Radius of a branch that supplies `rootCount` points. */
  readonly rootRadiusMm: number;
  readonly rootCount: number;
  /** Branches that supply fewer points are left out. */
  readonly smallestCount: number;
  readonly random: () => number;
}

/** Exponent between Murray's 3 and the 2 that keeps the summed cross-section. */
const MURRAY = 2.4;

export function branchingTree(points: readonly Vec3[], options: BranchingOptions): Tube[] {
  const tubes: Tube[] = [];
  grow(tubes, options.root, undefined, points, options);
  return tubes;
}

/** `heading` is the unit direction of the branch before. */
function grow(
  tubes: Tube[],
  from: Vec3,
  heading: Vec3 | undefined,
  points: readonly Vec3[],
  options: BranchingOptions,
): void {
  if (points.length < Math.max(1, options.smallestCount)) return;
  const { random } = options;
  const middle = centroid(points);
  const toMiddle = subtract(middle, from);
  // A last branch ends short of its point; others leave room for what follows.
  const share = points.length === 1 ? 0.9 : 0.36 + 0.12 * random();
  const to = add(from, scale(toMiddle, share));
  const radius = options.rootRadiusMm * (points.length / options.rootCount) ** (1 / MURRAY);
  tubes.push(...bentTube(from, to, heading ?? unit(toMiddle), radius));
  if (points.length === 1) return;
  const [one, other] = halves(points, middle, toMiddle);
  grow(tubes, to, unit(toMiddle), one, options);
  grow(tubes, to, unit(toMiddle), other, options);
}

/**
 * Two tubes that leave in the direction of the branch before and bend into their own, tapering by a tenth.
 */
function bentTube(from: Vec3, to: Vec3, heading: Vec3, radius: number): Tube[] {
  const path = subtract(to, from);
  const turn = subtract(heading, unit(path));
  const bend = add(add(from, scale(path, 0.5)), scale(turn, 0.16 * norm(path)));
  return [
    { from, to: bend, radiusFrom: radius, radiusTo: radius * 0.95 },
    { from: bend, to, radiusFrom: radius * 0.95, radiusTo: radius * 0.9 },
  ];
}

/** Splits by a plane that holds the branch's direction, across the wider spread of the points. */
function halves(points: readonly Vec3[], middle: Vec3, direction: Vec3): [Vec3[], Vec3[]] {
  const along = unit(direction);
  const helper: Vec3 = Math.abs(along[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0];
  const e1 = unit(cross(along, helper));
  const e2 = cross(along, e1);
  const spread = (axis: Vec3) => points.reduce((sum, p) => sum + dot(subtract(p, middle), axis) ** 2, 0);
  const normal = spread(e1) > spread(e2) ? e1 : e2;
  const ordered = [...points].sort((p, q) => dot(p, normal) - dot(q, normal));
  const atPlane = ordered.filter((p) => dot(subtract(p, middle), normal) < 0).length;
  const cut = Math.min(points.length - 1, Math.max(1, atPlane));
  return [ordered.slice(0, cut), ordered.slice(cut)];
}

function centroid(points: readonly Vec3[]): Vec3 {
  return scale(points.reduce(add), 1 / points.length);
}

function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function scale(a: Vec3, s: number): Vec3 {
  return [a[0] * s, a[1] * s, a[2] * s];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function norm(a: Vec3): number {
  return Math.sqrt(dot(a, a));
}

function unit(a: Vec3): Vec3 {
  return scale(a, 1 / Math.max(norm(a), 1e-9));
}
