import type { Grid } from "../../src/core/grid.js";
import type { ValueScale } from "../../src/core/value_scale.js";
import type { Engine } from "../../src/engine/engine.js";
import { allocateVolume, type CtVolume, rowWords } from "../../src/volume/ct_volume.js";

/** An axis-aligned grid at the origin. */
export function gridOf(size: Grid["size"], spacingMm: Grid["spacingMm"] = [1, 1, 1]): Grid {
  return { size, spacingMm, originMm: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

/** Uploads dense int16 voxels (z, y, x). Padding voxels of odd rows get a value that must never matter. */
export async function uploadVolume(
  engine: Engine,
  grid: Grid,
  voxels: Int16Array,
  values?: ValueScale,
): Promise<CtVolume> {
  const volume = await allocateVolume(engine, grid, "test volume", values);
  const [nx, ny, nz] = grid.size;
  const pitch = rowWords(grid) * 2;
  const padded = new Int16Array(pitch * ny * nz).fill(32000);
  for (let row = 0; row < ny * nz; row++) padded.set(voxels.subarray(row * nx, (row + 1) * nx), row * pitch);
  engine.write(volume.buffer, 0, padded);
  return volume;
}

/** A small deterministic generator (mulberry32) of numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
