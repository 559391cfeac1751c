import { describe, expect, test } from "vitest";
import type { Grid } from "../../src/core/grid.js";
import { bandsOf } from "../../src/render/frame/bands.js";
import { bandRows, firstSpeed, measuredSpeed, planFrame } from "../../src/render/frame/pace.js";
import {
  anteriorCamera,
  cameraAxes,
  eyeDistanceMm,
  mmPerPixel,
  turnCamera,
} from "../../src/render/state/camera.js";
import { clipPlanes } from "../../src/render/state/clip.js";
import { edgeLetters } from "../../src/render/state/orientation.js";
import { changeState, defaultViewState } from "../../src/render/state/view_state.js";
import { windowPresets } from "../../src/render/state/window_presets.js";

const grid: Grid = {
  size: [100, 80, 50],
  spacingMm: [0.7, 0.7, 2],
  originMm: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

describe("camera", () => {
  test("axes are a right-handed orthonormal frame from everywhere", () => {
    for (const azimuthDeg of [0, 37, 90, 200, 359]) {
      for (const elevationDeg of [-90, -30, 0, 45, 90]) {
        const { right, up, forward } = cameraAxes({ ...anteriorCamera, azimuthDeg, elevationDeg });
        const cross = [0, 1, 2].map((i) => {
          const [j, k] = [(i + 1) % 3, (i + 2) % 3];
          return right[j] * up[k] - right[k] * up[j];
        });
        // Right x up points to the viewer.
        cross.forEach((part, i) => {
          expect(part).toBeCloseTo(-forward[i], 12);
        });
        expect(Math.hypot(...up)).toBeCloseTo(1, 12);
      }
    }
  });

  test("a drag wraps round the patient and stops over the head", () => {
    const dragged = turnCamera(anteriorCamera, 100, 1000);
    expect(dragged).toMatchObject({ azimuthDeg: 310, elevationDeg: 90 });
    expect(turnCamera(dragged, -100, -1000)).toMatchObject({ azimuthDeg: 0, elevationDeg: -90 });
  });

  test("the eye is where its field of view spans the picture's height", () => {
    const distance = (perspectiveDeg: number) =>
      eyeDistanceMm({ ...anteriorCamera, perspectiveDeg }, grid, 300, 200);
    const halfHeightMm = 100 * mmPerPixel(anteriorCamera, grid, 300, 200);
    expect(distance(0)).toBe(0);
    expect(distance(90)).toBeCloseTo(halfHeightMm, 9);
    expect(distance(60)).toBeCloseTo(halfHeightMm * Math.sqrt(3), 9);
  });

  test("edges are named as DICOM names directions", () => {
    expect(edgeLetters(anteriorCamera)).toEqual({ left: "R", right: "L", top: "H", bottom: "F" });
    const left = edgeLetters({ ...anteriorCamera, azimuthDeg: 90 });
    expect(left).toEqual({ left: "A", right: "P", top: "H", bottom: "F" });
    const head = edgeLetters({ ...anteriorCamera, elevationDeg: 90 });
    expect(head).toEqual({ left: "R", right: "L", top: "P", bottom: "A" });
    expect(edgeLetters({ ...anteriorCamera, azimuthDeg: 30 }).right).toBe("LP");
  });
});

describe("view state", () => {
  test("changes what is named, keeps the rest, and the camera's identity where it is not named", () => {
    const state = changeState(defaultViewState, { window: "lung" });
    expect(state.window).toEqual(windowPresets.lung);
    expect(state.camera).toBe(defaultViewState.camera);
    const turned = changeState(state, { camera: { azimuthDeg: 15 } });
    expect(turned.camera).toEqual({ ...anteriorCamera, azimuthDeg: 15 });
    expect(turned.window).toBe(state.window);
  });

  test("survives a way through JSON", () => {
    const state = changeState(defaultViewState, { window: "bone", camera: { zoom: 2 } });
    expect(changeState(defaultViewState, JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test("of rays survives it too, with what is not named left as it is", () => {
    const state = changeState(defaultViewState, {
      projection: "dvr",
      camera: { rollDeg: 30, perspectiveDeg: 40 },
      slab: { centerMm: 5, thicknessMm: 20 },
      clip: { box: { fromMm: [0, 0, 0], toMm: [9, 9, 9] }, planes: [{ normal: [0, 0, 2], offsetMm: 8 }] },
      transfer: "lung",
      shading: { specular: 0.5 },
      cut: [{ mask: "lungs", outside: "dim" }],
    });
    expect(state.shading).toEqual({ ...defaultViewState.shading, specular: 0.5 });
    expect(changeState(defaultViewState, JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(changeState(state, { slab: null, clip: {} })).toMatchObject({ slab: null, clip: {} });
  });

  test.each<[string, object]>([
    ["perspectiveDeg", { camera: { perspectiveDeg: 121 } }],
    ["rollDeg", { camera: { rollDeg: Number.NaN } }],
    ["thicknessMm", { slab: { centerMm: 0, thicknessMm: 0 } }],
    ["clip plane", { clip: { planes: [{ normal: [0, 0, 0], offsetMm: 0 }] } }],
    ["clip planes", { clip: { planes: Array(7).fill({ normal: [1, 0, 0], offsetMm: 0 }) } }],
    ["clip box", { clip: { box: { fromMm: [0, 0], toMm: [1, 1, 1] } } }],
    ["transfer", { transfer: "bones" }],
    ["opacityPerMm", { transfer: { points: [{ hu: 0, color: [0, 0, 0], opacityPerMm: 2 }] } }],
    ["transfer points", { transfer: { points: [] } }],
    ["shininess", { shading: { shininess: 0 } }],
    ["background", { background: [0, 0] }],
    ["background", { background: [0, 0, 1.2] }],
    ["background", { background: [0, Number.NaN, 0] }],
    ["background", { background: "black" }],
    ["cut", { cut: [{ mask: "lungs", outside: "burn" }] }],
  ])("names %s where it is bad", (name, change) => {
    expect(() => changeState(defaultViewState, change)).toThrowError(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(name) }),
    );
  });

  test("clip boxes and planes become planes of unit normals, whose seen side is theirs", () => {
    const planes = clipPlanes({
      box: { fromMm: [3, 0, 0], toMm: [-1, 2, 4] },
      planes: [{ normal: [0, 0, 2], offsetMm: 8 }],
    });
    const isSeen = (p: number[]) =>
      planes.every(({ normal, offsetMm }) => normal.reduce((sum, n, i) => sum + n * p[i], 0) >= offsetMm);
    expect(planes).toHaveLength(7);
    expect(isSeen([0, 1, 4])).toBe(true);
    expect(isSeen([0, 1, 3.9])).toBe(false);
    expect(isSeen([3.1, 1, 4])).toBe(false);
  });

  test("refuses what JSON may hold and no picture can be made of", () => {
    for (const text of [
      '{"window":"bones"}',
      '{"window":{"centerHu":0,"widthHu":-1}}',
      '{"camera":{"zoom":0}}',
    ]) {
      const change = () => changeState(defaultViewState, JSON.parse(text));
      expect(change).toThrowError(expect.objectContaining({ code: "invalid-option" }));
    }
    expect(() => changeState(defaultViewState, JSON.parse('{"projection":"xray"}'))).toThrowError(
      /xray.*mip/,
    );
  });
});

describe("pace", () => {
  test("a fast device draws all in one pass, without a draft", () => {
    expect(planFrame(1e8, firstSpeed(false))).toEqual({ bands: 1 });
  });

  test("a band has the rows that the speed measured last allows, one at least", () => {
    const slow = bandRows(2e5, 5e3);
    expect(slow).toBe(5);
    // One band later the device is known to be ten times as fast, halfway.
    expect(bandRows(2e5, measuredSpeed(5e3, slow * 2e5, 20))).toBe(27);
    expect(bandRows(1e9, 5e3)).toBe(1);
  });

  test("a slow one gets a draft of a tenth of a second and bands of a fifth", () => {
    const plan = planFrame(1e8, 5e4);
    expect(plan.bands).toBe(10);
    expect(plan.draft).toEqual({ scale: 1 / 3, stepFactor: 2 });
  });

  test("a draft first lengthens the step and keeps every pixel", () => {
    expect(planFrame(1e7, 5e4).draft).toEqual({ scale: 1, stepFactor: 2 });
  });

  test("short waits do not make a device slower than it was seen to be", () => {
    expect(measuredSpeed(1000, 100, 10)).toBe(1000);
    expect(measuredSpeed(1000, 50_000, 10)).toBe(3000);
    expect(measuredSpeed(1000, 10_000, 100)).toBe(550);
  });

  test("bands cover every row once", () => {
    for (const [height, count] of [
      [100, 7],
      [3, 10],
      [1, 1],
      [64, 64],
    ]) {
      const bands = bandsOf(height, count);
      expect(bands[0].top).toBe(0);
      expect(bands.at(-1)?.bottom).toBe(height);
      bands.slice(1).forEach((band, i) => {
        expect(band.top).toBe(bands[i].bottom);
      });
      expect(bands.length).toBeLessThanOrEqual(Math.min(count, height));
    }
  });
});

test("what is there but undefined changes nothing, within a part of a state too", () => {
  const state = changeState(defaultViewState, { camera: { zoom: 2 }, mpr: { slabMm: 5 } });
  const unchanged = changeState(state, {
    projection: undefined,
    camera: { zoom: undefined, panMm: undefined },
    mpr: { slabMm: undefined },
    shading: { ambient: undefined },
  });
  expect(unchanged).toEqual(state);
  const [overlay] = changeState(state, { overlays: [{ mask: "lungs", opacity: undefined }] }).overlays;
  expect(overlay).toEqual(changeState(state, { overlays: [{ mask: "lungs" }] }).overlays[0]);
  expect(overlay.opacity).toBeGreaterThan(0);
  expect(changeState(state, { camera: { zoom: 3 } }).camera).toEqual({ ...state.camera, zoom: 3 });
});
