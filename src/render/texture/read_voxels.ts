import type { Vec3 } from "../../core/grid.js";
import type { Pass } from "../../engine/engine.js";
import { type CtVolume, rowWords, sliceRange, sliceWords } from "../../volume/ct_volume.js";

/**
 * HU of voxels of the record, exact, in the order of their indices (whole numbers inside the volume). One
 * voxel costs one small copy, more of them one kernel.
 * @throws HounsfieldError `device-lost`
 */
export async function readVoxels(volume: CtVolume, indices: readonly Vec3[]): Promise<Int32Array> {
  const places = Uint32Array.from(indices, (index) => placeOf(volume, index));
  if (places.length === 0) return new Int32Array(0);
  if (places.length === 1) return Int32Array.of(await readOne(volume, places[0]));
  const { engine } = volume;
  const list = await engine.allocate("probe", places.byteLength);
  const gathered = await engine.allocate("probe", places.byteLength);
  try {
    engine.write(list, 0, places);
    await engine.run(
      partsOf(volume).map(([z0, z1]): Pass => {
        const words = sliceWords(volume.grid);
        const { range, firstWord } = sliceRange(volume.buffer, words, z0, z1);
        return {
          kernel: "display_probe",
          params: {
            count: places.length,
            first_word: z0 * words,
            end_word: z1 * words,
            bound_word: firstWord,
          },
          bindings: { hu: range, places: list, gathered },
          invocations: [places.length, 1, 1],
        };
      }),
    );
    return new Int32Array(await engine.read(gathered, 0, places.byteLength));
  } finally {
    list.destroy();
    gathered.destroy();
  }
}

async function readOne({ engine, buffer }: CtVolume, place: number): Promise<number> {
  const pair = new Int16Array(await engine.read(buffer, (place >>> 1) * 4, 4));
  return pair[place & 1];
}

function placeOf({ grid }: CtVolume, [x, y, z]: Vec3): number {
  return (z * grid.size[1] + y) * 2 * rowWords(grid) + x;
}

/** Slices that one binding takes; here only its size counts, not the voxels in it. */
function partsOf({ engine, grid }: CtVolume): [number, number][] {
  const depth = Math.max(1, Math.floor((engine.limits.maxBindingBytes - 256) / (sliceWords(grid) * 4)));
  const count = Math.ceil(grid.size[2] / depth);
  return Array.from({ length: count }, (_, i) => [i * depth, Math.min(grid.size[2], (i + 1) * depth)]);
}
