import type { Vec3 } from "../core/grid.js";
import { type Distance, ellipsoid } from "./distance.js";
import { randomStream, valueNoise } from "./noise.js";
import { coverage, paint, type SliceCanvas } from "./slice_canvas.js";
import { paintTubes, type Tube } from "./tubes.js";

/** A spiculated nodule of 20 mm in the right upper lobe. */
export const NODULE: { readonly centerMm: Vec3; readonly radiusMm: number } = {
  centerMm: [-78, -8, 206],
  radiusMm: 10,
};

/** A patch of ground glass in the left lower lobe: its vessels stay visible. */
const GROUND_GLASS = { centerMm: [92, 44, 112] as Vec3, radiiMm: [27, 24, 30] as Vec3 };

/** Spicules: thin, tapering, in all directions. */
export function spicules(seed: number): Tube[] {
  const random = randomStream(seed);
  const { centerMm: c, radiusMm } = NODULE;
  return Array.from({ length: 22 }, () => {
    const up = 2 * random() - 1;
    const turn = 2 * Math.PI * random();
    const flat = Math.sqrt(1 - up * up);
    const length = radiusMm + 4 + 8 * random();
    const direction = [flat * Math.cos(turn), flat * Math.sin(turn), up];
    const at = (r: number): Vec3 => [
      c[0] + r * direction[0],
      c[1] + r * direction[1],
      c[2] + r * direction[2],
    ];
    return { from: at(radiusMm * 0.6), to: at(length), radiusFrom: 2.2, radiusTo: 0.35 };
  });
}

/** 0..1 in the plane z: how dense the ground glass is. */
export function groundGlass(zMm: number, seed: number): Distance {
  const { centerMm, radiiMm } = GROUND_GLASS;
  if (Math.abs(zMm - centerMm[2]) > radiiMm[2] + 10) return () => 0;
  return (x, y) => {
    if (Math.abs(x - centerMm[0]) > radiiMm[0] + 10 || Math.abs(y - centerMm[1]) > radiiMm[1] + 10) return 0;
    const ragged = 7 * valueNoise(x / 9, y / 9, zMm / 9, seed);
    // Its edge is 12 mm soft.
    const share = coverage(ellipsoid(x, y, zMm, centerMm, radiiMm) + ragged, 12);
    return share * (0.8 + 0.3 * valueNoise(x / 4, y / 4, zMm / 4, seed + 1));
  };
}

export function paintNodule(canvas: SliceCanvas, spikes: readonly Tube[], seed: number): void {
  const { zMm } = canvas;
  const { centerMm: c, radiusMm } = NODULE;
  if (Math.abs(zMm - c[2]) > 3 * radiusMm) return;
  paintTubes(canvas, spikes, { hu: 20 });
  const box = { x: [c[0] - 18, c[0] + 18], y: [c[1] - 18, c[1] + 18] } as const;
  const lobulated = (x: number, y: number) =>
    ellipsoid(x, y, zMm, c, [radiusMm, radiusMm, radiusMm]) + 1.3 * valueNoise(x / 5, y / 5, zMm / 5, seed);
  paint(canvas, box, lobulated, 38);
}
