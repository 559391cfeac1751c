import { dispose } from "../core/dispose.js";
import type { Grid } from "../core/grid.js";
import type { VoxelArray } from "../core/voxel_array.js";
import type { VoxelBox } from "../core/voxel_box.js";
import type { BufferContents, Engine, EngineBuffer } from "../engine/engine.js";
import { checkSlices } from "./check_slices.js";
import { type ProcessingHistory, unrecorded } from "./history.js";
import type { ReadSlice } from "./read_box.js";

/**
 * A binary volume on an engine: one bit a voxel, 32 voxels along x to a u32 (lowest bit first), rows padded
 * to whole words with zeros. Owns its memory until `destroy()`.
 */
export class BitMask {
  /** @internal */
  constructor(
    readonly engine: Engine,
    readonly grid: Grid,
    /** @internal */
    readonly buffer: EngineBuffer,
    /** How it came to be. */
    readonly history: ProcessingHistory = unrecorded(engine),
  ) {}

  /**
   * @internal Returns a mask that shares this memory but carries `history`. Use the returned one afterwards.
   */
  withHistory(history: ProcessingHistory): BitMask {
    return new BitMask(this.engine, this.grid, this.buffer, history);
  }

  get [Symbol.toStringTag](): string {
    return "BitMask";
  }

  /**
   * Slices [z0, z1) as one byte a voxel, 0 or 1, dense, z, y, x; all of them by default.
   * @throws HounsfieldError `invalid-option`, `destroyed`, `device-lost`
   */
  read(z0?: number, z1?: number): Promise<Uint8Array>;
  /**
   * The voxels of a box, one byte each, 0 or 1, dense, z, y, x. In memory are the box and a few slices.
   * @throws HounsfieldError as above
   */
  read(box: VoxelBox): Promise<Uint8Array>;
  async read(z0: number | VoxelBox = 0, z1 = this.grid.size[2]): Promise<Uint8Array> {
    if (typeof z0 === "object") {
      const { readableMask, readBox } = await import("./read_box.js");
      return readBox(readableMask(this), z0, (length) => new Uint8Array(length));
    }
    checkSlices(this.grid, z0, z1);
    const sliceBytes = maskRowWords(this.grid) * this.grid.size[1] * 4;
    const bytes = await this.engine.read(this.buffer, z0 * sliceBytes, (z1 - z0) * sliceBytes);
    return spreadBits(new Uint32Array(bytes), this.grid.size[0]);
  }

  /**
   * Slices [z0, z1) one by one, ascending, each one byte a voxel, 0 or 1, dense, y, x; all by default.
   * @throws HounsfieldError as `read`
   */
  async *slices(z0 = 0, z1 = this.grid.size[2]): AsyncGenerator<ReadSlice<Uint8Array>> {
    checkSlices(this.grid, z0, z1);
    const { eachSlice, readableMask } = await import("./read_box.js");
    yield* eachSlice(readableMask(this), z0, z1);
  }

  /**
   * Puts slices in from slice `z` on: a number a voxel, dense, z, y, x; set where it is not 0.
   * @throws HounsfieldError `invalid-option`, `destroyed`
   */
  async write(z: number, values: VoxelArray): Promise<void> {
    (await import("./write_by_hand.js")).writeMaskByHand(this, z, values);
  }

  /** Frees its memory. Idempotent. */
  destroy(): void {
    this.buffer.destroy();
  }

  [dispose](): void {
    this.destroy();
  }
}

/**
 * An empty mask on `grid`, or one whose words are all still to be written.
 * @throws HounsfieldError as `Engine.allocate`
 */
export async function allocateMask(
  engine: Engine,
  grid: Grid,
  label: string,
  contents: BufferContents = "zeroed",
): Promise<BitMask> {
  const sliceBytes = maskRowWords(grid) * grid.size[1] * 4;
  const buffer = await engine.allocate(label, sliceBytes * grid.size[2], contents, sliceBytes);
  return new BitMask(engine, grid, buffer);
}

/** u32 words of a row: 32 voxels each. */
export function maskRowWords(grid: Grid): number {
  return Math.ceil(grid.size[0] / 32);
}

export function maskWords(grid: Grid): number {
  return maskRowWords(grid) * grid.size[1] * grid.size[2];
}

function spreadBits(words: Uint32Array, columns: number): Uint8Array {
  const rowWords = Math.ceil(columns / 32);
  const rows = words.length / rowWords;
  const voxels = new Uint8Array(rows * columns);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let x = 0; x < columns; x++, at++) voxels[at] = (words[row * rowWords + (x >> 5)] >>> (x & 31)) & 1;
  }
  return voxels;
}
