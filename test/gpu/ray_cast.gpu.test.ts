import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { positionMm } from "../../src/core/grid.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { createDisplayTexture } from "../../src/render/display_texture.js";
import type { OverlayChange } from "../../src/render/overlays.js";
import { restStepMm } from "../../src/render/rays.js";
import { renderToPixels } from "../../src/render/render_to_pixels.js";
import {
  changeState,
  defaultViewState,
  type RayProjection,
  type ViewChange,
} from "../../src/render/view_state.js";
import { type ReferenceScene, rayCast } from "../reference/ray_cast.js";
import { testEngine } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const size = { width: 64, height: 64 };

const chest = chestPhantom({ size: [64, 64, 24], seed: 3 });
const slices = Array.from({ length: chest.grid.size[2] }, (_, k) => k);
const voxels = Int16Array.from(slices.flatMap((k) => [...chest.slice(k)]));
const labels = slices.flatMap((k) => [...chest.labels(k)]);
const maskBytes = {
  right: Uint8Array.from(labels, (label) => (label === 1 ? 1 : 0)),
  left: Uint8Array.from(labels, (label) => (label === 2 ? 1 : 0)),
};
const scene: ReferenceScene = {
  grid: chest.grid,
  voxels,
  masks: maskBytes,
  stepMm: restStepMm(chest.grid),
};

/** A volume on the device, with what its pictures share. */
async function opened(grid: Grid, hu: Int16Array, bytes: Readonly<Record<string, Uint8Array>> = {}) {
  const on = await engine();
  const volume = await uploadVolume(on, grid, hu);
  const display = await createDisplayTexture(volume);
  const masks: Record<string, Awaited<ReturnType<typeof uploadMask>>> = {};
  for (const [name, mask] of Object.entries(bytes)) masks[name] = await uploadMask(on, grid, mask);
  const close = () => {
    display.destroy();
    volume.destroy();
    for (const mask of Object.values(masks)) mask.destroy();
  };
  const draw = (change: ViewChange, { width, height } = size) =>
    renderToPixels(volume, change, { width, height, display, masks });
  return { volume, display, draw, close };
}

type Draw = Awaited<ReturnType<typeof opened>>["draw"];

async function withVolume(
  use: (draw: Draw) => Promise<void>,
  grid: Grid = chest.grid,
  hu = voxels,
  bytes: Readonly<Record<string, Uint8Array>> = maskBytes,
): Promise<void> {
  const { draw, close } = await opened(grid, hu, bytes);
  try {
    await use(draw);
  } finally {
    close();
  }
}

const rgb = (pixels: Uint8Array): number[][] =>
  Array.from({ length: pixels.length / 4 }, (_, i) => [...pixels.subarray(4 * i, 4 * i + 3)]);

function meanDifference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const sum = a.reduce((total, color, i) => total + color.reduce((s, v, c) => s + Math.abs(v - b[i][c]), 0), 0);
  return sum / (3 * a.length);
}

const contrast = (picture: readonly (readonly number[])[]) => meanDifference(picture, Array(picture.length).fill(picture[0]));

const turned = { azimuthDeg: 35, elevationDeg: 12 };
const overlays: OverlayChange[] = [
  { mask: "right", color: [1, 0.3, 0.1], opacity: 0.4, outline: 1 },
  { mask: "left", color: [0.1, 0.4, 1], opacity: 0.25, outline: 0 },
];

const middle = positionMm(chest.grid, [31.5, 31.5, 11.5]);
const clip = {
  box: { fromMm: [-150, -90, 20], toMm: [160, 200, 250] },
  planes: [{ normal: [1, 2, 0.5], offsetMm: -60 }],
} as const;

const states: readonly (readonly [string, ViewChange])[] = [
  ["parallel", { camera: turned }],
  ["from below, rolled, near and moved", { camera: { azimuthDeg: 200, elevationDeg: -50, rollDeg: 25, zoom: 1.7, panMm: [30, -20] } }],
  ["in perspective", { camera: { ...turned, perspectiveDeg: 40, rollDeg: -10 } }],
  ["from within", { camera: { azimuthDeg: 20, perspectiveDeg: 100, zoom: 6 } }],
  ["a slab", { camera: turned, slab: { centerMm: 17, thicknessMm: 41 } }],
  ["a slab in perspective, clipped by planes and a box", { camera: { ...turned, perspectiveDeg: 30 }, slab: { centerMm: 10, thicknessMm: 200 }, clip }],
  ["hidden but for a mask", { camera: turned, cut: [{ mask: "right", outside: "hide" }] }],
  ["dimmed but for masks", { camera: turned, cut: [{ mask: "right", outside: "dim" }, { mask: "left", outside: "dim" }] }],
  ["overlays", { camera: turned, overlays }],
  ["overlays of what is cut", { camera: turned, overlays, cut: [{ mask: "left", outside: "hide" }] }],
];

const looks: readonly (readonly [RayProjection, ViewChange])[] = [
  ["mip", { window: "bone" }],
  ["minip", { window: "lung" }],
  ["average", { window: { centerHu: -400, widthHu: 1200 } }],
  ["dvr", { transfer: "bone" }],
];

describe.each(looks)("%s is what a plain ray caster draws", (projection, look) => {
  test("from everywhere, cut, clipped, under labels", async () => {
    await withVolume(async (draw) => {
      for (const [name, change] of states) {
        const whole = { ...look, ...change, projection, background: [0.1, 0.15, 0.3] } as const;
        const expected = rayCast(scene, changeState(defaultViewState, whole), size.width, size.height);
        const pixels = rgb(await draw(whole));
        console.log(projection, name, meanDifference(pixels, expected).toFixed(3), contrast(expected).toFixed(1));
        expect.soft(meanDifference(pixels, expected), name).toBeLessThan(1);
        expect.soft(contrast(expected), name).toBeGreaterThan(2);
      }
    });
  });
});
