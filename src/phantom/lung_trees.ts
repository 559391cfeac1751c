import type { Vec3 } from "../core/grid.js";
import { branchingTree } from "./branching.js";
import { aboveHorizontalFissure, aboveObliqueFissure, LABEL, lungDistance } from "./lungs.js";
import { CARINA, HILUM } from "./mediastinum.js";
import { randomStream } from "./noise.js";
import { coverage, type SliceCanvas, sampled } from "./slice_canvas.js";
import { trunkLevel } from "./trunk.js";
import { paintTubes, type Tube, tubesThrough } from "./tubes.js";

export interface LungTrees {
  readonly arteries: readonly Tube[];
  readonly veins: readonly Tube[];
  /** Trachea, main bronchi and their first branches: walls are drawn also outside the lungs. Lumen radii. */
  readonly centralAirways: readonly Tube[];
  readonly airways: readonly Tube[];
}

/** Points supplied in both lungs together; a tip every 15 mm. */
const TIPS = 1200;

export function lungTrees(seed: number): LungTrees {
  const arterial = lobes(tips(seed));
  const venous = lobes(tips(seed + 1));
  const arteries: Tube[] = [];
  const veins: Tube[] = [];
  const airways: Tube[] = [];
  const random = randomStream(seed + 2);
  const common = { rootCount: TIPS / 2, random };
  for (const side of ["right", "left"] as const) {
    const [x, y, z] = HILUM[side];
    const outward = side === "right" ? -1 : 1;
    for (const points of arterial[side]) {
      arteries.push(
        ...branchingTree(points, { ...common, root: [x, y, z + 4], rootRadiusMm: 8, smallestCount: 1 }),
      );
      airways.push(
        ...branchingTree(points, {
          ...common,
          root: [x + 5 * outward, y + 7, z],
          rootRadiusMm: 5.6,
          smallestCount: 9,
        }),
      );
    }
    // The veins come together lower and farther in front, at the left atrium.
    for (const points of venous[side]) {
      const root: Vec3 = [side === "right" ? -26 : 36, 12, 152];
      veins.push(...branchingTree(points, { ...common, root, rootRadiusMm: 6.8, smallestCount: 1 }));
    }
  }
  return { arteries, veins, centralAirways: CENTRAL_AIRWAYS, airways };
}

const CENTRAL_AIRWAYS: readonly Tube[] = [
  // biome-ignore format: points
  ...tubesThrough([[0, 6, 300, 8.4], [0, 12, 250, 8.6], [1, 18, 215, 8.8], [CARINA[0], CARINA[1], CARINA[2] + 2, 9]]),
  // biome-ignore format: points
  ...tubesThrough([[CARINA[0] - 3, CARINA[1], CARINA[2], 7.6], [-18, 22, 180, 7], [HILUM.right[0] - 5, HILUM.right[1] + 7, HILUM.right[2], 6]]),
  // biome-ignore format: points
  ...tubesThrough([[CARINA[0] + 3, CARINA[1], CARINA[2], 7], [22, 26, 181, 6.2], [HILUM.left[0] + 5, HILUM.left[1] + 7, HILUM.left[2], 5.6]]),
];

/** Random points of the lungs, at least 4 mm from their surface. */
function tips(seed: number): Vec3[] {
  const random = randomStream(seed);
  const points: Vec3[] = [];
  while (points.length < TIPS) {
    const [x, y, z] = [300 * random() - 150, 200 * random() - 105, 20 + 255 * random()];
    if (lungDistance(trunkLevel(z))(x, y) < -4) points.push([x, y, z]);
  }
  return points;
}

/** The points by lung and lobe: branches do not cross the fissures. */
function lobes(points: readonly Vec3[]): { right: Vec3[][]; left: Vec3[][] } {
  const right: Vec3[][] = [[], [], []];
  const left: Vec3[][] = [[], []];
  for (const point of points) {
    const isUpper = aboveObliqueFissure(...point) > 0;
    if (point[0] >= 2) left[isUpper ? 0 : 1].push(point);
    else if (!isUpper) right[2].push(point);
    else right[aboveHorizontalFissure(...point) > 0 ? 0 : 1].push(point);
  }
  return { right, left };
}

/** Roots of the lungs: here branches show although they are not in the lungs yet. */
const ROOTS: readonly Vec3[] = [HILUM.right, HILUM.left, [-26, 12, 155], [36, 12, 155]];

const ROOT_RADIUS_MM = 26;

/**
 * 0..1 for each voxel: in the lungs and at their roots, so that no branch shows in the heart or in the
 * abdomen.
 */
function branchShare(canvas: SliceCanvas, lungDistances: Float32Array): Float32Array {
  const share = lungDistances.map((d) => coverage(d, canvas.edgeMm));
  for (const root of ROOTS) {
    const chord2 = ROOT_RADIUS_MM ** 2 - (root[2] - canvas.zMm) ** 2;
    if (chord2 <= 0) continue;
    const chord = Math.sqrt(chord2);
    const box = { x: [root[0] - chord, root[0] + chord], y: [root[1] - chord, root[1] + chord] } as const;
    const inside = sampled(canvas, box, (x, y) => Math.hypot(x - root[0], y - root[1]) - chord, Infinity);
    for (let at = 0; at < share.length; at++) if (inside[at] < 0) share[at] = 1;
  }
  return share;
}

/** Paints vessels, then airway walls, then their air. */
export function paintLungTrees(canvas: SliceCanvas, trees: LungTrees, lungDistances: Float32Array): void {
  const { airways } = LABEL;
  const within = branchShare(canvas, lungDistances);
  paintTubes(canvas, trees.arteries, { hu: 44, within });
  paintTubes(canvas, trees.veins, { hu: 40, within });
  paintTubes(canvas, trees.centralAirways, { hu: 25, growMm: 1.6 });
  paintTubes(canvas, trees.airways, { hu: 0, growMm: 0.7, within });
  paintTubes(canvas, trees.airways, { hu: -985, within, label: airways });
  paintTubes(canvas, trees.centralAirways, { hu: -995, label: airways });
}
