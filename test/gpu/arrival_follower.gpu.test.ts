import { expect, test } from "vitest";
import { createRenderTarget } from "../../src/render/frame/render_target.js";
import { mprParams } from "../../src/render/mpr/mpr_params.js";
import { createMprPasses } from "../../src/render/mpr/mpr_passes.js";
import { defaultViewState } from "../../src/render/state/view_state.js";
import { createDisplayTexture, type DisplayTexture } from "../../src/render/texture/display_texture.js";
import { ArrivalFollower } from "../../src/render/view/arrival_follower.js";
import { sliceWords } from "../../src/volume/ct_volume.js";
import { SliceArrivals } from "../../src/volume/slice_arrivals.js";
import { testEngine } from "../support/gpu.js";
import { readTexture } from "../support/read_texture.js";
import { gridOf, uploadVolume } from "../support/volumes.js";

const engine = testEngine();
const [nx, ny, nz] = [6, 4, 20];
const grid = gridOf([nx, ny, nz]);

/** HU at the middle of each slice of the texture. */
async function heldSlices(display: DisplayTexture): Promise<number[]> {
  const passes = await createMprPasses(display, "rgba8unorm");
  const picture = createRenderTarget(display.engine, "hu", nx, nz);
  const mpr = {
    ...defaultViewState.mpr,
    plane: "coronal",
    pointMm: [0, 2, 0],
    interpolation: "nearest",
  } as const;
  passes.sample(mprParams(grid, mpr, nx, nz), picture, { top: 0, bottom: nz });
  const hu = new Float32Array((await readTexture(display.engine, picture.values, 4)).buffer);
  picture.destroy();
  passes.destroy();
  // The head is up.
  return Array.from({ length: nz }, (_, z) => hu[(nz - 1 - z) * nx + 3]);
}

test("slices stand in for their neighbors until those arrive, and nothing is told before all are covered", async () => {
  const volume = await uploadVolume(await engine(), grid, new Int16Array(nx * ny * nz));
  const display = await createDisplayTexture(volume, { empty: true });
  const arrival = new SliceArrivals(nz);
  let told = 0;
  let onTold = () => {};
  let done = 0;
  const put = (z: number) => {
    const slice = new Int16Array(sliceWords(grid) * 2).fill(100 * (z + 1));
    volume.engine.write(volume.buffer, z * slice.byteLength, slice);
    arrival.arrived(z);
  };
  put(4);
  const follower = new ArrivalFollower(display, arrival, true, {
    onUpdate: () => {
      told++;
      onTold();
    },
    onDone: () => done++,
    onError: (error) => {
      throw error;
    },
  });
  expect(told).toBe(0);
  expect(follower.busy).toBe(true);
  const covered = new Promise<void>((resolve) => (onTold = resolve));
  put(12);
  await covered;
  const coarse = Array.from({ length: nz }, (_, z) => (z < 8 ? 500 : 1300));
  expect(await heldSlices(display)).toEqual(coarse);

  const order = [0, 1, 2, 5, 7, 9, 3, 6, 8, 10, 11, 13, 14, 15, 16, 17, 18, 19];
  const before = told;
  for (const z of order) put(z);
  expect(done).toBe(0);
  arrival.finish();
  const whole = Array.from({ length: nz }, (_, z) => 100 * (z + 1));
  for (let i = 0; i < 200; i++) {
    if (JSON.stringify(await heldSlices(display)) === JSON.stringify(whole)) break;
  }
  expect(await heldSlices(display)).toEqual(whole);
  // Those that lay together were taken over together.
  expect(told - before).toBeLessThan(order.length);
  expect(done).toBe(1);
  expect(follower.busy).toBe(false);
  follower.stop();
  display.destroy();
  volume.destroy();
});

test("a slow loader's gaps are air", async () => {
  const volume = await uploadVolume(await engine(), grid, new Int16Array(nx * ny * nz).fill(40));
  const display = await createDisplayTexture(volume, { empty: true });
  const arrival = new SliceArrivals(nz);
  arrival.arrived(4);
  await new Promise<void>((resolve) => {
    const follower = new ArrivalFollower(display, arrival, true, {
      onUpdate: () => {
        follower.stop();
        resolve();
      },
      onDone: () => {},
      onError: (error) => {
        throw error;
      },
    });
  });
  expect(await heldSlices(display)).toEqual(Array.from({ length: nz }, (_, z) => (z < 8 ? 40 : -1024)));
  display.destroy();
  volume.destroy();
});

test("the coarse whole goes first, also where all slices are there already", async () => {
  const volume = await uploadVolume(await engine(), grid, new Int16Array(nx * ny * nz));
  const display = await createDisplayTexture(volume, { empty: true });
  const arrival = new SliceArrivals(nz);
  arrival.finish();
  const runs: (number | undefined)[][] = [];
  const update: DisplayTexture["update"] = async (z0, z1, standIn) => {
    runs.push([z0, z1, standIn]);
    await display.update(z0, z1, standIn);
  };
  await new Promise<void>((resolve, reject) => {
    const hooks = { onUpdate: () => {}, onDone: resolve, onError: reject };
    new ArrivalFollower({ ...display, update }, arrival, true, hooks);
  });
  expect(runs.slice(0, 2)).toEqual([
    [0, 8, 4],
    [8, 20, 12],
  ]);
  expect(runs.slice(2).every(([z0, z1, standIn]) => standIn === undefined && z0 !== z1)).toBe(true);
  display.destroy();
  volume.destroy();
});
