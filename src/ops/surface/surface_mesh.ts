import type { Control } from "../../core/control.js";
import type { Mesh } from "../../core/mesh.js";
import { checkOptions, invalidOption } from "../../core/options.js";
import { controlRules, number, wholeWithin } from "../../core/rules.js";
import { firstStoredFrom, storedOfValue } from "../../core/value_scale.js";
import { type BitMask, maskRowWords } from "../../volume/bit_mask.js";
import { checkMask, checkVolume, volumeRule } from "../../volume/check_argument.js";
import type { CtVolume } from "../../volume/ct_volume.js";
import { threshold } from "../mask/threshold.js";
import { type CrossingOf, type IndexMesh, march } from "./march.js";
import { patientMesh } from "./patient_mesh.js";

/** Options of surfaceMesh. */
export interface SurfaceOptions {
  /** Of a volume: its surface is where values reach this, in the volume's units. */
  readonly fromHu?: number;
  /**
   * Rounds of smoothing, 0 by default; 10 take the steps off a mask. No vertex moves further than half a
   * voxel along any axis of the grid.
   */
  readonly smoothing?: number;
}

const MOST_ROUNDS = 1000;

/**
 * The surface of a mask, or of a volume where its values reach a threshold: closed, also where the grid ends,
 * its triangles counterclockwise from outside; each edge is of two triangles that go along it in opposite
 * directions. Vertices lie between voxel centers, on the lines that join neighbors: of a mask halfway, of a
 * volume where the value, linear between them, is the threshold. Marching cubes, whose ambiguous faces cut
 * inside voxels apart (see march_table.ts); smoothing is Taubin's (1995), which does not shrink. Empty where
 * nothing is inside. Progress stage: "surface", in slices.
 * @throws HounsfieldError `invalid-option`, `destroyed`, `out-of-memory`, `device-lost`
 */
export async function surfaceMesh(
  input: BitMask | CtVolume,
  options: SurfaceOptions & Control = {},
): Promise<Mesh> {
  const of = "surfaceMesh";
  const isVolume = volumeRule(input) === undefined;
  if (isVolume) checkVolume(of, input as CtVolume);
  else checkMask(of, input as BitMask, "mask");
  const {
    fromHu,
    smoothing = 0,
    ...control
  } = checkOptions(of, options, {
    ...controlRules,
    fromHu: number,
    smoothing: wholeWithin(0, MOST_ROUNDS),
  });
  if (isVolume !== (fromHu !== undefined))
    throw invalidOption(of, "fromHu", fromHu, isVolume ? "a number, for a volume" : "nothing beside a mask");
  const found = isVolume
    ? await ofVolume(input as CtVolume, fromHu ?? 0, control)
    : await march(input.grid, wordsOf(input as BitMask, control));
  return patientMesh(found, input.grid, smoothing);
}

async function ofVolume(volume: CtVolume, fromHu: number, control: Control): Promise<IndexMesh> {
  const mask = await threshold(volume, { fromHu, signal: control.signal });
  try {
    const [nx, ny, nz] = volume.grid.size;
    // What the first stored value that is inside stands for is fromHu or more: between it and the one before.
    const level = Math.min(storedOfValue(volume.values, fromHu), firstStoredFrom(volume.values, fromHu));
    const slices = new Map<number, Int16Array>();
    const words = wordsOf(mask, control);
    const rows = async (z: number) => {
      for (const old of slices.keys()) if (old < z - 1) slices.delete(old);
      slices.set(z, await volume.read(z, z + 1));
      return words(z);
    };
    const valueAt = (x: number, y: number, z: number) =>
      x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz ? slices.get(z)?.[y * nx + x] : undefined;
    const crossing: CrossingOf = (axis, x, y, z) => {
      const low = valueAt(x, y, z);
      const high = valueAt(x + Number(axis === 0), y + Number(axis === 1), z + Number(axis === 2));
      // Where the grid ends there is no value to reach.
      if (low === undefined || high === undefined || low === high) return 0.5;
      return Math.min(1, Math.max(0, (level - low) / (high - low)));
    };
    return await march(volume.grid, rows, crossing);
  } finally {
    mask.destroy();
  }
}

/** Slices read at a time. */
const SLICES = 16;

function wordsOf({ engine, grid, buffer }: BitMask, { signal, onProgress }: Control) {
  const sliceWords = maskRowWords(grid) * grid.size[1];
  let held: { from: number; words: Uint32Array } | undefined;
  return async (z: number): Promise<Uint32Array> => {
    if (!held || z < held.from || (z - held.from + 1) * sliceWords > held.words.length) {
      signal?.throwIfAborted();
      const to = Math.min(grid.size[2], z + SLICES);
      const bytes = await engine.read(buffer, z * sliceWords * 4, (to - z) * sliceWords * 4);
      held = { from: z, words: new Uint32Array(bytes) };
      onProgress?.({ stage: "surface", done: to, total: grid.size[2] });
    }
    return held.words.subarray((z - held.from) * sliceWords, (z - held.from + 1) * sliceWords);
  };
}
