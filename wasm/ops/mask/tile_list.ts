// Used by: src/ops/mask/mask_tiles.ts
/** CPU body of shaders/mask/tile_list.wgsl: the tiles to be worked on, one after the other. Split: whole. */
export function tile_list(tiles: u32, listed: u32, before: usize, list: usize): void {
  for (let tile: u32 = 0; tile < tiles; tile++) {
    const at = before + (tile << 2);
    const through = tile + 1 < tiles ? load<u32>(at, 4) : listed;
    if (through > load<u32>(at)) store<u32>(list + (load<u32>(at) << 2), tile);
  }
}
