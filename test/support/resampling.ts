import type { Grid, Vec3 } from "../../src/core/grid.js";
import type { Engine, Pass } from "../../src/engine/engine.js";
import { random } from "./volumes.js";

/** HU within +-2048. */
export function noise([nx, ny, nz]: Vec3, seed: number): Int16Array {
  const next = random(seed);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 4096) - 2048);
}

/**
 * The same engine, with limits so small that volumes of a test are cut. A pass that binds more than they
 * allow fails, as on a device.
 */
export function cramped(whole: Engine, limits: Partial<Engine["limits"]>): Engine {
  const smaller = { ...whole.limits, ...limits };
  const run = async (passes: readonly Pass[]) => {
    for (const { kernel, bindings } of passes) {
      for (const [name, { bytes }] of Object.entries<{ readonly bytes: number }>(bindings)) {
        if (bytes > smaller.maxBindingBytes)
          throw new Error(
            `${kernel}: ${name} binds ${bytes} bytes, the device takes ${smaller.maxBindingBytes}`,
          );
      }
    }
    return whole.run(passes);
  };
  return { ...whole, limits: smaller, run };
}

/** Infinite where the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

/** Somewhere in a patient, with no two axes alike. */
export const patientGrid: Grid = {
  size: [13, 10, 7],
  spacingMm: [0.7, 0.8, 2.5],
  originMm: [-120.5, 33, -400.25],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** Within `patientGrid`, turned by 0.4, 0.3 and 0.7 radians about x, y and z. */
export function turnedGrid(size: Vec3, spacingMm: number): Grid {
  return {
    size,
    spacingMm: [spacingMm, spacingMm, spacingMm * 1.5],
    originMm: [-118, 33, -398],
    direction: turned,
  };
}

const turned = product(
  product(
    [1, 0, 0, 0, Math.cos(0.4), -Math.sin(0.4), 0, Math.sin(0.4), Math.cos(0.4)],
    [Math.cos(0.3), 0, Math.sin(0.3), 0, 1, 0, -Math.sin(0.3), 0, Math.cos(0.3)],
  ),
  [Math.cos(0.7), -Math.sin(0.7), 0, Math.sin(0.7), Math.cos(0.7), 0, 0, 0, 1],
);

function product(a: readonly number[], b: readonly number[]): number[] {
  return a.map((_, i) => [0, 1, 2].reduce((sum, k) => sum + a[i - (i % 3) + k] * b[k * 3 + (i % 3)], 0));
}
