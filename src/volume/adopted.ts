import type { Grid } from "../core/grid.js";
import { invalidOption } from "../core/options.js";
import type { GpuBuffer } from "../core/platform.js";
import type { ValueScale } from "../core/value_scale.js";
import type { Engine } from "../engine/engine.js";
import { adoptBuffer } from "../engine/gpu/adopt_buffer.js";
import { BitMask, maskWords } from "./bit_mask.js";
import { CtVolume, sliceWords } from "./ct_volume.js";
import { historyOfArrays } from "./history.js";

// Volumes and masks on buffers of others, which most programs never have.

/**
 * `createVolume` of a buffer; `others` are options that say something of `data`.
 * @throws HounsfieldError as `adoptBuffer`
 */
export async function volumeOnBuffer(
  engine: Engine,
  grid: Grid,
  buffer: GpuBuffer,
  values: ValueScale,
  others: object,
): Promise<CtVolume> {
  refuse("createVolume", others);
  const bytes = sliceWords(grid) * grid.size[2] * 4;
  const adopted = await adoptBuffer("createVolume", engine, buffer, bytes, "volume of a host");
  const history = historyOfArrays(engine, "createVolume", { buffer: "GPUBuffer", units: values.units });
  return new CtVolume(engine, grid, adopted, undefined, history, values);
}

/**
 * `createMask` of a buffer.
 * @throws HounsfieldError as `adoptBuffer`
 */
export async function maskOnBuffer(
  engine: Engine,
  grid: Grid,
  buffer: GpuBuffer,
  others: object,
): Promise<BitMask> {
  refuse("createMask", others);
  const adopted = await adoptBuffer("createMask", engine, buffer, maskWords(grid) * 4, "mask of a host");
  return new BitMask(engine, grid, adopted, historyOfArrays(engine, "createMask", { buffer: "GPUBuffer" }));
}

/** @throws HounsfieldError `invalid-option` */
function refuse(of: string, others: object): void {
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) throw invalidOption(of, name, value, "nothing beside buffer");
  }
}
