import type { Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import type { ValueSlab } from "../../src/ops/stream_slabs.js";
import { cramped } from "./resampling.js";
import { random } from "./volumes.js";

/** Odd, even, one-voxel, 2048-long and slab-crossing shapes. */
export const shapes: readonly Vec3[] = [
  [1, 1, 1],
  [2, 1, 3],
  [1, 9, 2],
  [31, 5, 4],
  [33, 17, 9],
  [64, 3, 40],
  [2048, 2, 2],
  [3, 2048, 1],
  [2, 3, 2048],
];

/** Every int16 there is, about equally often; with `repeat`, in stretches of up to that many equal voxels. */
export function anyHu([nx, ny, nz]: Vec3, seed: number, repeat = 1): Int16Array {
  const next = random(seed);
  const voxels = new Int16Array(nx * ny * nz);
  for (let i = 0; i < voxels.length; ) {
    const hu = Math.floor(next() * 65536) - 32768;
    for (const end = i + Math.ceil(next() * repeat); i < end; i++) voxels[i] = hu;
  }
  return voxels;
}

/**
 * An engine as it is, and with limits that cut a volume of `size` into slabs of `slices` slices: by default
 * 3, or about 21 slabs.
 */
export function wholeAndCut(engine: Engine, size: Vec3, slices = sliceCut(size)): Engine[] {
  return [engine, cramped(engine, { slabVoxels: size[0] * size[1] * slices })];
}

/** Slices that make more than one slab of most shapes, but not hundreds of any. */
export function sliceCut([, , slices]: Vec3): number {
  return Math.max(3, Math.ceil(slices / 21));
}

/** All slabs in one array, which must follow each other without a gap. */
export async function collect<T extends Float32Array | Int16Array | Uint8Array>(
  slabs: AsyncIterable<ValueSlab<T>>,
  result: T,
): Promise<T> {
  let at = 0;
  let z = 0;
  for await (const { z0, z1, values } of slabs) {
    if (z0 !== z) throw new Error(`slab ${z0} to ${z1} follows ${z}`);
    result.set(values, at);
    at += values.length;
    z = z1;
  }
  if (at !== result.length) throw new Error(`${at} of ${result.length} values`);
  return result;
}
