import { ellipsoid, smoothMax } from "./distance.js";
import { valueNoise } from "./noise.js";
import { coverage, type PlaneFunction, paint, type SliceCanvas, sampled } from "./slice_canvas.js";
import {
  aboveDiaphragm,
  bodyBox,
  bodyDistance,
  cavityBox,
  cavityDistance,
  type TrunkLevel,
} from "./trunk.js";

const SKIN = 5;
const FAT = -108;
const MUSCLE = 54;

/** Skin, fat under it, and the muscles of the chest wall with fat between their layers. */
export function paintBody(canvas: SliceCanvas, level: TrunkLevel, seed: number): void {
  const { zMm, edgeMm } = canvas;
  const box = bodyBox(level);
  const body = sampled(canvas, box, (x, y) => bodyDistance(level, x, y), Infinity);
  const tissue = (x: number, y: number, at: number) => {
    const depth = -body[at];
    const muscle = depth < 5 ? MUSCLE : muscleHu(level, x, y, seed);
    if (depth > DEEP_MM) return muscle;
    // Thicker fat at the sides and in front, thin over the back.
    const sideways = 4 * Math.min(1, Math.abs(x) / 140);
    const back = 3 * Math.max(0, (y - level.body.y) / 110);
    const wave = 2.2 * valueNoise(x / 30, y / 30, zMm / 40, seed + 1);
    const fat = FAT + 9 * valueNoise(x / 9, y / 9, zMm / 9, seed);
    const underFat = mix(fat, muscle, coverage(10 + sideways - back + wave - depth, edgeMm));
    return mix(SKIN, underFat, coverage(2 - depth, edgeMm));
  };
  paint(canvas, box, (_x, _y, at) => body[at], tissue);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** Deeper than this under the skin there is no fat of the skin. */
const DEEP_MM = 25;

/** Layers of muscle lie about the ribs as shells, apart by streaks of fat. */
function muscleHu(level: TrunkLevel, x: number, y: number, seed: number): number {
  const { zMm } = level;
  const fromCavity = cavityDistance(level, x, y);
  // The cavity will be painted over it.
  if (fromCavity < -3) return MUSCLE;
  const shell = fromCavity + 2.5 * valueNoise(x / 22, y / 22, zMm / 30, seed + 2);
  const plane = Math.min(Math.abs(shell - 11), Math.abs(shell - 24), Math.abs(shell - 38));
  const streak =
    plane > 1.8 ? 0 : (1 - plane / 1.8) * (0.5 + 0.5 * valueNoise(x / 14, y / 14, zMm / 18, seed + 3));
  const marbling = Math.max(0, valueNoise(x / 5, y / 5, zMm / 12, seed + 4) - 0.55);
  // The armpits are full of fat.
  const axilla = Math.min(1, Math.max(0, (armpit(x, y, zMm) - 0.1) * 3));
  return MUSCLE - 150 * Math.min(1, streak + axilla) - 90 * marbling;
}

function armpit(x: number, y: number, z: number): number {
  const d = ellipsoid(Math.abs(x), y, z, [134, -8, 215], [22, 30, 34]);
  return Math.max(0, -d / 12);
}

/** Diaphragm, liver, stomach with its bubble, spleen, in the fat of the abdomen. */
export function paintAbdomen(canvas: SliceCanvas, level: TrunkLevel, seed: number): void {
  const { zMm } = canvas;
  if (zMm > 100) return;
  const box = cavityBox(level);
  const dome = sampled(canvas, box, (x, y) => aboveDiaphragm(x, y, zMm), Infinity);
  const wall = sampled(canvas, box, (x, y) => cavityDistance(level, x, y), Infinity);
  const depth = (at: number) => smoothMax(dome[at] + 3, wall[at] + 2, 6);
  paint(canvas, box, (_x, _y, at) => Math.max(Math.abs(dome[at] + 1) - 1.6, wall[at]), 48);

  const liver: PlaneFunction = (x, y, at) => smoothMax(depth(at), 0.82 * x + 0.57 * y - 20, 14);
  paint(canvas, box, liver, (x, y) => 58 + 5 * valueNoise(x / 12, y / 12, zMm / 12, seed + 5));
  const left = { x: [0, box.x[1]], y: box.y } as const;
  const spleen: PlaneFunction = (x, y, at) =>
    smoothMax(depth(at), ellipsoid(x, y, zMm, [100, 38, 36], [26, 44, 46]), 6);
  paint(canvas, left, spleen, 50);
  const stomach = sampled(
    canvas,
    left,
    (x, y, at) => smoothMax(depth(at), ellipsoid(x, y, zMm, [62, -28, 34], [42, 44, 44]), 8),
    Infinity,
  );
  paint(canvas, left, (_x, _y, at) => stomach[at], 40);
  paint(canvas, left, (_x, _y, at) => stomach[at] + 4, 18);
  // Lying on the back, the gas is in front, above a level.
  paint(canvas, left, (_x, y, at) => Math.max(stomach[at] + 4, y + 40), -980);
}

/**
 * The curved top of the table and its bottom, carbon fiber about foam, with air between patient and table.
 */
export function paintTable(canvas: SliceCanvas): void {
  const top = (x: number, y: number) => y - (136 - (x * x) / 1000);
  const box = { x: [-178, 178], y: [90, 180] } as const;
  const outline = (x: number, y: number) => Math.max(-top(x, y), y - 164 + (x * x) / 2400, Math.abs(x) - 172);
  paint(canvas, box, outline, -930);
  paint(canvas, box, (x, y) => Math.max(outline(x, y), -outline(x, y) - 2.2), -160);
}
