import { HounsfieldError } from "../core/errors.js";
import { isBoxWithin, type VoxelBox } from "../core/voxel_box.js";
import type { BitMask } from "./bit_mask.js";
import type { CtVolume } from "./ct_volume.js";

/** A volume or a mask, and what its slices are read as. */
interface Readable<Values> {
  readonly grid: CtVolume["grid"];
  readonly engine: CtVolume["engine"];
  readSlices(z0: number, z1: number): Promise<Values>;
}

/** One slice of a record: dense, y, x. */
export interface ReadSlice<Values> {
  readonly z: number;
  readonly values: Values;
}

/** Slices that are read at once: what the device's limits allow, and no more than makes its reads quick. */
function slabSlices({ grid: { size }, engine }: Readable<unknown>): number {
  return Math.max(1, Math.floor(engine.limits.readVoxels / (size[0] * size[1])));
}

/**
 * The voxels of a box, dense, z, y, x; in memory are the box and a few slices.
 * @throws HounsfieldError `invalid-option`; as reading slices
 */
export async function readBox<Values extends Int16Array | Uint8Array>(
  readable: Readable<Values>,
  box: VoxelBox,
  allocate: (length: number) => Values,
): Promise<Values> {
  const { grid } = readable;
  if (!box || !Array.isArray(box.from) || !Array.isArray(box.to) || !isBoxWithin(box, grid)) {
    const accepted = `{ from, to } of whole voxels, 0 <= from < to <= ${grid.size.join(", ")}`;
    throw new HounsfieldError("invalid-option", `read: the box is none; accepted: ${accepted}`, {
      option: "box",
      got: box,
      accepted,
    });
  }
  const [[x0, y0, z0], [x1, y1, z1]] = [box.from, box.to];
  const [columns, rows] = [x1 - x0, y1 - y0];
  const values = allocate(columns * rows * (z1 - z0));
  const [nx, ny] = grid.size;
  const depth = slabSlices(readable);
  let at = 0;
  for (let z = z0; z < z1; z += depth) {
    const end = Math.min(z1, z + depth);
    const slab = await readable.readSlices(z, end);
    for (let k = 0; k < end - z; k++)
      for (let y = y0; y < y1; y++, at += columns) {
        const row = (k * ny + y) * nx;
        values.set(slab.subarray(row + x0, row + x1), at);
      }
  }
  return values;
}

/** The slices one by one, ascending; a few are read ahead at once. */
export async function* eachSlice<Values extends Int16Array | Uint8Array>(
  readable: Readable<Values>,
  z0: number,
  z1: number,
): AsyncGenerator<ReadSlice<Values>> {
  const [nx, ny] = readable.grid.size;
  const depth = slabSlices(readable);
  for (let z = z0; z < z1; z += depth) {
    const end = Math.min(z1, z + depth);
    const slab = await readable.readSlices(z, end);
    for (let k = 0; k < end - z; k++)
      yield { z: z + k, values: slab.subarray(k * nx * ny, (k + 1) * nx * ny) as Values };
  }
}

/** @internal */
export function readableVolume(volume: CtVolume): Readable<Int16Array> {
  const { grid, engine } = volume;
  return { grid, engine, readSlices: (z0, z1) => volume.read(z0, z1) };
}

/** @internal */
export function readableMask(mask: BitMask): Readable<Uint8Array> {
  const { grid, engine } = mask;
  return { grid, engine, readSlices: (z0, z1) => mask.read(z0, z1) };
}
