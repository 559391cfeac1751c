// What goes wrong with chests: noise, a narrow field of view, fluid, consolidation, lungs that touch, bowel.
// Simulated on real ones, the same every time.
import { type LungCase, NOT_JUDGED } from "./lung_cases.js";
import { seededRandom } from "./random.js";

/** HU of pleural fluid and of consolidated lung; noise of a standard dose lies on both. */
const FLUID_HU = 20;
const FLUID_NOISE_HU = 15;

/** Normal numbers, mean 0 and deviation 1, drawn from 65536 of them. */
function normalNumbers(seed: number): () => number {
  const uniform = seededRandom(seed);
  const table = Float32Array.from({ length: 65536 }, () => {
    return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  });
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return table[state >>> 16];
  };
}

/** White noise, cut off at the lowest HU of a scanner. */
export function noisy(whole: LungCase, deviationHu: number): LungCase {
  const next = normalNumbers(7);
  return { ...whole, hu: whole.hu.map((value) => Math.max(-1024, value + Math.round(next() * deviationHu))) };
}

/** Padding beyond a circle around the middle of each slice, of a part of its half width. */
export function padded(whole: LungCase, part: number, paddingHu = -1024): LungCase {
  const [nx, ny] = whole.grid.size;
  const [hu, truth] = [whole.hu.slice(), whole.truth.slice()];
  for (let i = 0; i < hu.length; i++) {
    const [x, y] = [(i % nx) - nx / 2, (Math.floor(i / nx) % ny) - ny / 2];
    if (x * x + y * y <= ((nx / 2) * part) ** 2) continue;
    hu[i] = paddingHu;
    truth[i] = 0;
  }
  return { ...whole, hu, truth };
}

/**
 * Emphysema: voxels of lung below -600 HU lowered, vessels left, in both lungs or one, between two heights in
 * parts of the volume's.
 */
export function emphysema(
  whole: LungCase,
  byHu: number,
  { side, from = 0, to = 1 }: { side?: Side; from?: number; to?: number } = {},
): LungCase {
  const { hu, truth } = whole;
  const isLung = (i: number) => (side ? truth[i] === side : truth[i] === 1 || truth[i] === 2);
  const isThere = (i: number) => i >= from * hu.length && i < to * hu.length;
  const lower = (value: number) => Math.max(-1024, value - byHu);
  return {
    ...whole,
    hu: hu.map((value, i) => (value < -600 && isLung(i) && isThere(i) ? lower(value) : value)),
  };
}

type Side = 1 | 2;

/** Voxels of one lung. */
function* voxelsOf({ truth }: LungCase, side: Side): Generator<number> {
  for (let i = 0; i < truth.length; i++) if (truth[i] === side) yield i;
}

/** Fluid in place of lung where `isFluid`; it is lung no more unless `isLung`. */
function filled(whole: LungCase, side: Side, isFluid: (i: number) => boolean, isLung: boolean): LungCase {
  const [hu, truth] = [whole.hu.slice(), whole.truth.slice()];
  const next = normalNumbers(11);
  for (const i of voxelsOf(whole, side)) {
    if (!isFluid(i)) continue;
    hu[i] = Math.round(FLUID_HU + next() * FLUID_NOISE_HU);
    if (!isLung) truth[i] = 0;
  }
  return { ...whole, hu, truth };
}

/**
 * Fluid that gathers at the back of a patient who lies on it, in the lower two thirds of the lung; `ml` of it
 * at most. Infinity fills the lung.
 */
export function effusion(whole: LungCase, side: Side, ml: number): LungCase {
  if (ml === Number.POSITIVE_INFINITY) return filled(whole, side, () => true, false);
  const { grid } = whole;
  const [nx, ny, nz] = grid.size;
  const voxelMl = (grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2]) / 1000;
  const row = (i: number) => Math.floor(i / nx) % ny;
  const isLow = (i: number) => i < (nx * ny * nz * 2) / 3;
  const inRow = new Float64Array(ny);
  for (const i of voxelsOf(whole, side)) if (isLow(i)) inRow[row(i)]++;
  let level = ny;
  for (let left = ml / voxelMl; level > 0 && inRow[level - 1] <= left; level--) left -= inRow[level - 1];
  return filled(whole, side, (i) => isLow(i) && row(i) >= level, false);
}

/**
 * Lung as dense as tissue within `radiusMm` of the lung's hindmost point at a height, in parts of the
 * volume's; every `open`-th cube of 8 mm stays aerated.
 */
export function consolidation(
  whole: LungCase,
  side: Side,
  height: number,
  radiusMm: number,
  open = 0,
): LungCase {
  const { size, spacingMm } = whole.grid;
  const at = (i: number) => [
    (i % size[0]) * spacingMm[0],
    (Math.floor(i / size[0]) % size[1]) * spacingMm[1],
    Math.floor(i / size[0] / size[1]) * spacingMm[2],
  ];
  const slice = Math.round(size[2] * height);
  let hindmost = -1;
  for (const i of voxelsOf(whole, side)) if (Math.floor(i / size[0] / size[1]) === slice) hindmost = i;
  const middle = at(hindmost);
  const isOpen = (mm: number[]) => {
    const cube = mm.reduce((sum, one, a) => sum + Math.floor(one / 8) * [1, 3, 7][a], 0);
    return open > 0 && cube % open === 0;
  };
  const isDense = (i: number) => {
    const mm = at(i);
    const distance = Math.hypot(mm[0] - middle[0], mm[1] - middle[1], mm[2] - middle[2]);
    return distance < radiusMm && !isOpen(mm);
  };
  return filled(whole, side, isDense, true);
}

/**
 * Lung-dense bridges, 6 rows high, where the lungs come nearest in each slice of the middle third; they are
 * not judged.
 */
export function touching(whole: LungCase): LungCase {
  const [nx, ny, nz] = whole.grid.size;
  const [hu, truth] = [whole.hu.slice(), whole.truth.slice()];
  for (let z = Math.round(nz * 0.45); z < nz * 0.75; z++) {
    const gap = narrowest(whole, z);
    if (!gap) continue;
    for (let y = Math.max(0, gap.y - 3); y < Math.min(ny, gap.y + 3); y++) {
      for (let x: number = gap.from; x <= gap.to; x++) {
        const i = (z * ny + y) * nx + x;
        if (truth[i] !== 0) continue;
        hu[i] = -850;
        truth[i] = NOT_JUDGED;
      }
    }
  }
  return { ...whole, hu, truth };
}

interface Gap {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/** The row of a slice where the gap from right to left lung is smallest. */
function narrowest({ grid, truth }: LungCase, z: number): Gap | undefined {
  const [nx, ny] = grid.size;
  let best: Gap | undefined;
  for (let y = 0; y < ny; y++) {
    const row = truth.subarray((z * ny + y) * nx, (z * ny + y + 1) * nx);
    const [from, to] = [row.lastIndexOf(1), row.indexOf(2)];
    if (from < 0 || to < from) continue;
    if (!best || to - from < best.to - best.from) best = { y, from, to };
  }
  return best;
}

/**
 * The lowest 44 slices of cap001, more abdomen than chest, colon under a dome so thin that thresholds join it
 * to the left lung. The reference holds it; here it has been cut off by hand along a line drawn by eye, 8
 * columns on either side of which are not judged.
 */
export function abdomen({ grid, hu }: LungCase, reference: Uint8Array): LungCase {
  const [nx, ny] = grid.size;
  const slices = 44;
  const truth = reference.slice(0, nx * ny * slices);
  for (let i = 0; i < nx * ny * 30; i++) {
    const x = i % nx;
    const y = Math.floor(i / nx) % ny;
    const z = Math.floor(i / nx / ny);
    if (truth[i] !== 2 || y < 140 || y > (z <= 22 ? 300 : 290)) continue;
    const line: number = z <= 18 ? 445 : 445 - 6 * (z - 18);
    const front = y < 220 && z > 18 ? Math.min(line, 394 + 0.6 * (y - 165)) : line;
    truth[i] = x < front - 8 ? 0 : x < front + 8 ? NOT_JUDGED : 2;
  }
  return { grid: { ...grid, size: [nx, ny, slices] }, hu: hu.slice(0, truth.length), truth };
}
