// Over 300 lines: one sentence, that leaving out changes no bit, held for every way of looking, on one device
// and its volumes.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { targetKind } from "../../src/render/frame/render_target.js";
import { rayCast } from "../../src/render/rays/ray_cast.js";
import { createRayPasses, type RayPasses } from "../../src/render/rays/ray_passes.js";
import { restStepMm } from "../../src/render/rays/rays.js";
import {
  changeState,
  defaultViewState,
  type RayProjection,
  type ViewChange,
} from "../../src/render/state/view_state.js";
import { createDisplayTexture, type DisplayTexture } from "../../src/render/texture/display_texture.js";
import { createLabelTexture, type LabelTexture } from "../../src/render/texture/label_texture.js";
import type { BitMask } from "../../src/volume/bit_mask.js";
import type { CtVolume } from "../../src/volume/ct_volume.js";
import { testEngine } from "../support/gpu.js";
import { uploadMask } from "../support/masks.js";
import { readTexture } from "../support/read_texture.js";
import { uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const [width, height] = [70, 61];

let volume: CtVolume;
let mask: BitMask;
let display: DisplayTexture;
let labels: LabelTexture;
let plain: RayPasses;
let skipping: RayPasses;

beforeAll(async () => {
  const phantom = chestPhantom({ size: [96, 90, 45] });
  const [nx, ny, nz] = phantom.grid.size;
  const voxels = new Int16Array(nx * ny * nz);
  const lungs = new Uint8Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) {
    voxels.set(phantom.slice(z), z * nx * ny);
    lungs.set(
      phantom.labels(z).map((label) => (label > 0 ? 1 : 0)),
      z * nx * ny,
    );
  }
  volume = await uploadVolume(await engine(), phantom.grid, voxels);
  mask = await uploadMask(await engine(), phantom.grid, lungs);
  display = await createDisplayTexture(volume);
  labels = await createLabelTexture(await engine(), phantom.grid, { lungs: mask });
  plain = createRayPasses(display, "rgba8unorm", { skipping: false, counting: false });
  skipping = createRayPasses(display, "rgba8unorm");
});

afterAll(() => {
  for (const one of [plain, skipping, labels, display, mask, volume]) one?.destroy();
});

/** What the rays of a state give, bits and all. */
async function cast(
  passes: RayPasses,
  projection: RayProjection,
  change: ViewChange,
  widthPx = width,
  heightPx = height,
  on = display,
): Promise<{ values: Uint8Array; labels: Uint8Array }> {
  const state = changeState(defaultViewState, change);
  const what = rayCast(on.grid, projection, state, labels, widthPx, heightPx, restStepMm(on.grid));
  await passes.prepare(what);
  const picture = passes.createRenderTarget(targetKind(projection), widthPx, heightPx);
  // In two bands, as a slow device draws.
  const middle = Math.floor(heightPx / 3);
  passes.project(what, picture, { top: 0, bottom: middle });
  passes.project(what, picture, { top: middle, bottom: heightPx });
  const values = await readTexture(display.engine, picture.values, picture.kind === "hu" ? 4 : 8);
  const found = await readTexture(display.engine, picture.labels, 1);
  picture.destroy();
  return { values, labels: found };
}

const views: Readonly<Record<string, ViewChange>> = {
  "along an axis": {},
  "turned, tilted and rolled": { camera: { azimuthDeg: 33, elevationDeg: 28, rollDeg: 17 } },
  "from the head, near": { camera: { azimuthDeg: 200, elevationDeg: 90, zoom: 2.3, panMm: [30, -12] } },
  "in perspective": { camera: { azimuthDeg: 60, elevationDeg: -15, perspectiveDeg: 50 } },
  "from within": { camera: { azimuthDeg: 10, perspectiveDeg: 100, zoom: 6 } },
  "a slab": { camera: { azimuthDeg: 20 }, slab: { centerMm: -15, thicknessMm: 23 } },
  "a slab in perspective": {
    camera: { azimuthDeg: 110, perspectiveDeg: 40 },
    slab: { centerMm: 20, thicknessMm: 31 },
  },
  "a plane and a box": {
    camera: { azimuthDeg: 75, elevationDeg: 10 },
    clip: {
      box: { fromMm: [-120, -90, -110], toMm: [95, 130, 120] },
      planes: [{ normal: [0.6, 0.8, 0.1], offsetMm: -20 }],
    },
  },
};

async function expectEqual(
  projection: RayProjection,
  change: ViewChange,
  size: readonly [number, number] = [width, height],
): Promise<void> {
  const expected = await cast(plain, projection, change, ...size);
  const got = await cast(skipping, projection, change, ...size);
  // Something is there to be seen, and it varies.
  expect(new Set(expected.values).size).toBeGreaterThan(8);
  expect(Buffer.compare(got.values, expected.values)).toBe(0);
  expect(Buffer.compare(got.labels, expected.labels)).toBe(0);
}

describe.each(["mip", "minip"] as const)("%s by tiles is the plain march's, bit for bit", (projection) => {
  test.each(Object.keys(views))("%s", (name) => expectEqual(projection, views[name]));

  // A tile of so few pixels sees so much of the volume that it goes by bricks twice as long.
  test.each(Object.keys(views))("a small picture, %s", (name) =>
    expectEqual(projection, views[name], [33, 25]),
  );
});

describe("volume rendering by bricks is the plain march's, bit for bit", () => {
  test.each(Object.keys(views))("bone, unlit, %s", (name) =>
    expectEqual("dvr", { ...views[name], transfer: "bone", shading: { on: false } }),
  );

  test.each(["lung", "soft-tissue", "airways"] as const)("%s, lit", (transfer) =>
    expectEqual("dvr", { camera: { azimuthDeg: 40, elevationDeg: 12 }, transfer }),
  );
});

describe("with labels too", () => {
  const camera = { azimuthDeg: 25, elevationDeg: 8 };
  const overlays = [{ mask: "lungs" }];
  test.each(["mip", "minip", "average", "dvr"] as const)("%s under an overlay", (projection) =>
    expectEqual(projection, { camera, overlays }),
  );

  test.each([
    ["mip", "hide"],
    ["mip", "dim"],
    ["minip", "hide"],
    ["minip", "dim"],
    ["dvr", "hide"],
    ["dvr", "dim"],
  ] as const)("%s, a mask's outside %s", (projection, outside) =>
    expectEqual(projection, {
      camera,
      overlays,
      cut: [{ mask: "lungs", outside }],
      transfer: projection === "dvr" ? "lung" : undefined,
    }),
  );
});

/** The same cast by painters of a texture, skipping and plain, and that the two give the same bits. */
async function expectEqualOn(on: DisplayTexture, painters: readonly RayPasses[], change: ViewChange) {
  const { projection = "mip" } = change;
  if (projection === "mpr") throw new Error("a cut has no rays");
  const got = await cast(painters[0], projection, change, 40, 35, on);
  const expected = await cast(painters[1], projection, change, 40, 35, on);
  expect(new Set(expected.values).size).toBeGreaterThan(8);
  expect(Buffer.compare(got.values, expected.values)).toBe(0);
  return expected.values;
}

const casts: readonly ViewChange[] = [
  { projection: "mip", camera: { azimuthDeg: 33, elevationDeg: 28 } },
  { projection: "minip", camera: { azimuthDeg: 60, perspectiveDeg: 50 } },
  { projection: "dvr", transfer: "bone", camera: { azimuthDeg: 33, elevationDeg: 28 } },
];

describe("of textures of every kind and state", () => {
  const withPainters = async (on: DisplayTexture, use: (painters: readonly RayPasses[]) => Promise<void>) => {
    const painters = [true, false].map((skipping) =>
      createRayPasses(on, "rgba8unorm", { skipping, counting: false }),
    );
    await use(painters);
    for (const one of [...painters, on]) one.destroy();
  };

  test("half floats", async () => {
    const half = await createDisplayTexture(volume, { format: "r16float" });
    await withPainters(half, async (painters) => {
      for (const change of casts) await expectEqualOn(half, painters, change);
    });
  });

  test("coarser than the volume", async () => {
    const coarse = await createDisplayTexture(volume, { mostTexels: 40 });
    await withPainters(coarse, async (painters) => {
      for (const change of casts) await expectEqualOn(coarse, painters, change);
    });
  });

  test.each([96, 40])("a volume that arrives in a texture of %d texels along an edge", async (mostTexels) => {
    const arriving = await createDisplayTexture(volume, { empty: true, mostTexels });
    await withPainters(arriving, async (painters) => {
      const steps = [
        // A slow loader's: air, with one slice in the place of its eight.
        async () => {
          arriving.clear(0, 45);
          await arriving.update(16, 24, 20);
        },
        () => arriving.update(22, 31),
        () => arriving.update(0, 45),
      ];
      const seen: Uint8Array[][] = [];
      for (const step of steps) {
        await step();
        const pictures: Uint8Array[] = [];
        for (const change of casts) pictures.push(await expectEqualOn(arriving, painters, change));
        seen.push(pictures);
      }
      // What came was seen, by rays that knew the texture from before.
      for (const i of casts.keys()) {
        expect(Buffer.compare(seen[0][i], seen[1][i])).not.toBe(0);
        expect(Buffer.compare(seen[1][i], seen[2][i])).not.toBe(0);
      }
    });
  });
});

async function phantomVolume(size: [number, number, number]): Promise<CtVolume> {
  const phantom = chestPhantom({ size });
  const [nx, ny, nz] = size;
  const voxels = new Int16Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) voxels.set(phantom.slice(z), z * nx * ny);
  return uploadVolume(await engine(), phantom.grid, voxels);
}

/** Sums over a picture's rays. */
async function countsOf(
  on: DisplayTexture,
  projection: RayProjection,
  change: ViewChange,
  mode: { skipping: boolean },
) {
  const passes = createRayPasses(on, "rgba8unorm", { ...mode, counting: true });
  const { values } = await cast(passes, projection, change, 320, 320, on);
  passes.destroy();
  const sum = (parts: number[]) => parts.reduce((total, part) => total + part, 0);
  if (projection !== "dvr") {
    const packed = [...new Float32Array(values.buffer)];
    return {
      samples: sum(packed.map((value) => value % 4096)),
      steps: sum(packed.map((value) => Math.floor(value / 4096))),
    };
  }
  const halves = [...new Uint16Array(values.buffer)].map(halfToNumber);
  return {
    samples: sum(halves.filter((_, i) => i % 4 === 0)),
    steps: sum(halves.filter((_, i) => i % 4 === 1)),
    gradients: sum(halves.filter((_, i) => i % 4 === 2)),
  };
}

/** Of whole numbers to 2048. */
function halfToNumber(bits: number): number {
  const exponent = bits >> 10;
  return exponent === 0 ? 0 : 2 ** (exponent - 15) * (1 + (bits & 1023) / 1024);
}

// A picture says nothing of a ray that advances by one sample a step: right, and slow. Bounds are a quarter
// to a half above what was counted: the phantom's coarse voxels and noise part less well than a patient's.
describe("what is left out is counted", () => {
  let fine: CtVolume;
  let shown: DisplayTexture;
  beforeAll(async () => {
    fine = await phantomVolume([192, 192, 96]);
    shown = await createDisplayTexture(fine);
  });
  afterAll(() => {
    shown.destroy();
    fine.destroy();
  });

  test.each([
    ["along an axis", "mip", 0.48],
    ["turned, tilted and rolled", "mip", 0.7],
    ["in perspective", "mip", 0.75],
    ["along an axis", "minip", 0.09],
  ] as const)("%s: %s takes under %d of the samples, and few segments", async (view, projection, share) => {
    const plainly = await countsOf(shown, projection, views[view], { skipping: false });
    const { samples, steps } = await countsOf(shown, projection, views[view], { skipping: true });
    expect(plainly.steps).toBe(0);
    expect(samples).toBeGreaterThan(0);
    expect(samples).toBeLessThan(plainly.samples * share);
    expect(steps).toBeLessThan(plainly.samples / 18);
  });

  test.each(["along an axis", "turned, tilted and rolled", "in perspective"])(
    "%s: bone takes under a sixth of the samples, few steps, and the gradients that it must",
    async (view) => {
      const change = { ...views[view], transfer: "bone" } as const;
      const plainly = await countsOf(shown, "dvr", change, { skipping: false });
      const { samples, steps, gradients } = await countsOf(shown, "dvr", change, { skipping: true });
      expect(plainly.steps).toBe(0);
      expect(gradients).toBe(plainly.gradients);
      expect(samples).toBeLessThan(plainly.samples / 6);
      expect(steps).toBeLessThan(plainly.samples / 15);
    },
  );
});
