import type { Vec3 } from "../../core/grid.js";
import type { EngineBuffer, Pass } from "../../engine/engine.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { sliceRange } from "../../volume/ct_volume.js";
import { type Slab, slabsOf } from "../../volume/slabs.js";
import { type Scratch, withScratch } from "../scratch.js";
import { lineInvocations, scanCounts } from "./scan_counts.js";
import { type ElementPart, partReach } from "./structuring_element.js";

/** Voxels of a tile along x, y and z, and its words: the tile kernels' own numbers. */
const tileVoxels: Vec3 = [32, 8, 4];
export const TILE_WORDS = 32;

export interface TileList {
  /** u32 each: the number of a tile, x fastest. */
  readonly list: EngineBuffer;
  readonly tiles: number;
}

/**
 * Lists the tiles of a mask that a dilation must work on: around anatomy most stay clear or full, and need no
 * work. `complement` dilates the clear voxels. One value is read back.
 */
export function listWorkTiles(
  scratch: Scratch,
  mask: BitMask,
  { part, complement }: { readonly part: ElementPart; readonly complement: boolean },
): Promise<TileList> {
  const { engine, grid } = mask;
  const [tiles_x, tiles_y, tiles_z] = grid.size.map((length, axis) => Math.ceil(length / tileVoxels[axis]));
  const tiles = tiles_x * tiles_y * tiles_z;
  return withScratch(async (inner) => {
    const seen = inner.own(await engine.allocate("seen tiles", tiles * 4));
    const work = inner.own(await engine.allocate("work tiles", tiles * 4));
    const [reach_x, reach_y, reach_z] = partReach(part).map((reach, axis) =>
      Math.ceil(reach / tileVoxels[axis]),
    );
    await engine.run([
      ...notePasses(mask, complement, seen),
      {
        kernel: "tile_reach",
        params: { tiles_x, tiles_y, tiles_z, reach_x, reach_y, reach_z },
        bindings: { seen, work },
        invocations: [tiles_x, tiles_y, tiles_z],
      },
    ]);
    const listed = await scanCounts(engine, work, tiles);
    const list = scratch.own(await engine.allocate("tile list", listed * 4));
    await engine.run([
      {
        kernel: "tile_list",
        params: { tiles, listed },
        bindings: { before: work, list },
        invocations: lineInvocations(tiles),
      },
    ]);
    return { list, tiles: listed };
  });
}

function notePasses({ engine, grid, buffer }: BitMask, complement: boolean, seen: EngineBuffer): Pass[] {
  const [columns, rows] = grid.size;
  const pitch = maskRowWords(grid);
  return slabsOf(engine, grid, pitch * rows * 4).map(({ z0, z1 }: Slab): Pass => {
    const { range, firstWord } = sliceRange(buffer, pitch * rows, z0, z1);
    const slab = { columns, rows, slices: z1 - z0, first_slice: z0, mask_word: firstWord };
    return {
      kernel: "tile_note",
      params: { ...slab, complement: complement ? 0xffffffff : 0 },
      bindings: { mask: range, seen },
      invocations: [pitch, Math.ceil(rows / tileVoxels[1]), z1 - z0],
    };
  });
}
