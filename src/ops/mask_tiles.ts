import type { Vec3 } from "../core/grid.js";
import type { EngineBuffer, Pass } from "../engine/engine.js";
import { type BitMask, maskRowWords } from "../volume/bit_mask.js";
import { sliceRange } from "../volume/ct_volume.js";
import type { Slab } from "../volume/slabs.js";
import type { Scratch } from "./scratch.js";
import type { ElementPart } from "./structuring_element.js";

/** Voxels of a tile along x, y and z: the tile kernels' own numbers. */
const tileVoxels: Vec3 = [32, 8, 4];

/**
 * Tells the tiles of a mask that a dilation must work on (2) from those that stay clear (0) or full (1), as u32 a tile, x fastest:
 * around anatomy that is most of them. `complement` dilates the clear voxels.
 */
export async function findWorkTiles(
  scratch: Scratch,
  mask: BitMask,
  part: ElementPart,
  complement: boolean,
  slabs: readonly Slab[],
): Promise<EngineBuffer> {
  const { engine, grid } = mask;
  const [tiles_x, tiles_y, tiles_z] = grid.size.map((length, axis) => Math.ceil(length / tileVoxels[axis]));
  const bytes = tiles_x * tiles_y * tiles_z * 4;
  const seen = scratch.own(await engine.allocate("seen tiles", bytes));
  const work = scratch.own(await engine.allocate("work tiles", bytes));
  const [reach_x, reach_y, reach_z] = tileVoxels.map((voxels, axis) => {
    const farthest = part.reduce((most, { reach, dy, dz }) => Math.max(most, [reach, dy, dz][axis]), 0);
    return Math.ceil(farthest / voxels);
  });
  await engine.run([
    ...slabs.map((slab) => notePass(mask, complement, slab, seen)),
    {
      kernel: "tile_reach",
      params: { tiles_x, tiles_y, tiles_z, reach_x, reach_y, reach_z },
      bindings: { seen, work },
      invocations: [tiles_x, tiles_y, tiles_z],
    },
  ]);
  return work;
}

function notePass(
  { grid, buffer }: BitMask,
  complement: boolean,
  { z0, z1 }: Slab,
  seen: EngineBuffer,
): Pass {
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  const { range, firstWord } = sliceRange(buffer, pitch * rows, z0, z1);
  return {
    kernel: "tile_note",
    params: {
      columns,
      rows,
      slices: z1 - z0,
      first_slice: z0,
      mask_word: firstWord,
      complement: complement ? 0xffffffff : 0,
    },
    bindings: { mask: range, seen },
    invocations: [pitch, Math.ceil(rows / tileVoxels[1]), z1 - z0],
  };
}
