import type { Grid, Vec3 } from "../../core/grid.js";
import type { Engine, EngineBuffer } from "../../engine/engine.js";
import type { Scratch } from "../scratch.js";
import type { IndexMap } from "./resample_map.js";

/**
 * Source positions as sums of three table entries, one an output axis: whole voxels (i32) and parts of 2^-30
 * voxel (u32) along x, y, z. The offset is in the z table. Tables of x, y and z one after the other.
 */
export function positionTable({ matrix, offset }: IndexMap, size: Vec3): Int32Array {
  const table = new Int32Array((size[0] + size[1] + size[2]) * 6);
  let at = 0;
  for (let axis = 0; axis < 3; axis++) {
    for (let i = 0; i < size[axis]; i++) {
      for (let row = 0; row < 3; row++, at += 2) {
        const voxels = matrix[row * 3 + axis] * i + (axis === 2 ? offset[row] : 0);
        const whole = Math.floor(voxels);
        const part = Math.round((voxels - whole) * 2 ** 30);
        // A part that rounds up to one voxel carries.
        table[at] = whole + (part >>> 30);
        table[at + 1] = part & (2 ** 30 - 1);
      }
    }
  }
  return table;
}

export async function uploadPositions(
  engine: Engine,
  scratch: Scratch,
  map: IndexMap,
  grid: Grid,
): Promise<EngineBuffer> {
  const table = positionTable(map, grid.size);
  const buffer = scratch.own(await engine.allocate("resample positions", table.byteLength));
  engine.write(buffer, 0, table);
  return buffer;
}

/** The lowest and the highest source slice index, fractional, that output slices [z0, z1) reach. */
export function sliceReach(
  { matrix, offset }: IndexMap,
  size: Vec3,
  z0: number,
  z1: number,
): [number, number] {
  const ends = [
    [0, size[0] - 1],
    [0, size[1] - 1],
    [z0, z1 - 1],
  ].map((pair, axis) => pair.map((i) => matrix[6 + axis] * i));
  const low = ends.reduce((sum, pair) => sum + Math.min(...pair), offset[2]);
  const high = ends.reduce((sum, pair) => sum + Math.max(...pair), offset[2]);
  return [low, high];
}
