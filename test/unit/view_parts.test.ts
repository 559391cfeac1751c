import { describe, expect, test } from "vitest";
import type { Grid, Vec3 } from "../../src/core/grid.js";
import { RefCountedCache } from "../../src/core/ref_counted.js";
import { positionText } from "../../src/render/annotations/annotations.js";
import { scaleBarOf } from "../../src/render/annotations/scale_bar.js";
import { type LinkedView, linkViews } from "../../src/render/controls/link_views.js";
import { panBy, pointAt, stepPoint, zoomAt } from "../../src/render/controls/mpr_moves.js";
import { dragWindow } from "../../src/render/controls/window_drag.js";
import { mprSliceOf, pixelOf, positionAt } from "../../src/render/mpr/mpr_slice.js";
import type { MprState } from "../../src/render/state/mpr_state.js";
import { indexOf } from "../../src/render/state/plane.js";
import { changeState, defaultViewState, type ViewChange } from "../../src/render/state/view_state.js";
import { createEmitter } from "../../src/render/view/emitter.js";
import type { ViewEvents } from "../../src/render/view/view_events.js";

const grid: Grid = {
  size: [100, 100, 50],
  spacingMm: [1, 1, 2],
  originMm: [-50, -50, -300],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const mpr: MprState = {
  ...defaultViewState.mpr,
  plane: "axial",
  pointMm: [0, 0, -250],
  zoom: 2,
  panMm: [5, -3],
};

describe("moves of a slice", () => {
  const slice = mprSliceOf(grid, mpr, 300, 200);

  test("zoom keeps the point under the pointer where it is", () => {
    const kept = positionAt(slice, 220, 40);
    const zoomed = { ...mpr, ...zoomAt(mpr, slice, 1.7, 220, 40) };
    expect(zoomed.zoom).toBeCloseTo(3.4, 12);
    const { xPx, yPx } = pixelOf(mprSliceOf(grid, zoomed, 300, 200), kept);
    expect(xPx).toBeCloseTo(220, 9);
    expect(yPx).toBeCloseTo(40, 9);
  });

  test("a drag takes the picture along", () => {
    const under = positionAt(slice, 100, 100);
    const moved = { ...mpr, ...panBy(mpr, slice, 12, -7) };
    const { xPx, yPx } = pixelOf(mprSliceOf(grid, moved, 300, 200), under);
    expect(xPx).toBeCloseTo(112, 9);
    expect(yPx).toBeCloseTo(93, 9);
  });

  test("steps go slice by slice and end at the volume's last ones", () => {
    expect(stepPoint(grid, mpr, 3)).toEqual([0, 0, -244]);
    expect(stepPoint(grid, mpr, 1000)[2]).toBeCloseTo(-202, 9);
    expect(stepPoint(grid, { ...mpr, plane: "coronal" }, -2)).toEqual([0, -2, -250]);
    expect(stepPoint(grid, { ...mpr, plane: "sagittal" }, 1)).toEqual([-1, 0, -250]);
  });

  test("a tap puts the crosshair on a voxel's center of the slice that is looked at", () => {
    const between = { ...mpr, pointMm: [0, 0, -249] as Vec3 };
    const at = pointAt(grid, mprSliceOf(grid, between, 300, 200), "axial", 220.3, 40.9);
    expect(at[2]).toBeCloseTo(-249, 9);
    const index = indexOf(grid, at);
    expect(index[0]).toBeCloseTo(Math.round(index[0]), 9);
    expect(index[1]).toBeCloseTo(Math.round(index[1]), 9);
    const beside = pointAt(grid, mprSliceOf(grid, { ...mpr, zoom: 0.5 }, 300, 200), "axial", 0, 0);
    expect(indexOf(grid, beside)[0]).toBeCloseTo(0, 9);
  });
});

test("a window follows a drag as on a workstation", () => {
  const before = { centerHu: 50, widthHu: 400 };
  expect(dragWindow(before, 0, -0.1)).toEqual({ centerHu: 130, widthHu: 400 });
  expect(dragWindow(before, 0.1, 0).widthHu).toBeGreaterThan(400);
  expect(dragWindow(before, -100, 0).widthHu).toBe(1);
  // Of a record in steps of 0.01 mg/ml, and as the file's function has it.
  const iodine = { centerHu: 2.5, widthHu: 0.5, voiFunction: "SIGMOID" } as const;
  expect(dragWindow(iodine, 0, -0.1, 0.01)).toEqual({ ...iodine, centerHu: 2.6 });
  expect(dragWindow(iodine, -100, 0, 0.01).widthHu).toBe(0.01);
});

test("scale bars have round lengths and fit", () => {
  expect(scaleBarOf(0.5, 100)).toEqual({ lengthMm: 50, lengthPx: 100, label: "5 cm" });
  expect(scaleBarOf(0.499, 100)).toMatchObject({ lengthMm: 20, label: "2 cm" });
  expect(scaleBarOf(0.7, 100)).toEqual({ lengthMm: 50, lengthPx: 50 / 0.7, label: "5 cm" });
  expect(scaleBarOf(0.1, 100)).toMatchObject({ lengthMm: 10, label: "1 cm" });
  expect(scaleBarOf(0.03, 100)).toMatchObject({ lengthMm: 2, label: "2 mm" });
  expect(scaleBarOf(0.003, 100)).toMatchObject({ label: "0.2 mm" });
});

test("positions are read with the side that they lie on", () => {
  expect(positionText([-12.34, 5, -0.04])).toBe("R 12.3  P 5.0  F 0.0");
  expect(positionText([1, 2, 300], [2])).toBe("H 300.0");
});

test("listeners hear until they unsubscribe", () => {
  const events = createEmitter<{ a: number; b: string }>();
  const heard: unknown[] = [];
  const stop = events.on("a", (value) => heard.push(value));
  events.on("a", (value) => heard.push(-value));
  expect(events.emit("a", 1)).toBe(true);
  expect(events.emit("b", "nobody")).toBe(false);
  stop();
  events.emit("a", 2);
  expect(heard).toEqual([1, -1, -2]);
  events.clear();
  expect(events.emit("a", 3)).toBe(false);
});

/** What linking needs of a view. */
function plainView(): LinkedView & { readonly changes: number } {
  const events = createEmitter<ViewEvents>();
  const view = {
    changes: 0,
    ended: false,
    state: defaultViewState,
    on: events.on,
    set(change: ViewChange) {
      const next = changeState(view.state, change);
      if (JSON.stringify(next) === JSON.stringify(view.state)) return;
      const changed = (Object.keys(next) as (keyof typeof next)[]).filter((k) => next[k] !== view.state[k]);
      view.state = next;
      view.changes++;
      events.emit("change", { state: next, changed });
    },
  };
  return view;
}

test("linked views share the crosshair, each is told once, and the rest is their own", () => {
  const [a, b, c] = [plainView(), plainView(), plainView()];
  const unlink = linkViews([a, b, c], { slab: true });
  b.set({ mpr: { pointMm: [1, 2, 3], zoom: 4, slabMm: 10 }, window: "lung" });
  expect([a, b, c].map((view) => view.changes)).toEqual([1, 1, 1]);
  expect(a.state.mpr).toEqual({ ...defaultViewState.mpr, pointMm: [1, 2, 3], slabMm: 10 });
  expect(c.state.window).toEqual(defaultViewState.window);
  unlink();
  a.set({ mpr: { pointMm: [0, 0, 9] } });
  expect(b.state.mpr.pointMm).toEqual([1, 2, 3]);
});

describe("what several share", () => {
  const made: string[] = [];
  const maker = (name: string) => async () => {
    made.push(name);
    return { name, destroy: () => made.push(`${name} gone`) };
  };

  test("is made once and destroyed after its last user", async () => {
    const shares = new RefCountedCache();
    const [one, two] = await Promise.all([shares.take("x", maker("x")), shares.take("x", maker("x"))]);
    expect(one.value).toBe(two.value);
    one.release();
    one.release();
    await Promise.resolve();
    expect(made).toEqual(["x"]);
    two.release();
    await Promise.resolve();
    expect(made).toEqual(["x", "x gone"]);
    const again = await shares.take("x", maker("x"));
    expect(again.value).not.toBe(one.value);
    again.release();
  });

  test("is forgotten when making it failed", async () => {
    const shares = new RefCountedCache();
    const fails = () => Promise.reject(new Error("no memory"));
    await expect(shares.take("y", fails)).rejects.toThrow("no memory");
    const lease = await shares.take("y", maker("y"));
    expect(lease.value.name).toBe("y");
  });
});
