import { dispose } from "../core/dispose.js";
import { HounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import { checkArgument, type Rule } from "../core/options.js";
import type { BufferContents, Engine, EngineBuffer } from "../engine/engine.js";
import { checkSlices } from "./check_slices.js";
import { sliceWords, unpadRows } from "./ct_volume.js";
import { type ProcessingHistory, unrecorded } from "./history.js";

/**
 * A label a voxel on an engine, 0 to 65535, where 0 is no label: as many segments as a label map has, in the
 * memory of one volume. It lies as a volume's record does: two voxels to a u32 (even x low), rows padded to
 * an even width. Owns its memory until `destroy()`. Made by `createLabels`.
 */
export class LabelVolume {
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
   * @internal Returns labels that share this memory but carry `history`. Use the returned ones afterwards.
   */
  withHistory(history: ProcessingHistory): LabelVolume {
    return new LabelVolume(this.engine, this.grid, this.buffer, history);
  }

  get [Symbol.toStringTag](): string {
    return "LabelVolume";
  }

  /**
   * Slices [z0, z1), dense, z, y, x; all of them by default.
   * @throws HounsfieldError `invalid-option`, `destroyed`, `device-lost`
   */
  async read(z0 = 0, z1 = this.grid.size[2]): Promise<Uint16Array> {
    checkSlices(this.grid, z0, z1);
    const sliceBytes = sliceWords(this.grid) * 4;
    const bytes = await this.engine.read(this.buffer, z0 * sliceBytes, (z1 - z0) * sliceBytes);
    const dense = unpadRows(new Int16Array(bytes), this.grid.size[0]);
    return new Uint16Array(dense.buffer, dense.byteOffset, dense.length);
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
 * Labels that are all 0, or are all still to be written.
 * @throws HounsfieldError as `Engine.allocate`
 */
export async function allocateLabels(
  engine: Engine,
  grid: Grid,
  contents: BufferContents = "zeroed",
): Promise<LabelVolume> {
  const sliceBytes = sliceWords(grid) * 4;
  const buffer = await engine.allocate("labels", sliceBytes * grid.size[2], contents, sliceBytes);
  return new LabelVolume(engine, grid, buffer);
}

/** By the class's tag, as volumes and masks are known. */
export const labelsRule: Rule = (value) =>
  Object.prototype.toString.call(value) === "[object LabelVolume]" ? undefined : "a LabelVolume";

/**
 * Refuses what is no label volume, and one that was destroyed.
 * @throws HounsfieldError `invalid-option`, `destroyed`
 */
export function checkLabels(of: string, labels: LabelVolume): void {
  checkArgument(of, "labels", labels, labelsRule);
  const { isDestroyed, label } = labels.buffer;
  if (isDestroyed) throw new HounsfieldError("destroyed", `${of}: ${label} were used after their destroy()`);
}
