import type { LungCase } from "./lung_cases.js";

/** HU of the ways from the middle of the leak to its end: each threshold of growth reaches further. */
const ways = { fromHu: -985, toHu: -885, everyVoxels: 3 } as const;
/** Bronchi lie no farther from the lung than this. */
const MOST_GAP_MM = 50;

/**
 * Airways that leak little by little, as those of a contrast chest in voxels of 1.5 mm: from the nearest
 * airway a hole in its wall leads into a part of the right lung, `radiusMm` around, that thin ways cross.
 * Heights in parts of the volume's.
 */
export function leakingAirways(whole: LungCase, height: number, radiusMm: number): LungCase {
  const { size, spacingMm } = whole.grid;
  const [nx, ny] = size;
  const hole = nearestAirway(whole, Math.round(size[2] * height));
  const hu = whole.hu.slice();
  const start = hole.lungX - Math.round(radiusMm / 2 / spacingMm[0]);
  for (let x = start; x <= hole.airwayX; x++) {
    for (const y of [hole.y, hole.y + 1]) hu[(hole.z * ny + y) * nx + x] = ways.fromHu;
  }
  for (let i = 0; i < hu.length; i++) {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
    const fromMiddle = [x - start, y - hole.y, z - hole.z];
    const mm = Math.hypot(...fromMiddle.map((voxels, a) => voxels * spacingMm[a]));
    if (mm > radiusMm || whole.truth[i] !== 1) continue;
    const onPlanes = fromMiddle.filter((voxels) => voxels % ways.everyVoxels === 0).length;
    if (onPlanes >= 2) hu[i] = Math.round(ways.fromHu + ((ways.toHu - ways.fromHu) * mm) / radiusMm);
  }
  return { ...whole, hu };
}

interface Gap {
  readonly lungX: number;
  readonly airwayX: number;
  readonly y: number;
  readonly z: number;
}

/** Where in a slice the right lung comes nearest to air that is not of the lungs, to its left. */
function nearestAirway({ grid, hu, truth }: LungCase, z: number): Gap {
  const [nx, ny] = grid.size;
  let best: Gap | undefined;
  for (let y = 1; y < ny - 1; y++) {
    const row = (z * ny + y) * nx;
    const lungX = truth.subarray(row, row + nx).lastIndexOf(1);
    const end = Math.min(nx, lungX + MOST_GAP_MM / grid.spacingMm[0]);
    let airwayX = lungX + 1;
    while (airwayX < end && hu[row + airwayX] >= -950) airwayX++;
    if (lungX < 0 || airwayX >= end || truth[row + airwayX] !== 0) continue;
    if (!best || airwayX - lungX < best.airwayX - best.lungX) best = { lungX, airwayX, y, z };
  }
  if (!best) throw new Error(`no airway near the right lung in slice ${z}`);
  return best;
}
