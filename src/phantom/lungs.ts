import { type Distance, smoothMax } from "./distance.js";
import { mediastinumDistance } from "./mediastinum.js";
import { valueNoise } from "./noise.js";
import { paint, type SliceCanvas } from "./slice_canvas.js";
import { aboveDiaphragm, cavityBox, cavityDistance, type TrunkLevel } from "./trunk.js";

export const LABEL = { rightLung: 1, leftLung: 2, airways: 3 } as const;

/** Nothing between the lungs goes farther from the middle, the apex of the heart included. */
const MEDIASTINUM_REACH_MM = 90;

/** Signed distance to both lungs in the plane of `level`; the mediastinum keeps them apart. */
export function lungDistance(level: TrunkLevel): Distance {
  const { zMm } = level;
  const mediastinum = mediastinumDistance(level);
  return (x, y) => {
    const wall = cavityDistance(level, x, y) + 1.5;
    if (wall > 12) return wall;
    const below = -aboveDiaphragm(x, y, zMm);
    if (below > 12) return below;
    // The tops are domes, highest behind the inner third of the clavicles.
    const apex = (zMm - 271 + 0.0095 * (Math.abs(x) - 44) ** 2 + 0.0065 * (y - 20) ** 2) * 0.75;
    const outer = smoothMax(smoothMax(wall, apex, 14), below, 5);
    const isClear = outer > 12 || Math.abs(x) > MEDIASTINUM_REACH_MM;
    return isClear ? outer : smoothMax(outer, -mediastinum(x, y), 7);
  };
}

/** Which lung a point of the lungs belongs to: the two meet in the plane x = 2 mm. */
export function lungLabel(x: number): number {
  return x < 2 ? LABEL.rightLung : LABEL.leftLung;
}

/** Height above the oblique fissure, which runs from high behind to low in front. */
export function aboveObliqueFissure(x: number, y: number, z: number): number {
  const bend = 0.0012 * (Math.abs(x) - 70) ** 2;
  return (z - 124 - bend - 1.02 * y) / 1.43;
}

/** Height above the horizontal fissure of the right lung. */
export function aboveHorizontalFissure(x: number, y: number, z: number): number {
  return z - 152 + 0.002 * ((x + 75) ** 2 + (y + 40) ** 2);
}

/**
 * Lays air-filled tissue over the slice, darker in front, with smooth texture and fissures as faint lines.
 * `haze` (0..1) is how far it is filled by ground glass. `distances` are those to the lungs, for every voxel.
 */
export function paintLungs(
  canvas: SliceCanvas,
  level: TrunkLevel,
  distances: Float32Array,
  haze: Distance,
  seed: number,
): void {
  const { zMm, edgeMm } = canvas;
  const parenchyma = (x: number, y: number) => {
    const gravity = 32 * ((y - level.cavity.y) / level.cavity.b);
    const texture =
      11 * valueNoise(x / 7, y / 7, zMm / 7, seed) + 9 * valueNoise(x / 2.6, y / 2.6, zMm / 3, seed + 1);
    return -866 + gravity + texture + 95 * fissure(x, y, zMm, edgeMm) + 330 * haze(x, y);
  };
  paint(canvas, cavityBox(level), (_x, _y, at) => distances[at], parenchyma, lungLabel);
}

/** 0..1: how much of a voxel is one of the fissures, two layers of pleura of 0.6 mm together. */
function fissure(x: number, y: number, z: number, edgeMm: number): number {
  const oblique = aboveObliqueFissure(x, y, z);
  let nearest = Math.abs(oblique);
  if (x < 0 && oblique > 0) nearest = Math.min(nearest, Math.abs(aboveHorizontalFissure(x, y, z)));
  return Math.max(0, 1 - nearest / Math.max(edgeMm, 1.2)) * Math.min(1, 1.4 / edgeMm);
}
