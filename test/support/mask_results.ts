import { expect } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { voxelCount } from "../../src/core/grid.js";
import type { Engine } from "../../src/engine/engine.js";
import { withScratch } from "../../src/ops/scratch.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import { firstDifference } from "./arrays.js";
import { uploadMask } from "./masks.js";
import { random } from "./volumes.js";

/** Uploads voxels for a test and frees them after it. */
export function withMask<T>(
  gpu: Engine,
  grid: Grid,
  voxels: Uint8Array,
  use: (mask: BitMask) => Promise<T>,
): Promise<T> {
  return withScratch(async (scratch) => use(scratch.own(await uploadMask(gpu, grid, voxels))));
}

/** The voxels of a mask, which is destroyed. */
export async function taken(made: Promise<BitMask>): Promise<Uint8Array> {
  const mask = await made;
  const voxels = await mask.read();
  mask.destroy();
  return voxels;
}

export function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(firstDifference(actual, expected)).toBe(-1);
}

/** Voxels set at random, a fraction `density` of them. */
export function noiseVoxels(size: Vec3, density: number, seed: number): Uint8Array {
  const next = random(seed);
  return Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (next() < density ? 1 : 0));
}

/**
 * A few balls of random places and sizes, which may touch, overlap and leave the volume: anatomy, roughly.
 */
export function blobVoxels(grid: Grid, blobs: number, seed: number): Uint8Array {
  const next = random(seed);
  const voxels = new Uint8Array(voxelCount(grid));
  const extent = grid.size.map((length, axis) => length * grid.spacingMm[axis]);
  for (let blob = 0; blob < blobs; blob++) {
    const center = extent.map((mm) => next() * mm);
    const radius = Math.max(...extent) * (0.05 + 0.1 * next());
    const [nx, ny] = grid.size;
    for (let i = 0; i < voxels.length; i++) {
      const index = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
      const far = Math.hypot(...index.map((k, axis) => k * grid.spacingMm[axis] - center[axis]));
      if (far <= radius) voxels[i] = 1;
    }
  }
  return voxels;
}

/** An engine that gives slabs of one slice only, over the same memory. */
export function oneSliceEngine(gpu: Engine): Engine {
  return Object.create(gpu, { limits: { value: { ...gpu.limits, slabVoxels: 1 } } }) as Engine;
}

/** `mask` as `engine` holds it. */
export function seenBy(engine: Engine, mask: BitMask): BitMask {
  return Object.assign(Object.create(mask) as BitMask, { engine });
}

/**
 * Runs a task once whole and then again some times, aborted at the first of its progress reports, the last
 * but one and a few between: it must reject with the abort's reason and hold no more memory than before. The
 * reports must run from 0 to 1 without turning back.
 */
export async function expectCleanAborts(
  gpu: Engine,
  run: (control: {
    signal?: AbortSignal;
    onProgress: (p: { done: number; total: number }) => void;
  }) => Promise<unknown>,
): Promise<void> {
  const held = gpu.memory.bytes;
  const reports: number[] = [];
  await run({ onProgress: ({ done, total }) => reports.push(done / total) });
  expect(gpu.memory.bytes).toBe(held);
  expect(reports[0]).toBe(0);
  expect(reports.at(-1)).toBe(1);
  expect(reports).toEqual([...reports].sort((a, b) => a - b));
  const last = reports.length - 2;
  const stops = new Set([0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => Math.round(part * last)));
  for (const stop of stops) {
    const abort = new AbortController();
    let seen = 0;
    const onProgress = () => seen++ === stop && abort.abort(new Error("enough"));
    await expect(run({ signal: abort.signal, onProgress })).rejects.toThrow("enough");
    expect(gpu.memory.bytes).toBe(held);
  }
}
