import { profile, smoothMax } from "./distance.js";
import { paint, type SliceCanvas } from "./slice_canvas.js";
import { cavityDistance, spineY, type TrunkLevel, trunkLevel } from "./trunk.js";
import { paintTubes, type Tube, tubesThrough } from "./tubes.js";

/** HU of compact bone, of the spongy bone within, of rib cartilage. */
const CORTEX = 620;
const MARROW = 370;
const CARTILAGE = 115;

export interface Skeleton {
  readonly ribs: readonly Tube[];
  readonly cartilage: readonly Tube[];
  readonly clavicles: readonly Tube[];
  /** Processes of the vertebrae, spines of the scapulae, humeri: solid bone of medium density. */
  readonly processes: readonly Tube[];
}

/**
 * Height of the middle of thoracic vertebra `n` (1..12); 13 is the first lumbar one, 0 the last of the neck.
 */
export function vertebraZ(n: number): number {
  // 19 mm from one to the next at the top, 26 at the bottom.
  return 277 - 19 * (n - 1) - 0.3 * (n - 1) ** 2;
}

export function buildSkeleton(): Skeleton {
  const ribs: Tube[] = [];
  const cartilage: Tube[] = [];
  const processes: Tube[] = [];
  for (let n = 1; n <= 13; n++) {
    for (const side of [-1, 1]) {
      if (n <= 12) {
        const points = ribPoints(n, side);
        ribs.push(...tubesThrough(points));
        if (n <= 10) cartilage.push(...cartilageOf(n, side, points[points.length - 1]));
      }
      processes.push(...transverseProcess(n, side));
    }
    processes.push(...spinousProcess(n));
  }
  for (const side of [-1, 1]) processes.push(...shoulder(side));
  const clavicles = [-1, 1].flatMap((side) => clavicle(side));
  return { ribs, cartilage, clavicles, processes };
}

type Point = readonly [number, number, number, number];

/**
 * How far round each rib goes, from the spine (0) to the breastbone (180 degrees), and how far it falls on
 * the way.
 */
const RIB_END_DEGREES = [140, 146, 146, 144, 142, 139, 136, 128, 118, 106, 84, 58];
const RIB_FALL_MM = [30, 44, 56, 66, 74, 80, 84, 84, 78, 68, 48, 26];

function ribPoints(n: number, side: number): Point[] {
  const z0 = vertebraZ(n) + 8;
  const end = RIB_END_DEGREES[n - 1];
  const radius = n === 1 ? 3.8 : n > 10 ? 3.2 : 4.2;
  // Head at the vertebra, then the neck behind the transverse process.
  const head: Point = [side * 17, spineY(z0) + 6, z0, radius * 0.85];
  const points: Point[] = [head];
  const steps = 36;
  const first = 13;
  for (let i = 0; i <= steps; i++) {
    const degrees = first + ((end - first) * i) / steps;
    const share = (degrees - first) / 133;
    // Slow at first, steepest at the side.
    const z = z0 - RIB_FALL_MM[n - 1] * Math.min(1.1, share) ** 1.15;
    const [x, y] = cagePoint(z, degrees, side, 5);
    points.push([x, y, z, radius]);
  }
  return points;
}

/** A point `outMm` outside of the cavity's wall, `degrees` from the middle of the back. */
function cagePoint(zMm: number, degrees: number, side: number, outMm: number): [number, number] {
  const { cavity } = trunkLevel(zMm);
  const angle = (degrees * Math.PI) / 180;
  // |sin|^0.8 and |cos|^0.8 run on the oval of exponent 2.5.
  const s = Math.abs(Math.sin(angle)) ** 0.8;
  const c = Math.sign(Math.cos(angle)) * Math.abs(Math.cos(angle)) ** 0.8;
  return [side * (cavity.a + outMm) * s, cavity.y + (cavity.b + outMm) * c];
}

/** From the end of a rib to the breastbone; of the lower ribs up along the arch. */
function cartilageOf(n: number, side: number, end: Point): Tube[] {
  const sternumZ = [236, 222, 203, 184, 165, 148, 134, 124, 118, 112][n - 1];
  const middleZ = (end[2] + sternumZ) / 2 - (n > 4 ? 8 : 2);
  const [mx, my] = cagePoint(middleZ, n === 1 ? 156 : 158, side, 4);
  const sternumX = side * (n === 1 ? 24 : n > 7 ? 22 : 15);
  return tubesThrough([end, [mx, my, middleZ, 4], [sternumX, sternumY(sternumZ) + 1, sternumZ, 4]]);
}

function transverseProcess(n: number, side: number): Tube[] {
  const z = vertebraZ(n);
  const y = spineY(z);
  return tubesThrough([
    [side * 11, y + 14, z + 4, 4.5],
    [side * 20, y + 24, z + 4, 4.5],
    [side * 33, y + 33, z + 7, 4.2],
  ]);
}

function spinousProcess(n: number): Tube[] {
  const z = vertebraZ(n);
  const y = spineY(z);
  const lamina = (side: number) =>
    tubesThrough([
      [side * 12, y + 17, z, 4],
      [side * 9, y + 30, z - 4, 3.5],
      [0, y + 36, z - 8, 3.5],
    ]);
  // Steepest in the middle of the chest.
  const fall = 16 * Math.sin((Math.PI * Math.min(12, n)) / 12);
  return [
    ...lamina(-1),
    ...lamina(1),
    ...tubesThrough([
      [0, y + 34, z - 8, 3.6],
      [0, y + 52, z - 12 - fall, 3.2],
    ]),
  ];
}

/** Clavicle: from the manubrium forward, then back and up to the shoulder. */
function clavicle(side: number): Tube[] {
  return tubesThrough([
    [side * 20, -50, 246, 8.5],
    [side * 45, -56, 250, 6.5],
    [side * 75, -48, 257, 5.8],
    [side * 105, -28, 266, 5.8],
    [side * 135, -8, 276, 6.5],
    [side * 160, 0, 284, 7],
  ]);
}

/** Spine of the scapula, its neck and coracoid process, and the head of the raised humerus. */
function shoulder(side: number): Tube[] {
  return [
    ...tubesThrough([
      [side * 84, 92, 232, 3.5],
      [side * 115, 92, 248, 4.5],
      [side * 150, 66, 268, 6.5],
    ]),
    ...tubesThrough([
      [side * 112, 58, 240, 5],
      [side * 136, 34, 254, 12],
    ]),
    ...tubesThrough([
      [side * 132, 28, 258, 5],
      [side * 122, 0, 264, 4.5],
      [side * 118, -16, 258, 4],
    ]),
    ...tubesThrough([
      [side * 160, 26, 266, 22],
      [side * 172, 22, 300, 19],
    ]),
  ];
}

/** Middle of the breastbone's thickness. */
export function sternumY(zMm: number): number {
  const { cavity } = trunkLevel(zMm);
  return cavity.y - cavity.b - 5;
}

/** Half width of the breastbone: manubrium, waist at its joint, body, xiphoid. */
const STERNUM_A = [[98, 0], [106, 5], [118, 9], [130, 16], [160, 17], [205, 13], [216, 14], [228, 24], [242, 28], [250, 24], [256, 0]] as const; // biome-ignore format: a table

export function paintSkeleton(canvas: SliceCanvas, level: TrunkLevel, skeleton: Skeleton): void {
  paintVertebrae(canvas, level);
  paintTubes(canvas, skeleton.processes, { hu: 560 });
  paintTubes(canvas, skeleton.processes, { hu: 260, growMm: -2.4 });
  paintSpinalCanal(canvas, level);
  paintScapulae(canvas, level);
  paintTubes(canvas, skeleton.cartilage, { hu: CARTILAGE, tallness: 1.4 });
  paintTubes(canvas, skeleton.ribs, { hu: CORTEX, tallness: 1.55 });
  paintTubes(canvas, skeleton.ribs, { hu: MARROW, tallness: 1.7, growMm: -2.2 });
  paintTubes(canvas, skeleton.clavicles, { hu: CORTEX });
  paintTubes(canvas, skeleton.clavicles, { hu: MARROW, growMm: -2 });
  paintSternum(canvas);
}

/** Bodies with waists and dense end plates, discs between them. */
function paintVertebrae(canvas: SliceCanvas, { zMm, spineY: y0 }: TrunkLevel): void {
  const { n, offset, half } = vertebraAt(zMm);
  const size = 1 + 0.028 * (n - 4);
  const isDisc = Math.abs(offset) > half;
  const waist = isDisc ? 1.2 : 1.8 * (1 - (offset / half) ** 2);
  const box = { x: [-32, 32], y: [y0 - 30, y0 + 32] } as const;
  const rim = (x: number, y: number) => {
    // Flat towards the canal.
    const depth = (y > y0 ? 14 : 15.5) * size;
    const u = x / (17.5 * size);
    const v = (y - y0) / depth;
    return (Math.sqrt(u * u + v * v) - 1) * 14.5 * size + waist;
  };
  paint(canvas, box, rim, isDisc ? 85 : 520);
  if (isDisc) return;
  const plate = half - Math.abs(offset);
  const spongy = plate < 2.2 ? 420 : 205;
  paint(canvas, box, (x, y) => rim(x, y) + 1.8, spongy);
}

/** The vertebra whose span holds z, the height over its middle, and half the height of its body. */
function vertebraAt(zMm: number): { n: number; offset: number; half: number } {
  let n = 0;
  while (n < 14 && Math.abs(vertebraZ(n + 1) - zMm) < Math.abs(vertebraZ(n) - zMm)) n++;
  const spacing = vertebraZ(n) - vertebraZ(n + 1);
  return { n, offset: zMm - vertebraZ(n), half: spacing * 0.41 };
}

function paintSpinalCanal(canvas: SliceCanvas, { zMm, spineY: y0 }: TrunkLevel): void {
  const { n, offset, half } = vertebraAt(zMm);
  const y = y0 + 15 * (1 + 0.028 * (n - 4)) + 8;
  const box = { x: [-24, 24], y: [y - 22, y + 22] } as const;
  const canal = (px: number, py: number) => Math.hypot(px * 0.95, py - y) - 8.6;
  // Pedicles and laminae close the ring at the upper half of each body; below are the foramina.
  const isRing = offset > -0.25 * half && offset < 1.1 * half;
  if (isRing) paint(canvas, box, (px, py) => Math.max(canal(px, py) - 4, -canal(px, py)), 430);
  paint(canvas, box, canal, -20);
  paint(canvas, box, (px, py) => Math.hypot(px * 0.9, py - y) - 6.6, 22);
}

function paintSternum(canvas: SliceCanvas): void {
  const { zMm } = canvas;
  const halfWidth = profile(STERNUM_A, zMm);
  if (halfWidth < 2) return;
  const y0 = sternumY(zMm);
  const box = { x: [-36, 36], y: [y0 - 14, y0 + 14] } as const;
  const plate = (x: number, y: number) => {
    const u = Math.max(Math.abs(x) - halfWidth + 4, 0);
    const v = Math.max(Math.abs(y - y0 - 0.004 * x * x) - 1.6, 0);
    return Math.hypot(u, v) - 4;
  };
  // Joint of manubrium and body.
  const isJoint = Math.abs(zMm - 218) < 2;
  paint(canvas, box, plate, isJoint ? 150 : 430);
  if (!isJoint) paint(canvas, box, (x, y) => plate(x, y) + 1.9, 240);
}

/** The blades: thin plates behind the ribs, triangles that point down. */
function paintScapulae(canvas: SliceCanvas, level: TrunkLevel): void {
  const { zMm } = level;
  if (zMm < 140 || zMm > 268) return;
  const share = (zMm - 146) / 112;
  // Inner border nearly upright, outer border running up and out to the shoulder joint.
  const inner = 100 - 26 * Math.min(1, share) + 14 * Math.max(0, share - 0.85) * 6;
  const outer = 104 + 34 * Math.min(1, Math.max(0, share) ** 0.9);
  const tip = (146 - zMm) * 0.6;
  for (const side of [-1, 1]) {
    const box = { x: side > 0 ? ([60, 170] as const) : ([-170, -60] as const), y: [-20, 125] as const };
    const blade = (x: number, y: number) => {
      const across = Math.abs(x);
      const shell = Math.abs(cavityDistance(level, x, y) - 19) - 1.5;
      // The outer border is the thick one.
      const border = Math.min(across - inner, outer - across);
      const thick = Math.max(0, 1.6 - 0.16 * Math.max(0, outer - across));
      return Math.max(smoothMax(shell - thick, -border, 3), tip, -(y + 10));
    };
    paint(canvas, box, blade, 520);
  }
}
