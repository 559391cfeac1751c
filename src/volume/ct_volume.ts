import { dispose } from "../core/dispose.js";
import { rowPitch } from "../core/frame.js";
import type { Grid } from "../core/grid.js";
import { RefCountedCache } from "../core/ref_counted.js";
import { huScale, type ValueScale } from "../core/value_scale.js";
import type { VoxelArray } from "../core/voxel_array.js";
import type { VoxelBox } from "../core/voxel_box.js";
import type { BufferRange, Engine, EngineBuffer } from "../engine/engine.js";
import { checkLoaded, checkSlices } from "./check_slices.js";
import { type ProcessingHistory, unrecorded } from "./history.js";
import type { ReadSlice } from "./read_box.js";
import type { SliceArrivals } from "./slice_arrivals.js";

/**
 * The volume of record: int16 on an engine, z slowest, x fastest, two voxels to a u32 (even x low), rows
 * padded to an even width. It is HU, unless `values` has another scale. Made by `loadVolume` and by
 * operations. Owns its memory until `destroy()`.
 */
export class CtVolume {
  /** @internal What its views share, such as the texture that they draw from. */
  readonly shares = new RefCountedCache();
  readonly #life = new AbortController();
  #values: ValueScale;

  /** @internal */
  constructor(
    readonly engine: Engine,
    readonly grid: Grid,
    /** @internal */
    readonly buffer: EngineBuffer,
    /**
     * @internal Of a volume that is shown while it is loaded, or can be loaded again; absent for one that was
     * made whole.
     */
    readonly arrival?: SliceArrivals,
    /** How it came to be. */
    readonly history: ProcessingHistory = unrecorded(engine),
    values: ValueScale = huScale,
  ) {
    this.#values = values;
  }

  /**
   * @internal Returns a volume that shares this memory but carries `history`. Use the returned one
   * afterwards.
   */
  withHistory(history: ProcessingHistory): CtVolume {
    return new CtVolume(this.engine, this.grid, this.buffer, this.arrival, history, this.#values);
  }

  /**
   * What the record stands for: value = stored * slope + intercept. `{ slope: 1, intercept: 0, units: "HU" }`
   * for ordinary CT. Options of operations are in these units, and so are the numbers that they give. While a
   * volume is loaded it may change once, where values turn out to leave int16.
   */
  get values(): ValueScale {
    return this.#values;
  }

  /** @internal Before anything but views has used the volume. */
  setValues(values: ValueScale): void {
    this.#values = values;
  }

  /** Whether it is one buffer of the device, or several that are cut between slices. */
  get store(): "whole" | "slabs" {
    return this.buffer.isCut ? "slabs" : "whole";
  }

  get [Symbol.toStringTag](): string {
    return "CtVolume";
  }

  /**
   * Slices [z0, z1) of the record as dense int16, z, y, x, to be scaled by `values`; all of them by default.
   * Into new memory, or into `memory` where it is large enough.
   * @throws HounsfieldError `invalid-option`, `destroyed`, `not-loaded` for slices that have not come yet,
   * `device-lost`
   */
  read(z0?: number, z1?: number, memory?: ArrayBuffer): Promise<Int16Array>;
  /**
   * The voxels of a box, dense int16, z, y, x, to be scaled by `values`. In memory are the box and a few
   * slices.
   * @throws HounsfieldError as above
   */
  read(box: VoxelBox): Promise<Int16Array>;
  async read(z0: number | VoxelBox = 0, z1 = this.grid.size[2], memory?: ArrayBuffer): Promise<Int16Array> {
    if (typeof z0 === "object") {
      const { readableVolume, readBox } = await import("./read_box.js");
      return readBox(readableVolume(this), z0, (length) => new Int16Array(length));
    }
    checkSlices(this.grid, z0, z1);
    checkLoaded(this, z0, z1, "read");
    const sliceBytes = sliceWords(this.grid) * 4;
    const length = (z1 - z0) * sliceBytes;
    const into = memory && memory.byteLength >= length ? memory : undefined;
    const bytes = await this.engine.read(this.buffer, z0 * sliceBytes, length, into);
    return unpadRows(new Int16Array(bytes, 0, length / 2), this.grid.size[0]);
  }

  /**
   * Slices [z0, z1) of the record one by one, ascending, each dense int16, y, x, to be scaled by `values`;
   * all of them by default. However large the volume, a few slices are in memory.
   * @throws HounsfieldError as `read`
   */
  async *slices(z0 = 0, z1 = this.grid.size[2]): AsyncGenerator<ReadSlice<Int16Array>> {
    checkSlices(this.grid, z0, z1);
    const { eachSlice, readableVolume } = await import("./read_box.js");
    yield* eachSlice(readableVolume(this), z0, z1);
  }

  /**
   * Puts slices into the record from slice `z` on: `values` are dense, z, y, x, in the volume's units, and
   * each becomes the record's nearest step. Resolves once they are copied. Views of a volume that was created
   * without data show slices as they are written, until all have been.
   * @throws HounsfieldError `invalid-option`, `destroyed`, `value-range`
   */
  async write(z: number, values: VoxelArray): Promise<void> {
    (await import("./write_by_hand.js")).writeByHand(this, z, values);
  }

  /** @internal Aborted by `destroy()`: views end with their volume. */
  get lifetime(): AbortSignal {
    return this.#life.signal;
  }

  /** Frees its memory. Idempotent. */
  destroy(): void {
    this.#life.abort();
    this.arrival?.stop();
    this.buffer.destroy();
  }

  [dispose](): void {
    this.destroy();
  }
}

/**
 * An uninitialized (zeroed) volume on `grid`, its record scaled by `values`.
 * @throws HounsfieldError as `Engine.allocate`
 */
export async function allocateVolume(
  engine: Engine,
  grid: Grid,
  label: string,
  values: ValueScale = huScale,
  arrival?: SliceArrivals,
): Promise<CtVolume> {
  const sliceBytes = sliceWords(grid) * 4;
  const buffer = await engine.allocate(label, sliceBytes * grid.size[2], "zeroed", sliceBytes);
  return new CtVolume(engine, grid, buffer, arrival, unrecorded(engine), values);
}

/** u32 words of a row: two voxels each. */
export function rowWords(grid: Grid): number {
  return Math.ceil(grid.size[0] / 2);
}

export function sliceWords(grid: Grid): number {
  return rowWords(grid) * grid.size[1];
}

/**
 * The part of a buffer that holds slices [z0, z1), widened down to an offset that a binding may have, and
 * where in it they begin.
 */
export function sliceRange(
  buffer: EngineBuffer,
  wordsPerSlice: number,
  z0: number,
  z1: number,
): { range: BufferRange; firstWord: number } {
  const start = z0 * wordsPerSlice * 4;
  const offsetBytes = start - (start % 256);
  const end = z1 * wordsPerSlice * 4;
  return { range: { buffer, offsetBytes, bytes: end - offsetBytes }, firstWord: (start - offsetBytes) / 4 };
}

/** Drops the padding voxel of odd rows of `columns`; even rows come back as they are, uncopied. */
export function unpadRows(padded: Int16Array, columns: number): Int16Array {
  const pitch = rowPitch(columns);
  if (pitch === columns) return padded;
  const rows = padded.length / pitch;
  const dense = new Int16Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    dense.set(padded.subarray(row * pitch, row * pitch + columns), row * columns);
  }
  return dense;
}
