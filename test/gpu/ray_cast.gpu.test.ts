import { describe, expect, test } from "vitest";
import type { Vec3 } from "../../src/core/grid.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { restStepMm } from "../../src/render/rays/rays.js";
import type { OverlayChange } from "../../src/render/state/overlays.js";
import type { TransferFunction } from "../../src/render/state/transfer.js";
import { type TransferPreset, transferPresets } from "../../src/render/state/transfer_presets.js";
import {
  changeState,
  defaultViewState,
  type RayProjection,
  type ViewChange,
} from "../../src/render/state/view_state.js";
import { rayCast } from "../reference/ray_cast.js";
import { testEngine } from "../support/gpu.js";
import { contrast, type Draw, meanDifference, type Subject, withPictures } from "../support/pictures.js";

const engine = testEngine();
const SIDE = 40;
const chest = chestSubject();
/** Fine enough for the steep edges that presets ask for, and so a part only. */
const chestMiddle = chestSubject([1.8, 1.8, 5]);

function chestSubject(spacingMm?: Vec3): Subject {
  const phantom = chestPhantom({ size: [64, 64, 24], spacingMm, seed: 3 });
  const slices = Array.from({ length: phantom.grid.size[2] }, (_, k) => k);
  const labels = slices.flatMap((k) => [...phantom.labels(k)]);
  const maskOf = (wanted: number) => Uint8Array.from(labels, (label) => (label === wanted ? 1 : 0));
  const voxels = Int16Array.from(slices.flatMap((k) => [...phantom.slice(k)]));
  return { grid: phantom.grid, voxels, masks: { right: maskOf(1), left: maskOf(2) } };
}

const turned = { azimuthDeg: 35, elevationDeg: 12 };
const overlays: OverlayChange[] = [
  { mask: "right", color: [1, 0.3, 0.1], opacity: 0.4, outline: 1 },
  { mask: "left", color: [0.1, 0.4, 1], opacity: 0.25, outline: 0 },
];

/** Whole bytes, so that what is beside the volume adds no rounding to a mean. */
const background = [20 / 255, 40 / 255, 90 / 255] as const;

const clip = {
  box: { fromMm: [-150, -90, 20], toMm: [160, 200, 250] },
  planes: [{ normal: [1, 2, 0.5], offsetMm: -60 }],
} as const;

const states: readonly (readonly [string, ViewChange])[] = [
  ["parallel", { camera: turned }],
  [
    "from below, rolled, near and moved",
    { camera: { azimuthDeg: 200, elevationDeg: -50, rollDeg: 25, zoom: 1.7, panMm: [30, -20] } },
  ],
  ["in perspective", { camera: { ...turned, perspectiveDeg: 40, rollDeg: -10 } }],
  ["from within", { camera: { azimuthDeg: 20, perspectiveDeg: 100, zoom: 6 } }],
  ["a slab", { camera: turned, slab: { centerMm: 17, thicknessMm: 41 } }],
  [
    "a slab in perspective, clipped by planes and a box",
    { camera: { ...turned, perspectiveDeg: 30 }, slab: { centerMm: 10, thicknessMm: 200 }, clip },
  ],
  ["hidden but for a mask", { camera: turned, cut: [{ mask: "right", outside: "hide" }] }],
  [
    "dimmed but for masks",
    {
      camera: turned,
      cut: [
        { mask: "right", outside: "dim" },
        { mask: "left", outside: "dim" },
      ],
    },
  ],
  ["overlays", { camera: turned, overlays }],
  ["overlays of what is cut", { camera: turned, overlays, cut: [{ mask: "left", outside: "hide" }] }],
];

/** Of all that a chest has, veils and surfaces, seen by steepness. */
const tissues: TransferFunction = {
  points: [
    { hu: -800, color: [0.2, 0.5, 0.9], opacityPerMm: 0 },
    { hu: -600, color: [0.9, 0.5, 0.3], opacityPerMm: 0.02 },
    { hu: 40, color: [0.9, 0.6, 0.5], opacityPerMm: 0.05 },
    { hu: 400, color: [1, 0.95, 0.85], opacityPerMm: 0.6 },
  ],
  gradientOpacity: [
    { gradientHuPerMm: 0, factor: 0.3 },
    { gradientHuPerMm: 60, factor: 1 },
  ],
};

const looks: readonly (readonly [RayProjection, ViewChange])[] = [
  ["mip", { window: "bone" }],
  ["minip", { window: "lung" }],
  ["average", { window: { centerHu: -400, widthHu: 1200 } }],
  ["dvr", { transfer: tissues }],
];

/** The mean difference from the plain ray caster, and the expected picture's contrast. */
async function judged(draw: Draw, subject: Subject, change: ViewChange): Promise<[number, number]> {
  const state = changeState(defaultViewState, change);
  const expected = rayCast({ ...subject, stepMm: restStepMm(subject.grid) }, state, SIDE, SIDE);
  return [meanDifference(await draw(change, SIDE), expected), contrast(expected)];
}

describe.each(looks)("%s is what a plain ray rayPass draws", (projection, look) => {
  test("from everywhere, cut, clipped, under labels", async () => {
    await withPictures(await engine(), chest, async (draw) => {
      for (const [name, change] of states) {
        const [difference, shown] = await judged(draw, chest, { ...look, ...change, projection, background });
        // Rounding to bytes alone is a quarter.
        expect.soft(difference, name).toBeLessThan(0.5);
        expect.soft(shown, name).toBeGreaterThan(0.5);
      }
    });
  });
});

describe("volume rendering is what a plain ray rayPass draws", () => {
  const presets = Object.keys(transferPresets) as TransferPreset[];
  test.each(presets)("with the preset for %s, lit or not", async (transfer) => {
    await withPictures(await engine(), chestMiddle, async (draw) => {
      for (const on of [true, false]) {
        const look = { projection: "dvr", camera: turned, transfer, shading: { on }, background } as const;
        const [difference, shown] = await judged(draw, chestMiddle, look);
        expect(difference).toBeLessThan(0.5);
        expect(shown).toBeGreaterThan(1);
      }
    });
  });
});
