import { expect, test } from "vitest";
import type { ValueScale } from "../../src/core/value_scale.js";
import { mprSliceOf } from "../../src/render/mpr/mpr_slice.js";
import { initialState } from "../../src/render/state/initial_state.js";
import type { ViewChange } from "../../src/render/state/view_state.js";
import { windowPresets } from "../../src/render/state/window_presets.js";
import { createDisplayTexture } from "../../src/render/texture/display_texture.js";
import { probeMpr } from "../../src/render/view/probe.js";
import { renderToPixels } from "../../src/render/view/render_to_pixels.js";
import { usualWindow } from "../../src/render/view/usual_window.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { firstDifference } from "../support/arrays.js";
import { testEngine } from "../support/gpu.js";
import { gridOf, random, uploadVolume } from "../support/volumes.js";

// Pictures of a scaled record: those of the values themselves, whatever stands for them.

const engine = testEngine();
const size = [24, 20, 16] as const;
const grid = gridOf(size);
const next = random(3);
/** A ball of bone in fat and air, all with noise. */
const hu = Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => {
  const [x, y, z] = [i % size[0], Math.floor(i / size[0]) % size[1], Math.floor(i / (size[0] * size[1]))];
  const radius = Math.hypot(x - 12, y - 10, z - 8);
  return Math.round(1200 - 200 * radius + next() * 300);
});
const looks: readonly ViewChange[] = [
  { projection: "mip", window: { centerHu: 300, widthHu: 1800 } },
  { projection: "average", window: { centerHu: 300, widthHu: 900 } },
  { projection: "dvr", transfer: "bone" },
  { projection: "dvr", transfer: "lung" },
  { projection: "mpr", window: { centerHu: 40, widthHu: 400 }, mpr: { plane: "coronal", slabMm: 4 } },
];
const picture = { width: 40, height: 36 };

test.each([
  ["r16float", undefined],
  ["r32float", undefined],
  ["r16float", 8],
] as const)(
  "HU in a shifted record look as HU do (%s, texels along an edge: %s)",
  async (format, mostTexels) => {
    const on = await engine();
    using plain = await uploadVolume(on, grid, hu);
    const scale = { slope: 1, intercept: 24576, units: "HU" };
    using shifted = await uploadVolume(
      on,
      grid,
      hu.map((one) => one - 24576),
      scale,
    );
    const displays = [];
    for (const volume of [plain, shifted])
      displays.push(await createDisplayTexture(volume, { format, ...(mostTexels && { mostTexels }) }));
    try {
      for (const look of looks) {
        const expected = await renderToPixels(plain, look, { ...picture, display: displays[0] });
        const got = await renderToPixels(shifted, look, { ...picture, display: displays[1] });
        expect(firstDifference(got, expected)).toBe(-1);
        expect(new Set(got).size).toBeGreaterThan(10);
      }
    } finally {
      for (const display of displays) display.destroy();
    }
  },
);

const scales: readonly ValueScale[] = [
  { slope: 0.01, intercept: 0, units: "mg/ml" },
  { slope: 20, intercept: 655_360, units: "BQML" },
];

test.each(scales)(
  "a cut of $units through a window of its values, and what it shows at a pixel",
  async (scale) => {
    using volume = await uploadVolume(await engine(), grid, hu, scale);
    const valueAt = (x: number, y: number, z: number) => {
      const { slope, intercept } = scale;
      return hu[x + size[0] * (y + size[1] * z)] * slope + intercept;
    };
    const window = { centerHu: 500 * scale.slope + scale.intercept, widthHu: 2400 * scale.slope };
    const change: ViewChange = { projection: "mpr", window, mpr: { interpolation: "nearest" } };
    const pixels = await renderToPixels(volume, change, { width: size[0], height: size[1] });
    let worst = 0;
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++) {
        const share = (valueAt(x, y, size[2] / 2) - window.centerHu) / window.widthHu + 0.5;
        const level = 255 * Math.min(1, Math.max(0, share));
        worst = Math.max(worst, Math.abs(pixels[4 * (x + size[0] * y)] - level));
      }
    }
    expect(worst).toBeLessThanOrEqual(0.51);
    const { mpr } = initialState(grid, change);
    const cut = mprSliceOf(grid, mpr, size[0], size[1]);
    const probe = await probeMpr(volume as CtVolume, cut, mpr, 3.5, 5.5);
    expect(probe?.hu).toBe(valueAt(...probe!.voxel));
  },
);

test.each([
  ["LINEAR", (x: number) => (x - 99.5) / 199 + 0.5],
  ["LINEAR_EXACT", (x: number) => (x - 100) / 200 + 0.5],
  ["SIGMOID", (x: number) => 1 / (1 + Math.exp((-4 * (x - 100)) / 200))],
] as const)("the VOI function %s, as PS3.3 C.11.2.1 has it", async (voiFunction, shareOf) => {
  using volume = await uploadVolume(await engine(), grid, hu);
  const window = { centerHu: 100, widthHu: 200, voiFunction };
  const change: ViewChange = { projection: "mpr", window, mpr: { interpolation: "nearest" } };
  const pixels = await renderToPixels(volume, change, { width: size[0], height: size[1] });
  const slice = hu.subarray((size[2] / 2) * size[0] * size[1]);
  for (let i = 0; i < size[0] * size[1]; i++) {
    const level = 255 * Math.min(1, Math.max(0, shareOf(slice[i])));
    expect(Math.abs(pixels[4 * i] - level)).toBeLessThanOrEqual(0.51);
  }
});

test("where nobody gives a window: the files' own, else the 1st to the 99th percentile", async () => {
  const on = await engine();
  const own = { centerHu: 30, widthHu: 90, voiFunction: "SIGMOID" } as const;
  const source = { slices: 1, transferSyntaxes: [], ordering: "", repairs: [], window: own };
  const made = await uploadVolume(on, grid, hu, scales[0]);
  using volume = made.withHistory({ ...made.history, operation: "loadVolume", source });
  expect(await usualWindow(volume)).toEqual(own);
  expect(initialState(grid, {}, own).window).toEqual(own);
  expect(initialState(grid, { window: "bone" }, own).window).toEqual(windowPresets.bone);
  using bare = await uploadVolume(on, grid, hu, scales[0]);
  const { centerHu, widthHu } = await usualWindow(bare);
  const sorted = Float64Array.from(hu, (one) => one * scales[0].slope).sort();
  expect(centerHu - widthHu / 2).toBeCloseTo(sorted[Math.round(0.01 * (sorted.length - 1))], 0);
  expect(centerHu + widthHu / 2).toBeCloseTo(sorted[Math.round(0.99 * (sorted.length - 1))], 0);
  const pixels = (change: ViewChange) => renderToPixels(bare, { projection: "mpr", ...change }, picture);
  expect(firstDifference(await pixels({}), await pixels({ window: { centerHu, widthHu } }))).toBe(-1);
});
