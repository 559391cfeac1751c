/**
 * The frame the rest hangs on, by height z above the lowest slice (mm): x grows to the patient's left, y to
 * the back, (0, 0) is the middle of the field of view. Numbers are of an adult of average size, arms raised.
 */
import { oval, profile } from "./distance.js";
import type { Box } from "./slice_canvas.js";

/** A slice through the trunk: half widths and center of the body and of the chest cavity within the ribs. */
export interface TrunkLevel {
  readonly zMm: number;
  readonly body: { readonly a: number; readonly b: number; readonly y: number };
  readonly cavity: { readonly a: number; readonly b: number; readonly y: number };
  /** y of the middle of the vertebral bodies. */
  readonly spineY: number;
}

type Knots = readonly (readonly [number, number])[];

// Shoulders are wider than the field of view and are cut by it, as on real scans.
// biome-ignore format: a table
const BODY_A: Knots = [[0, 160], [60, 164], [120, 166], [160, 169], [200, 176], [230, 190], [260, 206], [290, 210]];
// biome-ignore format: a table
const BODY_B: Knots = [[0, 114], [60, 118], [120, 119], [160, 116], [200, 107], [230, 97], [260, 86], [290, 74]];
// biome-ignore format: a table
const BODY_Y: Knots = [[0, 0], [120, 0], [160, 1], [200, 5], [230, 11], [260, 18], [290, 24]];
// biome-ignore format: a table
const CAVITY_A: Knots = [[0, 136], [40, 139], [80, 139], [120, 136], [160, 128], [200, 113], [230, 94], [255, 70], [275, 50], [290, 42]];
// biome-ignore format: a table
const CAVITY_B: Knots = [[0, 92], [60, 97], [120, 95], [160, 88], [200, 75], [230, 62], [255, 49], [275, 40], [290, 36]];
// biome-ignore format: a table
const CAVITY_Y: Knots = [[0, -4], [60, -5], [120, -5], [160, -3], [200, 2], [230, 8], [255, 15], [290, 22]];

export function trunkLevel(zMm: number): TrunkLevel {
  return {
    zMm,
    body: { a: profile(BODY_A, zMm), b: profile(BODY_B, zMm), y: profile(BODY_Y, zMm) },
    cavity: { a: profile(CAVITY_A, zMm), b: profile(CAVITY_B, zMm), y: profile(CAVITY_Y, zMm) },
    spineY: spineY(zMm),
  };
}

/** The thoracic spine bends forward at both ends. */
export function spineY(zMm: number): number {
  return 66 - 0.0012 * (zMm - 130) ** 2;
}

export function bodyDistance({ body }: TrunkLevel, x: number, y: number): number {
  return oval(x, y - body.y, body.a, body.b);
}

export function cavityDistance({ cavity }: TrunkLevel, x: number, y: number): number {
  return oval(x, y - cavity.y, cavity.a, cavity.b);
}

/** Holds the body with 4 mm to spare. */
export function bodyBox({ body }: TrunkLevel): Box {
  return ovalBox(body);
}

/** Holds the cavity with 4 mm to spare. */
export function cavityBox({ cavity }: TrunkLevel): Box {
  return ovalBox(cavity);
}

function ovalBox({ a, b, y }: TrunkLevel["body"]): Box {
  return { x: [-a - 4, a + 4], y: [y - b - 4, y + b + 4] };
}

interface Dome {
  readonly top: number;
  readonly x: number;
  readonly y: number;
  readonly rx: number;
}

// The right dome is the higher one: the liver is under it.
const RIGHT_DOME: Dome = { top: 97, x: -62, y: -16, rx: 74 };
const LEFT_DOME: Dome = { top: 85, x: 66, y: -12, rx: 72 };

/**
 * Height above the diaphragm at (x, y, z), along its normal: positive in the chest, negative in the abdomen.
 */
export function aboveDiaphragm(x: number, y: number, z: number): number {
  const right = domeHeight(RIGHT_DOME, x, y, z);
  const left = domeHeight(LEFT_DOME, x, y, z);
  return Math.min(right, left);
}

function domeHeight(dome: Dome, x: number, y: number, z: number): number {
  const u = (x - dome.x) / dome.rx;
  const v = (y - dome.y) / 80;
  // The flanks fall faster the farther out, down to the costophrenic angles.
  const slopeX = (90 * u) / dome.rx;
  const slopeY = (104 * v) / 80;
  return (z - dome.top + 45 * u * u + 52 * v * v) / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY);
}
