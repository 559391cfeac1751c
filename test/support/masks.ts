import type { Grid, Vec3 } from "../../src/core/grid.js";
import { voxelCount } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { allocateMask, type BitMask, maskRowWords, maskWords } from "../../src/volume/bit_mask.js";
import { gridOf, random } from "./volumes.js";

/** Uploads bytes, 0 or 1 a voxel, z, y, x. */
export async function uploadMask(engine: Engine, grid: Grid, voxels: Uint8Array): Promise<BitMask> {
  const mask = await allocateMask(engine, grid, "test mask");
  engine.write(mask.buffer, 0, packMask(grid, voxels));
  return mask;
}

/** The words of a mask: rows padded to 32 voxels. */
export function packMask(grid: Grid, voxels: Uint8Array): Uint32Array {
  const words = new Uint32Array(maskWords(grid));
  const [nx] = grid.size;
  const pitch = maskRowWords(grid);
  voxels.forEach((voxel, i) => {
    const x = i % nx;
    words[Math.floor(i / nx) * pitch + (x >> 5)] |= voxel << (x & 31);
  });
  return words;
}

export interface MaskCase {
  readonly name: string;
  readonly grid: Grid;
  readonly voxels: Uint8Array;
}

/** Shapes that break labeling algorithms, at widths around whole words. */
export function maskCases(): MaskCase[] {
  const shaped = (name: string, size: Vec3, set: (x: number, y: number, z: number) => boolean): MaskCase => {
    const grid = gridOf(size);
    const voxels = new Uint8Array(voxelCount(grid));
    for (let z = 0, i = 0; z < size[2]; z++) {
      for (let y = 0; y < size[1]; y++) {
        for (let x = 0; x < size[0]; x++, i++) voxels[i] = set(x, y, z) ? 1 : 0;
      }
    }
    return { name: `${name}, ${size.join(" x ")}`, grid, voxels };
  };
  const noise = (size: Vec3, density: number, seed: number) => {
    const next = random(seed);
    return shaped(`noise of ${density}`, size, () => next() < density);
  };
  const widths = [1, 31, 32, 33, 63, 64, 65, 129];
  return [
    ...widths.map((nx, i) => noise([nx, 17, 9], 0.55, i + 1)),
    ...[0.05, 0.3, 0.41, 0.6, 0.8, 0.95].map((density, i) => noise([65, 31, 13], density, 100 + i)),
    noise([1, 1, 70], 0.5, 7),
    noise([1, 70, 1], 0.5, 8),
    noise([2048, 3, 2], 0.6, 9),
    shaped("empty", [33, 5, 4], () => false),
    shaped("full", [65, 7, 5], () => true),
    shaped("checkerboard", [33, 12, 11], (x, y, z) => ((x + y + z) & 1) === 0),
    shaped("columns", [67, 9, 8], (x) => (x & 1) === 0),
    shaped("serpentine in slices", [35, 31, 5], serpentine),
    shaped("serpentine in the volume", [34, 33, 15], (x, y, z) =>
      (z & 1) === 0 ? serpentine(x, y) : ((z >> 1) & 1) === 0 ? x + y === 0 : x === 33 && y === 32,
    ),
    shaped("spiral", [65, 65, 3], (x, y) => spiral(x, y, 65)),
    shaped("corners", [33, 6, 5], (x, y, z) => x % 32 === 0 && y % 5 === 0 && z % 4 === 0),
    shaped("nested shells", [41, 37, 33], (x, y, z) => Math.hypot(x - 20, y - 18, z - 16) % 6 < 3),
  ];
}

/** Even rows, joined by turns at alternate ends: one path as long as the slice. */
function serpentine(x: number, y: number): boolean {
  return (y & 1) === 0 || (((y >> 1) & 1) === 0 ? x === 0 : x === 33);
}

/** A path one voxel wide, one voxel from itself, from the corner of an n x n square inward. */
function spiral(x: number, y: number, n: number): boolean {
  const ring = Math.min(x, y, n - 1 - x, n - 1 - y);
  const gate = x === ring && y === ring + 1;
  return (ring & 1) === 0 ? !gate || ring === n >> 1 : x === ring && y === ring + 1;
}
