import type { Control } from "../../core/control.js";
import type { Grid } from "../../core/grid.js";
import type { Engine, EngineBuffer, Pass } from "../../engine/engine.js";
import { type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import type { Slab } from "../../volume/slabs.js";
import type { Scratch } from "../scratch.js";
import { cutSlices, runPasses } from "./resample_batches.js";
import { type AxisMap, sourceIndex } from "./resample_map.js";
import type { Border } from "./resample_options.js";
import { isOutside } from "./resample_taps.js";

/**
 * Copies to each voxel of `target` the source voxel nearest to it. Exact.
 * @throws HounsfieldError `limit-exceeded`, `out-of-memory`
 */
export async function pickVoxels(
  scratch: Scratch,
  volume: CtVolume,
  target: CtVolume,
  { axes, border }: { readonly axes: readonly AxisMap[]; readonly border: Border },
  stage: string,
  control: Control,
): Promise<void> {
  const { engine, grid: source } = volume;
  const indices = axes.map((axis, i) =>
    nearestIndices(axis, source.size[axis.sourceAxis], target.grid.size[i], border !== "clamp"),
  );
  const table = await uploadIndices(engine, scratch, indices);
  const bands = cutSlices(engine, 0, source.size[2], 1, sliceWords(source) * 4);
  const bandAxis = axes.findIndex(({ sourceAxis }) => sourceAxis === 2);
  const passes = outSlabs(engine, target.grid).flatMap((slab) =>
    bands
      .filter((band) => bands.length === 1 || bandAxis !== 2 || meets(indices[2], slab, band))
      .map((band) => pickPass(volume, target, slab, band, { axes, border, bandAxis, table })),
  );
  await runPasses(engine, passes, stage, control);
}

/**
 * The source index nearest to each output index, halves upward; -1 outside the source where `outside` is to
 * be told.
 */
export function nearestIndices(axis: AxisMap, length: number, count: number, outside: boolean): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const at = sourceIndex(axis, i);
    if (outside && isOutside(at, length)) return -1;
    return Math.min(Math.max(Math.floor(at + 0.5), 0), length - 1);
  });
}

/** The tables of the output's x, y and z, one after the other. */
export async function uploadIndices(
  engine: Engine,
  scratch: Scratch,
  indices: readonly Int32Array[],
): Promise<EngineBuffer> {
  const table = Int32Array.from(indices.flatMap((axis) => [...axis]));
  const buffer = scratch.own(await engine.allocate("resample indices", table.byteLength));
  engine.write(buffer, 0, table);
  return buffer;
}

function outSlabs(engine: Engine, grid: Grid): Slab[] {
  return cutSlices(engine, 0, grid.size[2], grid.size[0] * grid.size[1], sliceWords(grid) * 4);
}

/** Whether output slices of `slab` come from `band`, or from outside. */
function meets(indices: Int32Array, slab: Slab, band: Slab): boolean {
  return indices.subarray(slab.z0, slab.z1).some((z) => z < 0 || (z >= band.z0 && z < band.z1));
}

interface Picking {
  readonly axes: readonly AxisMap[];
  readonly border: Border;
  readonly bandAxis: number;
  readonly table: EngineBuffer;
}

function pickPass(volume: CtVolume, target: CtVolume, slab: Slab, band: Slab, picking: Picking): Pass {
  const source = volume.grid;
  const [columns, rows] = target.grid.size;
  const strides = [1, rowWords(source) * 2, sliceWords(source) * 2];
  const [stride_x, stride_y, stride_z] = picking.axes.map(({ sourceAxis }) => strides[sourceAxis]);
  const from = sliceRange(volume.buffer, sliceWords(source), band.z0, band.z1);
  const to = sliceRange(target.buffer, sliceWords(target.grid), slab.z0, slab.z1);
  return {
    kernel: "resample_pick",
    params: {
      columns,
      rows,
      slices: slab.z1 - slab.z0,
      slice_first: slab.z0,
      out_word: to.firstWord,
      band_axis: picking.bandAxis,
      band_first: band.z0,
      band_end: band.z1,
      source_word: from.firstWord,
      stride_x,
      stride_y,
      stride_z,
      border_hu: picking.border === "clamp" ? 0 : picking.border.constantHu,
    },
    bindings: { indices: picking.table, hu: from.range, picked: to.range },
    invocations: [rowWords(target.grid), rows, slab.z1 - slab.z0],
  };
}
