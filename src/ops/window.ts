import type { Control } from "../core/control.js";
import { HounsfieldError } from "../core/errors.js";
import { type CtVolume, rowWords, sliceRange, sliceWords } from "../volume/ct_volume.js";
import { type Slab, slabsOf } from "../volume/slabs.js";

/** The HU interval that is scaled to 0..1. */
export interface HuWindow {
  readonly lowHu: number;
  readonly highHu: number;
}

/** One slab of a windowed volume: float32 in 0..1, dense, z, y, x. */
export interface WindowedSlab extends Slab {
  readonly values: Float32Array;
}

/** The interval of a center and width, as DICOM's LINEAR_EXACT function has it (PS3.3 C.11.2.1.3.2). */
export function windowOf(centerHu: number, widthHu: number): HuWindow {
  return { lowHu: centerHu - widthHu / 2, highHu: centerHu + widthHu / 2 };
}

/**
 * clamp((hu - low) / (high - low), 0, 1) of every voxel, as slabs in ascending z: nothing larger than a slab is ever held.
 * Bit-exact on every device: each value is the float32 nearest to the quotient in float64.
 * Throws `invalid-option` when `highHu` is not above `lowHu`.
 */
export async function* windowSlabs(
  volume: CtVolume,
  { lowHu, highHu, signal, onProgress }: HuWindow & Control,
): AsyncGenerator<WindowedSlab> {
  if (!(highHu > lowHu)) {
    throw new HounsfieldError("invalid-option", `a window needs low < high, got ${lowHu},${highHu}`, {
      got: [lowHu, highHu],
    });
  }
  const { engine, grid } = volume;
  const [columns, rows, slices] = grid.size;
  const sliceBytes = columns * rows * 4;
  const slabs = slabsOf(engine, grid, sliceBytes);
  const lookup = await engine.allocate("window table", 65536 * 4);
  const mapped = await engine.allocate("windowed slab", (slabs[0].z1 - slabs[0].z0) * sliceBytes);
  try {
    engine.write(lookup, 0, windowTable({ lowHu, highHu }));
    for (const { z0, z1 } of slabs) {
      signal?.throwIfAborted();
      const { range, firstWord } = sliceRange(volume.buffer, sliceWords(grid), z0, z1);
      await engine.run([
        {
          kernel: "value_lookup",
          params: { columns, rows, first_word: firstWord },
          bindings: { hu: range, lookup, mapped },
          invocations: [rowWords(grid), rows, z1 - z0],
        },
      ]);
      yield { z0, z1, values: new Float32Array(await engine.read(mapped, 0, (z1 - z0) * sliceBytes)) };
      onProgress?.({ stage: "window", done: z1, total: slices });
    }
  } finally {
    lookup.destroy();
    mapped.destroy();
  }
}

/** The window of every int16: entry i is for HU i - 32768. */
export function windowTable({ lowHu, highHu }: HuWindow): Float32Array {
  return Float32Array.from({ length: 65536 }, (_, i) =>
    Math.min(1, Math.max(0, (i - 32768 - lowHu) / (highHu - lowHu))),
  );
}
