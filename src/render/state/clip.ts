import type { Vec3 } from "../../core/grid.js";
import { areFinite, isWithin, refused } from "./fail.js";

/** A part of the volume between two planes across the view: turning the camera turns them. Plain data. */
export interface ViewSlab {
  /** Of the slab's middle, from the volume's center, mm away from the viewer. */
  readonly centerMm: number;
  readonly thicknessMm: number;
}

/**
 * What is seen of a plane: positions p (mm, LPS) with `normal · p >= offsetMm`, for a normal of length 1;
 * others are scaled to it.
 */
export interface ClipPlane {
  readonly normal: Vec3;
  readonly offsetMm: number;
}

/** Two opposite corners, mm, LPS. */
export interface ClipBox {
  readonly fromMm: Vec3;
  readonly toMm: Vec3;
}

/**
 * What of the volume is drawn: that which lies in the box and on the seen side of every plane. Plain data.
 */
export interface Clip {
  readonly box?: ClipBox;
  readonly planes?: readonly ClipPlane[];
}

export const MOST_CLIP_PLANES = 6;

/** @throws HounsfieldError `invalid-option` */
export function checkSlab(slab: ViewSlab | null): void {
  if (slab === null) return;
  const { centerMm, thicknessMm } = slab;
  if (!Number.isFinite(centerMm)) throw refused("slab centerMm", centerMm, "a finite number");
  if (!isWithin(thicknessMm, 0, 1e6) || thicknessMm === 0)
    throw refused("slab thicknessMm", thicknessMm, "a finite number above 0");
}

/** @throws HounsfieldError `invalid-option` */
export function checkClip({ box, planes = [] }: Clip): void {
  if (box && !(areFinite(box.fromMm, 3) && areFinite(box.toMm, 3)))
    throw refused("clip box", box, "fromMm and toMm of three finite numbers");
  if (planes.length > MOST_CLIP_PLANES)
    throw refused("clip planes", planes.length, `${MOST_CLIP_PLANES} at most`);
  for (const plane of planes) {
    const { normal, offsetMm } = plane;
    if (!areFinite(normal, 3) || Math.hypot(...normal) === 0 || !Number.isFinite(offsetMm))
      throw refused(
        "clip plane",
        plane,
        "a normal of three finite numbers, not all 0, and a finite offsetMm",
      );
  }
}

/** All of a clip as planes with normals of length 1. */
export function clipPlanes({ box, planes = [] }: Clip): ClipPlane[] {
  const free = planes.map(({ normal, offsetMm }) => {
    const length = Math.hypot(...normal);
    const [x, y, z] = normal.map((value) => value / length);
    return { normal: [x, y, z] as const, offsetMm: offsetMm / length };
  });
  return box ? [...boxPlanes(box), ...free] : free;
}

function boxPlanes({ fromMm, toMm }: ClipBox): ClipPlane[] {
  return [0, 1, 2].flatMap((axis) => {
    const along = (sign: number): Vec3 => [
      axis === 0 ? sign : 0,
      axis === 1 ? sign : 0,
      axis === 2 ? sign : 0,
    ];
    const low = Math.min(fromMm[axis], toMm[axis]);
    const high = Math.max(fromMm[axis], toMm[axis]);
    return [
      { normal: along(1), offsetMm: low },
      { normal: along(-1), offsetMm: -high },
    ];
  });
}
