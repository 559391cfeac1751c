import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { type ResampleMaskOptions, resampleMask } from "../../src/ops/resample/resample_mask.js";
import { targetGrid } from "../../src/ops/resample/target_grid.js";
import { allocateMask, BitMask, maskRowWords } from "../../src/volume/bit_mask.js";
import { resampleReference } from "../reference/resample.js";
import { testBothEngines } from "../support/gpu.js";
import { cramped, patientGrid, turnedGrid } from "../support/resampling.js";
import { random } from "../support/volumes.js";

const engine = testBothEngines();

function randomBits([nx, ny, nz]: Vec3, seed: number): Uint8Array {
  const next = random(seed);
  return Uint8Array.from({ length: nx * ny * nz }, () => (next() < 0.4 ? 1 : 0));
}

async function upload(on: Engine, grid: Grid, bits: Uint8Array): Promise<BitMask> {
  const mask = await allocateMask(on, grid, "test mask");
  const pitch = maskRowWords(grid);
  const words = new Uint32Array(mask.buffer.bytes / 4);
  bits.forEach((bit, n) => {
    const x = n % grid.size[0];
    words[Math.floor(n / grid.size[0]) * pitch + (x >> 5)] |= bit << (x & 31);
  });
  on.write(mask.buffer, 0, words);
  return mask;
}

const wide: Grid = { ...patientGrid, size: [67, 9, 5] };
const targets: [string, ResampleMaskOptions][] = [
  ["aligned by origin", { spacingMm: 1 }],
  ["aligned by edges, by size", { size: [33, 20, 9], align: "edges" }],
  ["itself", { onto: wide }],
  ["a larger grid", { onto: { ...wide, size: [130, 11, 7], originMm: positionMm(wide, [-31, -1, -1]) } }],
  [
    "flipped and permuted axes",
    {
      onto: { ...wide, size: [6, 64, 9], spacingMm: [2.5, 0.7, 0.8], direction: [0, 1, 0, 0, 0, 1, 1, 0, 0] },
    },
  ],
  ["a turned grid", { onto: turnedGrid([40, 9, 8], 0.9) }],
];

describe("a mask by nearest neighbor", () => {
  test.each(targets)("to %s is what the twin says, whole and in slabs", async (_, target) => {
    const bits = randomBits(wide.size, 6);
    const grid = targetGrid(wide, target);
    const expected = resampleReference(bits, wide, grid, { kernel: "nearest", border: { constantHu: 0 } });
    using mask = await upload(await engine(), wide, bits);
    for (const slabVoxels of [2 ** 22, 700]) {
      const seen = new BitMask(cramped(await engine(), { slabVoxels }), wide, mask.buffer);
      using resampled = await resampleMask(seen, target);
      expect(resampled.grid).toEqual(grid);
      expect(await resampled.read()).toEqual(Uint8Array.from(expected));
      expect(await paddingOf(resampled)).toBe(0);
    }
  });
});

/** Set bits behind the last voxel of rows. */
async function paddingOf({ engine, grid, buffer }: BitMask): Promise<number> {
  const words = new Uint32Array(await engine.read(buffer, 0, buffer.bytes));
  const pitch = maskRowWords(grid);
  const used = grid.size[0] & 31;
  return words.filter((word, n) => used > 0 && n % pitch === pitch - 1 && word >>> used !== 0).length;
}
