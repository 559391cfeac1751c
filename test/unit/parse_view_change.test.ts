import { expect, test } from "vitest";
import { initialState } from "../../src/render/state/initial_state.js";
import { parseViewChange } from "../../src/render/state/parse_view_change.js";
import { changeState, defaultViewState, type ViewChange } from "../../src/render/state/view_state.js";
import { gridOf } from "../support/volumes.js";

const grid = gridOf([8, 6, 4], [1, 1, 2]);

const changes: readonly ViewChange[] = [
  {},
  { projection: "dvr", transfer: "airways", shading: { on: false }, background: [0.1, 0, 1] },
  {
    projection: "mpr",
    mpr: { plane: { right: [1, 0.2, 0], down: [0, 0, -1] }, slabKind: "average", slabMm: 3 },
  },
  {
    slab: { centerMm: -3, thicknessMm: 10 },
    clip: { box: { fromMm: [0, 0, 0], toMm: [4, 4, 4] }, planes: [{ normal: [0, 0, 1], offsetMm: 2 }] },
    overlays: [{ mask: "lungs", outline: 0 }],
    cut: [{ mask: "lungs", outside: "dim" }],
  },
];

test.each(changes)("a state survives JSON: %j", (change) => {
  const state = initialState(grid, change);
  const stored = parseViewChange(JSON.parse(JSON.stringify(state)));
  expect(stored).toEqual(state);
  expect(changeState(defaultViewState, stored)).toEqual(state);
});

test("parts of a state and presets by name are taken as they are", () => {
  const parts = {
    window: "lung",
    transfer: "bone",
    slab: null,
    camera: { zoom: 2 },
    mpr: { plane: "coronal" },
  };
  expect(parseViewChange(parts)).toEqual(parts);
});

test.each([
  [[1], "state: got [1], accepted an object"],
  [null, "state: got null, accepted an object"],
  [{ slabMm: 3 }, 'a key of the state: got "slabMm", accepted projection, window, camera'],
  [{ __proto__: null, constructor: 1 }, 'a key of the state: got "constructor"'],
  [{ camera: { azimuth: 3 } }, 'a key of camera: got "azimuth", accepted azimuthDeg'],
  [{ camera: { zoom: "2" } }, 'camera.zoom: got "2", accepted a finite number'],
  [{ mpr: { pointMm: [1, 2] } }, "mpr.pointMm: got [1,2], accepted 3 finite numbers"],
  [{ mpr: { plane: "frontal" } }, 'mpr.plane: got "frontal", accepted axial, coronal, sagittal'],
  [{ mpr: { plane: { right: [1, 0, 0] } } }, "mpr.plane.down: got null, accepted a value: it is missing"],
  [{ window: { centerHu: 3 } }, "window.widthHu: got null"],
  [{ window: "toString" }, 'window: got "toString", accepted lung'],
  [{ overlays: [{ mask: "a" }, { color: [0, 0, 0] }] }, "overlays[1].mask: got null"],
  [
    { transfer: { points: [{ hu: 1, color: [2, 0, 0], opacityPerMm: 0 }] } },
    "transfer.points[0].color: got [2,0,0]",
  ],
  [{ shading: { on: 1 } }, "shading.on: got 1, accepted true or false"],
  [{ cut: {} }, "cut: got {}, accepted a list"],
])("%j is refused: %s", (json, message) => {
  expect(() => parseViewChange(json)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  expect(() => parseViewChange(json)).toThrowError(message);
});
