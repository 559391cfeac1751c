// Used by: src/ops/mask/mask_tiles.ts
/** CPU body of shaders/mask/tile_reach.wgsl: which tiles a dilation must work on. Split: z. */
export function tile_reach(
  tiles_x: u32,
  tiles_y: u32,
  tiles_z: u32,
  reach_x: u32,
  reach_y: u32,
  reach_z: u32,
  seen: usize,
  work: usize,
  from: u32,
  to: u32,
): void {
  for (let z = from; z < to; z++) {
    const z0 = max(z, reach_z) - reach_z;
    const z1 = min(z + reach_z, tiles_z - 1);
    for (let y: u32 = 0; y < tiles_y; y++) {
      const y0 = max(y, reach_y) - reach_y;
      const y1 = min(y + reach_y, tiles_y - 1);
      for (let x: u32 = 0; x < tiles_x; x++) {
        const at = ((z * tiles_y + y) * tiles_x + x) << 2;
        const x0 = max(x, reach_x) - reach_x;
        const x1 = min(x + reach_x, tiles_x - 1);
        // Full tiles stay full: an element holds its own center.
        const works = load<u32>(seen + at) != 1 && is_near(seen, tiles_x, tiles_y, x0, x1, y0, y1, z0, z1);
        store<u32>(work + at, works ? 1 : 0);
      }
    }
  }
}

function is_near(
  seen: usize,
  tiles_x: u32,
  tiles_y: u32,
  x0: u32,
  x1: u32,
  y0: u32,
  y1: u32,
  z0: u32,
  z1: u32,
): bool {
  for (let z = z0; z <= z1; z++) {
    for (let y = y0; y <= y1; y++) {
      const row = seen + (((z * tiles_y + y) * tiles_x) << 2);
      for (let x = x0; x <= x1; x++) if (load<u32>(row + (x << 2)) & 1) return true;
    }
  }
  return false;
}
