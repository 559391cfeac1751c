import type { LungCase } from "./lung_cases.js";
import { seededRandom } from "./random.js";

/** Three haustra side by side make some 60 ml of colon, as lies under a left dome. */
const haustrum = { radiusMm: 17, apartMm: 26, count: 3 } as const;
const GAS_HU = -1000;
const WALL_HU = 30;
const NOISE_HU = 15;

/**
 * Colon full of gas under the left dome, its wall and the dome together `wallMm` thick: where that is less
 * than a voxel, thresholds join it to the lung.
 */
export function bowelUnderDome(whole: LungCase, wallMm: number): LungCase {
  const { size, spacingMm } = whole.grid;
  const [nx, ny] = size;
  const base = baseOf(whole);
  const [apexX, apexY] = domeOf(whole);
  const apexZ = base[apexX + apexY * nx];
  const offset = haustrum.radiusMm + wallMm + 4;
  const middles = Array.from({ length: haustrum.count }, (_, i) => [
    apexX * spacingMm[0] + (i - (haustrum.count - 1) / 2) * haustrum.apartMm,
    apexY * spacingMm[1],
    apexZ * spacingMm[2] - offset,
  ]);
  const next = seededRandom(13);
  const hu = whole.hu.slice();
  for (let i = 0; i < hu.length; i++) {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    const at = [x * spacingMm[0], y * spacingMm[1], z * spacingMm[2]];
    const mm = Math.min(...middles.map((one) => Math.hypot(...one.map((v, a) => v - at[a]))));
    const belowLungMm = (base[x + y * nx] - z) * spacingMm[2];
    if (mm > haustrum.radiusMm + 2 || belowLungMm <= 0) continue;
    const isGas = mm <= haustrum.radiusMm && belowLungMm > wallMm;
    hu[i] = Math.max(-1024, Math.round((isGas ? GAS_HU : WALL_HU) + (next() - 0.5) * 2 * NOISE_HU));
  }
  return { ...whole, hu };
}

/**
 * The column of the left dome's top: about where the lowest third of the lung, a ring, has its middle.
 */
function domeOf({ grid, truth }: LungCase): readonly [number, number] {
  const [nx, ny, nz] = grid.size;
  const levels = [truth.indexOf(2), truth.lastIndexOf(2)].map((i) => Math.floor(i / nx / ny));
  const end = Math.min(nz, levels[0] + (levels[1] - levels[0]) / 3) * nx * ny;
  const sum = [0, 0, 0];
  for (let i = 0; i < end; i++) {
    if (truth[i] !== 2) continue;
    sum[0] += i % nx;
    sum[1] += Math.floor(i / nx) % ny;
    sum[2]++;
  }
  return [Math.round(sum[0] / sum[2]), Math.round(sum[1] / sum[2])];
}

/** The lowest slice of the left lung in each column; beyond the volume where there is none. */
function baseOf({ grid, truth }: LungCase): Uint16Array {
  const [nx, ny, nz] = grid.size;
  const base = new Uint16Array(nx * ny).fill(nz);
  for (let i = truth.length - 1; i >= 0; i--) {
    if (truth[i] === 2) base[i % (nx * ny)] = Math.floor(i / nx / ny);
  }
  return base;
}
