import type { Vec3 } from "../../core/grid.js";
import type { Engine, EngineBuffer, Pass } from "../../engine/engine.js";
import { type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";
import type { Scratch } from "../scratch.js";
import { cutSlices } from "./resample_batches.js";
import type { TapTable } from "./resample_taps.js";

/** A part of a volume as f32, dense: `size` voxels from voxel `first` on. */
export interface FloatBlock {
  readonly buffer: EngineBuffer;
  readonly size: Vec3;
  readonly first: Vec3;
}

/** A tap table on the engine. */
export interface UploadedTaps {
  readonly taps: number;
  readonly table: EngineBuffer;
}

/** What it allocates is `scratch`'s. */
export async function uploadTaps(engine: Engine, scratch: Scratch, table: TapTable): Promise<UploadedTaps> {
  const { taps, first, weights } = table;
  const floats = new Float32Array(first.length * (taps + 1));
  const words = new Uint32Array(floats.buffer);
  for (let i = 0; i < first.length; i++) {
    words[i * (taps + 1)] = first[i];
    floats.set(weights.subarray(i * taps, (i + 1) * taps), i * (taps + 1) + 1);
  }
  const buffer = scratch.own(await engine.allocate("resample taps", words.byteLength));
  engine.write(buffer, 0, words);
  return { taps, table: buffer };
}

/** Fills `block` from the volume: int16 to f32, resampled along x, `borderHu` taken off. */
export function widenPasses(
  volume: CtVolume,
  { taps, table }: UploadedTaps,
  block: FloatBlock,
  borderHu: number,
): Pass[] {
  const { engine, grid } = volume;
  const pitch = rowWords(grid) * 2;
  const [columns, rows, slices] = block.size;
  const start = block.first[2];
  const slabs = cutSlices(engine, start, start + slices, columns * rows, sliceWords(grid) * 4);
  return slabs.map(({ z0, z1 }): Pass => {
    const { range, firstWord } = sliceRange(volume.buffer, sliceWords(grid), z0, z1);
    return {
      kernel: "resample_widen",
      params: {
        columns,
        rows,
        slices: z1 - z0,
        out_first: (z0 - start) * rows * columns,
        out_rows: rows,
        axis: 0,
        taps,
        index_first: block.first[0],
        tap_first: 0,
        source_first: firstWord * 2 + block.first[1] * pitch,
        stride_x: 1,
        stride_y: pitch,
        stride_z: sliceWords(grid) * 2,
        border_hu: borderHu,
      },
      bindings: { table, hu: range, widened: block.buffer },
      invocations: [columns, rows, z1 - z0],
    };
  });
}

/** Fills `to` from `from`, resampled along one axis; along the others `to` lies within `from`. */
export function alongPasses(
  engine: Engine,
  from: FloatBlock,
  to: FloatBlock,
  axis: 0 | 1 | 2,
  taps: UploadedTaps,
): Pass[] {
  const [columns, rows, slices] = to.size;
  const start = to.first[2];
  const slabs = cutSlices(engine, start, start + slices, columns * rows, columns * rows * 4);
  return slabs.map(({ z0, z1 }): Pass => {
    const params = {
      ...alongParams(from, to, axis, taps, z0),
      slices: z1 - z0,
      out_first: (z0 - start) * rows * columns,
      out_rows: rows,
      border_hu: 0,
    };
    const bindings = { table: taps.table, source: from.buffer, resampled: to.buffer };
    return { kernel: "resample_along", params, bindings, invocations: [columns, rows, z1 - z0] };
  });
}

/** Where a pass that makes `to` from slice `z0` on finds its taps in `from`. */
export function alongParams(
  from: FloatBlock,
  to: Pick<FloatBlock, "size" | "first">,
  axis: 0 | 1 | 2,
  { taps }: UploadedTaps,
  z0: number,
) {
  const strides = [1, from.size[0], from.size[0] * from.size[1]];
  const begin = [to.first[0], to.first[1], z0];
  const source_first = strides.reduce(
    (sum, stride, other) => sum + (other === axis ? 0 : (begin[other] - from.first[other]) * stride),
    0,
  );
  return {
    columns: to.size[0],
    rows: to.size[1],
    axis,
    taps,
    index_first: begin[axis],
    tap_first: from.first[axis],
    source_first,
    stride_x: strides[0],
    stride_y: strides[1],
    stride_z: strides[2],
  };
}

/** Turns the samples of `block` into coefficients along one axis. */
export function prefilterPasses(engine: Engine, block: FloatBlock, axis: 0 | 1 | 2): Pass[] {
  const strides = [1, block.size[0], block.size[0] * block.size[1]];
  // Neighboring lines go to neighboring invocations, except along x, where lines are rows.
  const line = axis === 0 ? 1 : 0;
  const layer = axis === 2 ? 1 : 2;
  const count = block.size[axis];
  const most = Math.max(1, Math.floor(engine.limits.slabVoxels / (count * block.size[line])));
  const passes: Pass[] = [];
  for (let at = 0; at < block.size[layer]; at += most) {
    const layers = Math.min(most, block.size[layer] - at);
    passes.push({
      kernel: "resample_prefilter",
      params: {
        count,
        stride: strides[axis],
        lines: block.size[line],
        line_stride: strides[line],
        layers,
        layer_stride: strides[layer],
        first: at * strides[layer],
      },
      bindings: { coefficients: block.buffer },
      invocations: [block.size[line], layers, 1],
    });
  }
  return passes;
}
