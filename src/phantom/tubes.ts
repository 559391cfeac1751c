import type { Vec3 } from "../core/grid.js";
import { indexRange, type SliceCanvas } from "./slice_canvas.js";

/** A tapered piece of a tube: a rib, a vessel, an airway. mm. */
export interface Tube {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly radiusFrom: number;
  readonly radiusTo: number;
}

/** A polyline of tubes through `points`, each [x, y, z, radius]. */
export function tubesThrough(points: readonly (readonly [number, number, number, number])[]): Tube[] {
  return points.slice(1).map((to, i) => {
    const from = points[i];
    return {
      from: [from[0], from[1], from[2]],
      to: [to[0], to[1], to[2]],
      radiusFrom: from[3],
      radiusTo: to[3],
    };
  });
}

export interface TubeStyle {
  readonly hu: number;
  /** Added to every radius: a wall, a shell, a core. */
  readonly growMm?: number;
  /** Height of the cross-section over its width: ribs are taller than thick. */
  readonly tallness?: number;
  /** 0..1 for each voxel: where the tubes show. */
  readonly within?: Float32Array;
  readonly label?: number;
}

/** Paints the parts of `tubes` that this slice cuts. */
export function paintTubes(canvas: SliceCanvas, tubes: readonly Tube[], style: TubeStyle): void {
  for (const tube of tubes) paintTube(canvas, tube, style);
}

function paintTube(canvas: SliceCanvas, tube: Tube, style: TubeStyle): void {
  const { columns, rows, originMm, spacingMm, edgeMm, hu, labels, zMm } = canvas;
  const { hu: value, growMm = 0, tallness = 1, within, label } = style;
  const radiusFrom = tube.radiusFrom + growMm;
  const radiusTo = tube.radiusTo + growMm;
  if (radiusFrom <= 0 || radiusTo <= 0) return;
  const zEdgeMm = canvas.zEdgeMm / tallness;
  const reach = Math.max(radiusFrom, radiusTo, zEdgeMm / 2, edgeMm / 2) + Math.max(zEdgeMm, edgeMm) / 2;
  // In units where the cross-section is round.
  const [ax, ay] = tube.from;
  const az = tube.from[2] / tallness;
  const bx = tube.to[0] - ax;
  const by = tube.to[1] - ay;
  const bz = tube.to[2] / tallness - az;
  const z = zMm / tallness - az;
  if (z < Math.min(0, bz) - reach || z > Math.max(0, bz) + reach) return;
  const length2 = bx * bx + by * by + bz * bz;

  // Only the part of the axis within reach of the slice decides the box.
  const [t0, t1] = nearRange(z, bz, reach);
  const xs: [number, number] = [
    ax + Math.min(t0 * bx, t1 * bx) - reach,
    ax + Math.max(t0 * bx, t1 * bx) + reach,
  ];
  const ys: [number, number] = [
    ay + Math.min(t0 * by, t1 * by) - reach,
    ay + Math.max(t0 * by, t1 * by) + reach,
  ];
  const [i0, i1] = indexRange(xs, originMm[0], spacingMm[0], columns);
  const [j0, j1] = indexRange(ys, originMm[1], spacingMm[1], rows);
  for (let j = j0; j < j1; j++) {
    const y = originMm[1] + j * spacingMm[1];
    for (let i = i0; i < i1; i++) {
      const x = originMm[0] + i * spacingMm[0];
      const px = x - ax;
      const py = y - ay;
      const t = length2 > 0 ? Math.min(1, Math.max(0, (px * bx + py * by + z * bz) / length2)) : 0;
      const dx = px - t * bx;
      const dy = py - t * by;
      const dz = z - t * bz;
      const axisMm = Math.sqrt(dx * dx + dy * dy + dz * dz);
      const radius = radiusFrom + (radiusTo - radiusFrom) * t;
      const share = tubeShare(axisMm, radius, edgeMm + ((zEdgeMm - edgeMm) * Math.abs(dz)) / (axisMm + 0.1));
      if (share <= 0) continue;
      const at = j * columns + i;
      const alpha = within ? share * within[at] : share;
      hu[at] += (value - hu[at]) * alpha;
      if (label !== undefined && axisMm < radius && alpha > 0) labels[at] = label;
    }
  }
}

/** The range of t in 0..1 whose height t * bz is within `reach` of `z`. */
function nearRange(z: number, bz: number, reach: number): [number, number] {
  if (Math.abs(bz) < 1e-9) return [0, 1];
  const a = (z - reach) / bz;
  const b = (z + reach) / bz;
  return [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
}

/**
 * Share of a voxel filled by a tube whose axis is `axisMm` away. One thinner than the edge is widened to it
 * and thinned out by its cross-section, so that coarse grids keep the mean density of the lung.
 */
function tubeShare(axisMm: number, radius: number, edgeMm: number): number {
  const thin = (2 * radius) / edgeMm;
  if (thin >= 1) return Math.min(1, Math.max(0, 0.5 - (axisMm - radius) / edgeMm));
  return Math.max(0, 1 - axisMm / edgeMm) * thin * Math.sqrt(thin);
}

/**
 * Distance in the plane z to the nearest of `tubes`, with `farMm` where none is near: for shapes built on
 * tubes.
 */
export function tubesDistance(
  tubes: readonly Tube[],
  zMm: number,
  farMm: number,
): (x: number, y: number) => number {
  const near = tubes.filter(({ from, to, radiusFrom, radiusTo }) => {
    const reach = farMm + Math.max(radiusFrom, radiusTo);
    return zMm > Math.min(from[2], to[2]) - reach && zMm < Math.max(from[2], to[2]) + reach;
  });
  return (x, y) => {
    let nearest = farMm;
    for (const tube of near) nearest = Math.min(nearest, tubeDistance(tube, x, y, zMm));
    return nearest;
  };
}

function tubeDistance({ from, to, radiusFrom, radiusTo }: Tube, x: number, y: number, z: number): number {
  const bx = to[0] - from[0];
  const by = to[1] - from[1];
  const bz = to[2] - from[2];
  const px = x - from[0];
  const py = y - from[1];
  const pz = z - from[2];
  const t = Math.min(1, Math.max(0, (px * bx + py * by + pz * bz) / (bx * bx + by * by + bz * bz)));
  const axisMm = Math.sqrt((px - t * bx) ** 2 + (py - t * by) ** 2 + (pz - t * bz) ** 2);
  return axisMm - radiusFrom - (radiusTo - radiusFrom) * t;
}
