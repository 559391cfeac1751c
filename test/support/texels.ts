import { expect } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { createRenderTarget } from "../../src/render/frame/render_target.js";
import { createMprPasses } from "../../src/render/mpr/mpr_passes.js";
import type { DisplayTexture } from "../../src/render/texture/display_texture.js";
import { readTexture } from "./read_texture.js";
import { random } from "./volumes.js";

/** Voxels that have nothing in common with their neighbors, of HU that half floats hold exactly. */
export function displayNoise([nx, ny, nz]: Vec3, seed: number): Int16Array {
  const next = random(seed);
  return Int16Array.from({ length: nx * ny * nz }, () => Math.floor(next() * 4096 - 1024));
}

/** HU and labels of every texel, z, y, x: nearest cuts through the slices, a texel a pixel. */
export async function texelsOf(display: DisplayTexture, labels?: GPUTexture) {
  const [nx, ny, nz] = display.grid.size;
  const passes = await createMprPasses(display, "rgba8unorm");
  const picture = createRenderTarget(display.engine, "hu", nx, ny);
  const hu: number[] = [];
  const bits: number[] = [];
  for (let z = 0; z < nz; z++) {
    const plane = { right: [1, 0, 0], down: [0, 1, 0], away: [0, 0, 1] } as const;
    const at = { middle: [(nx - 1) / 2, (ny - 1) / 2, z], middle_px: [nx / 2, ny / 2] } as const;
    const params = { ...plane, ...at, interpolation: 0, kind: 0, reach: 0 };
    passes.sample(params, picture, { top: 0, bottom: ny }, labels);
    hu.push(...new Float32Array((await readTexture(display.engine, picture.values, 4)).buffer));
    bits.push(...(await readTexture(display.engine, picture.labels, 1)));
  }
  picture.destroy();
  passes.destroy();
  return { hu, bits };
}

/** Rounded to whole HU; ties either way. */
export function expectMeans(got: readonly number[], means: readonly number[]): void {
  expect(got).toHaveLength(means.length);
  const off = got.map((hu, i) => Math.abs(hu - means[i]));
  expect(Math.max(...off)).toBeLessThan(0.51);
  expect(got.every(Number.isInteger)).toBe(true);
}
