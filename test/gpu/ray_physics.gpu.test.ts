import { describe, expect, test } from "vitest";
import { type Grid, positionMm, type Vec3 } from "../../src/core/grid.js";
import type { OverlayChange } from "../../src/render/state/overlays.js";
import { rayProjections, type ViewChange } from "../../src/render/state/view_state.js";
import { raysReference } from "../reference/project.js";
import { testEngine } from "../support/gpu.js";
import {
  greatestDifference,
  meanDifference,
  type Picture,
  type Subject,
  withPictures,
} from "../support/pictures.js";
import { gridOf, random } from "../support/volumes.js";

const engine = testEngine();
const SIDE = 32;

/** HU by voxel index. */
function filled(grid: Grid, hu: (index: Vec3) => number): Int16Array {
  const [nx, ny, nz] = grid.size;
  return Int16Array.from({ length: nx * ny * nz }, (_, i) =>
    Math.round(hu([i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)])),
  );
}

const near = (at: Vec3, to: Vec3, mm: number, [sx, sy, sz]: Vec3): number =>
  Math.exp(
    -(((at[0] - to[0]) * sx) ** 2 + ((at[1] - to[1]) * sy) ** 2 + ((at[2] - to[2]) * sz) ** 2) / mm ** 2,
  );

/** Three soft balls over air, unlike from every side; two masks. */
const grid = gridOf([24, 20, 14], [1, 1, 1.6]);
const balls: Subject = {
  grid,
  voxels: filled(grid, (at) =>
    [
      [17, 6, 10, 1300],
      [6, 12, 4, 900],
      [13, 15, 8, 1700],
    ].reduce((sum, [x, y, z, peak]) => sum + peak * near(at, [x, y, z], 4, grid.spacingMm), -1000),
  ),
  masks: {
    ball: Uint8Array.from(filled(grid, (at) => (near(at, [17, 6, 10], 4, grid.spacingMm) > 0.2 ? 1 : 0))),
    right: Uint8Array.from(filled(grid, ([x]) => (x < 12 ? 1 : 0))),
  },
};

const soft = {
  points: [
    { hu: -800, color: [0.2, 0.4, 0.9], opacityPerMm: 0 },
    { hu: 500, color: [1, 0.8, 0.6], opacityPerMm: 0.4 },
  ],
} as const;

const base: ViewChange = {
  window: { centerHu: 0, widthHu: 2000 },
  transfer: soft,
  background: [0.2, 0, 0.4],
};
const empty = [51, 0, 102];
const camera = { azimuthDeg: 35, elevationDeg: 20 };

/** A subject's picture in the projection that is judged. */
type Shown = (change: ViewChange, subject?: Subject) => Promise<Picture>;

function inAll(what: string, judge: (shown: Shown) => Promise<void>): void {
  test.each(rayProjections)(`${what}: %s`, async (projection) => {
    const on = await engine();
    await judge(async (change, subject = balls) => {
      let picture: Picture = [];
      await withPictures(on, subject, async (draw) => {
        picture = await draw({ ...base, ...change, projection }, SIDE);
      });
      return picture;
    });
  });
}

describe("opacity is that of the way through matter, whatever the voxels and so the step", () => {
  test.each([1, 0.5, 0.25])("of a cube seen on its edge, voxels of %d mm", async (mm) => {
    const n = 12 / mm;
    const cube = { grid: gridOf([n, n, n], [mm, mm, mm]), voxels: new Int16Array(n ** 3).fill(100) };
    await withPictures(await engine(), cube, async (draw) => {
      const transfer = { points: [{ hu: 0, color: [1, 1, 1], opacityPerMm: 0.1 }] } as const;
      const look = {
        projection: "dvr",
        transfer,
        shading: { on: false },
        camera: { azimuthDeg: 45 },
      } as const;
      const picture = await draw(look, SIDE);
      const pixelMm = 12 / (0.9 * SIDE);
      for (let x = 0; x < SIDE; x++) {
        const offsetMm = Math.abs((x + 0.5 - SIDE / 2) * pixelMm);
        const wayMm = Math.max(0, 2 * (12 * Math.SQRT1_2 - offsetMm));
        const [shown] = picture[(SIDE / 2) * SIDE + x];
        // A ray has its samples to within one step.
        const most = 255 * (1 - 0.9 ** (mm / 2));
        expect(Math.abs(shown - 255 * (1 - 0.9 ** wayMm))).toBeLessThan(most + 0.5);
      }
    });
  });
});

describe("a volume of one HU is that HU", () => {
  const constant = { grid, voxels: filled(grid, () => 200) };
  test.each(["mip", "minip", "average"] as const)(
    "%s, in parallel and in perspective",
    async (projection) => {
      await withPictures(await engine(), constant, async (draw) => {
        for (const perspectiveDeg of [0, 60]) {
          const picture = await draw({ ...base, projection, camera: { ...camera, perspectiveDeg } }, SIDE);
          const seen = picture.filter((color) => color.join() !== empty.join());
          expect(seen.length).toBeGreaterThan(300);
          // 255 * (200 + 1000) / 2000.
          expect(new Set(seen.map((color) => color.join()))).toEqual(new Set(["153,153,153"]));
        }
      });
    },
  );
});

describe("cameras", () => {
  inAll("perspective becomes parallel with its angle", async (shown) => {
    const [parallel, slight, wide] = [
      await shown({ camera }),
      await shown({ camera: { ...camera, perspectiveDeg: 1 } }),
      await shown({ camera: { ...camera, perspectiveDeg: 60 } }),
    ];
    expect(meanDifference(slight, parallel)).toBeLessThan(0.6);
    expect(meanDifference(wide, parallel)).toBeGreaterThan(4 * meanDifference(slight, parallel));
  });

  inAll("a roll of 90 degrees turns the picture clockwise", async (shown) => {
    // An unlit one: the lamp stays at the viewer's upper left.
    const shading = { on: false };
    const upright = await shown({ camera, shading });
    const rolled = await shown({ camera: { ...camera, rollDeg: 90 }, shading });
    const turned = upright.map((_, i) => upright[(SIDE - 1 - (i % SIDE)) * SIDE + Math.floor(i / SIDE)]);
    expect(greatestDifference(rolled, turned)).toBeLessThanOrEqual(1);
    expect(meanDifference(rolled, upright)).toBeGreaterThan(2);
  });

  /** The same patient, stored from left to right and from head to foot. */
  const flipped: Subject = {
    grid: {
      ...grid,
      originMm: positionMm(grid, [grid.size[0] - 1, 0, grid.size[2] - 1]),
      direction: [-1, 0, 0, 0, 1, 0, 0, 0, -1],
    },
    voxels: filled(grid, ([x, y, z]) => balls.voxels[23 - x + 24 * (y + 20 * (13 - z))]),
  };
  inAll("see the patient, not the order of voxels", async (shown) => {
    const clip = { planes: [{ normal: [1, 0, 1], offsetMm: 8 }] } as const;
    const change = { camera: { ...camera, perspectiveDeg: 30 }, clip };
    const picture = await shown(change);
    expect(greatestDifference(await shown(change, flipped), picture)).toBeLessThanOrEqual(1);
  });
});

describe("of the volume", () => {
  const isEmpty = (color: readonly number[]) => color.join() === empty.join();
  const half = (picture: Picture, right: boolean) => picture.filter((_, i) => i % SIDE >= SIDE / 2 === right);
  // From the front: the patient's right is at the picture's left.
  const patientsRight = { fromMm: [-99, -99, -99], toMm: [11.5, 99, 99] } as const;

  inAll("a slab that holds all of it takes nothing away", async (shown) => {
    const whole = await shown({ camera });
    expect(await shown({ camera, slab: { centerMm: 0, thicknessMm: 80 } })).toEqual(whole);
    expect(await shown({ camera, slab: { centerMm: 9, thicknessMm: 6 } })).not.toEqual(whole);
  });

  inAll("a box shows its half as it was, and of the rest nothing", async (shown) => {
    const [whole, clipped] = [await shown({}), await shown({ clip: { box: patientsRight } })];
    expect(half(clipped, false)).toEqual(half(whole, false));
    expect(half(clipped, true).every(isEmpty)).toBe(true);
    expect(half(whole, true).every(isEmpty)).toBe(false);
  });

  inAll("a mask that hides leaves nothing outside it", async (shown) => {
    const cut = [{ mask: "right", outside: "hide" }] as const;
    const picture = await shown({ cut });
    expect(half(picture, true).every(isEmpty)).toBe(true);
    expect(half(picture, false).filter((color) => !isEmpty(color)).length).toBeGreaterThan(100);
  });
});

describe("labels", () => {
  const one = (mask: string, color: readonly [number, number, number], opacity: number): OverlayChange => ({
    mask,
    color,
    opacity,
    outline: 0,
  });
  const [red, blue] = [one("right", [1, 0, 0], 1), one("same", [0, 0, 1], 1)];
  const subject = { ...balls, masks: { ...balls.masks, same: balls.masks?.right ?? new Uint8Array() } };
  const shading = { on: false };
  const at = (picture: Picture, x: number) => picture[(SIDE / 2) * SIDE + x];

  inAll("have their colors, and of two at one place the last is seen", async (shown) => {
    expect(at(await shown({ overlays: [red, blue], shading }, subject), 8)).toEqual([0, 0, 255]);
    expect(at(await shown({ overlays: [blue, red], shading }, subject), 8)).toEqual([255, 0, 0]);
    expect(at(await shown({ overlays: [], shading }, subject), 24)).toEqual(
      at(await shown({ overlays: [red, blue], shading }, subject), 24),
    );
  });

  test("in volume rendering each edge that a ray crosses adds its color, front to back", async () => {
    const clear = { points: [{ hu: 0, color: [0, 0, 0], opacityPerMm: 0 }] } as const;
    const within = (low: number, high: number) =>
      Uint8Array.from(filled(grid, ([, y]) => (y >= low && y < high ? 1 : 0)));
    const masks = { outer: within(2, 18), inner: within(6, 12) };
    await withPictures(await engine(), { ...balls, masks }, async (draw) => {
      const overlays = [one("inner", [0, 1, 0], 0.5), one("outer", [1, 0, 0], 0.25)];
      const picture = await draw({ projection: "dvr", transfer: clear, shading, overlays }, SIDE);
      // Outer, inner, inner, outer: 1/4, 3/4 of 1/2, 3/8 of 1/2, 3/16 of 1/4.
      const expected = [255 * (1 / 4 + 3 / 64), 255 * (3 / 8 + 3 / 16), 0];
      expect(greatestDifference([at(picture, 12)], [expected])).toBeLessThanOrEqual(0.6);
    });
  });
});

describe("MIP along the axes is exact before any window", () => {
  const n = 24;
  const next = random(4);
  // Maxima that differ from ray to ray; in this window a level is 1 HU.
  const cube = {
    grid: gridOf([n, n, n]),
    voxels: Int16Array.from({ length: n ** 3 }, () => Math.floor(256 * next() ** n)),
  };
  const window = { centerHu: 127.5, widthHu: 255 };
  const rows = (values: readonly number[]) =>
    Array.from({ length: n }, (_, y) => values.slice(n * y, n * (y + 1)));
  const views = [
    ["coronal", { azimuthDeg: 0 }],
    ["sagittal", { azimuthDeg: 90 }],
    ["axial", { elevationDeg: 90 }],
  ] as const;
  test.each(views)("%s", async (plane, from) => {
    const highest = raysReference(cube.voxels, cube.grid, plane, (ray) => Math.max(...ray));
    await withPictures(await engine(), cube, async (draw) => {
      const picture = await draw({ window, camera: { ...from, zoom: 1 / 0.9 } }, n);
      // The head is up, and seen from the head the front is down: rows ascend from below.
      expect(picture.map(([gray]) => gray)).toEqual(rows(highest).reverse().flat());
      expect(new Set(highest).size).toBeGreaterThan(100);
    });
  });
});
