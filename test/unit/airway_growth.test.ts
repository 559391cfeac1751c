import { expect, test } from "vitest";
import { lastContained, thresholdHu } from "../../src/recipes/lung_mask/airway_growth.js";

/** Where growth ends for the ml reached below -980, -960, ... -840 HU, and how many thresholds were tried. */
async function ended(...ml: number[]) {
  const asked: number[] = [];
  const { step, leaks } = await lastContained(async (at) => {
    asked.push(at);
    return { ml: ml[at], withWallsMl: async () => ml[at] + 15 };
  });
  expect(new Set(asked).size).toBe(asked.length);
  return { hu: step === undefined ? undefined : thresholdHu(step), leaks, tried: asked.length };
}

test("the last threshold before the lung is reached, in few tries", async () => {
  expect(await ended(3, 19, 32, 37, 40, 42, 2848, 3000)).toEqual({ hu: -880, leaks: false, tried: 3 });
  expect(await ended(19, 37, 46, 50, 52, 55, 56, 1673)).toEqual({ hu: -860, leaks: false, tried: 4 });
  expect(await ended(5, 28, 32, 34, 35, 36, 37, 38)).toEqual({ hu: -840, leaks: false, tried: 4 });
});

test("a leak that is small yet is taken back: a step of 1.35 from 45 ml on", async () => {
  expect((await ended(19, 37, 46, 50, 52, 71, 1000, 1000)).hu).toBe(-900);
  expect((await ended(19, 37, 46, 50, 52, 70, 1000, 1000)).hu).toBe(-880);
  expect((await ended(19, 25, 26, 27, 30, 44, 1000, 1000)).hu).toBe(-880);
  expect((await ended(19, 25, 26, 27, 30, 46, 1000, 1000)).hu).toBe(-900);
  expect((await ended(19, 37, 46, 50, 68, 92, 1000, 1000)).hu).toBe(-920);
  // Below -940 HU the trachea itself fills up.
  expect((await ended(19, 46, 1000, 1000, 1000, 1000, 1000, 1000)).hu).toBe(-960);
});

/** Where growth ends for ml of lumen and with walls at each step. */
function endedWithWalls(ml: readonly number[], withWallsMl: readonly number[]) {
  return lastContained(async (step) => ({ ml: ml[step], withWallsMl: async () => withWallsMl[step] }));
}

test("a leak of thin ways is taken back by what its walls hold: 20 ml more in a step from 45 ml on", async () => {
  const ml = [19, 37, 40, 42, 46, 50, 1000, 1000];
  expect(await endedWithWalls(ml, [30, 55, 58, 60, 64, 84, 1500, 1500])).toMatchObject({
    step: 4,
    leaks: false,
  });
  expect(await endedWithWalls(ml, [30, 55, 58, 60, 64, 83, 1500, 1500])).toMatchObject({
    step: 5,
    leaks: false,
  });
  // With less lumen such a step may be a bronchus that opens.
  const less = [19, 30, 33, 36, 40, 44, 1000, 1000];
  expect(await endedWithWalls(less, [30, 45, 48, 52, 56, 90, 1500, 1500])).toMatchObject({ step: 5 });
});

test("with walls no airways hold more than 120 ml, however little each step adds", async () => {
  const ml = [19, 37, 46, 52, 58, 64, 1000, 1000];
  expect(await endedWithWalls(ml, [30, 60, 79, 98, 116, 121, 1500, 1500])).toMatchObject({ step: 4 });
  expect(await endedWithWalls(ml, [30, 60, 79, 98, 116, 120, 1500, 1500])).toMatchObject({
    step: 5,
    leaks: false,
  });
  expect(
    await endedWithWalls([70, 1000, 1000, 1000, 1000, 1000, 1000, 1000], [121, 0, 0, 0, 0, 0, 0, 0]),
  ).toEqual({
    step: 0,
    ml: 70,
    leaks: true,
  });
});

test("walls are measured of what may leak alone, and once", async () => {
  const asked: number[] = [];
  const measured = (...ml: number[]) => {
    asked.length = 0;
    return lastContained(async (at) => {
      const withWallsMl = async () => {
        asked.push(at);
        return ml[at] + 15;
      };
      return { ml: ml[at], withWallsMl };
    });
  };
  await measured(3, 19, 32, 37, 40, 44, 2848, 3000);
  expect(asked).toEqual([]);
  await measured(3, 19, 32, 37, 40, 45, 2848, 3000);
  expect(asked).toEqual([5, 4]);
  await measured(19, 37, 46, 50, 68, 84, 1000, 1000);
  expect(new Set(asked).size).toBe(asked.length);
});

test("what cannot be held is said", async () => {
  expect(await ended(200, 900, 1000, 1000, 1000, 1000, 1000, 1000)).toMatchObject({
    hu: undefined,
    leaks: true,
  });
  expect(await ended(70, 72, 74, 76, 78, 80, 82, 84)).toMatchObject({ hu: -840, leaks: true });
  expect(await ended(70, 71, 72, 73, 74, 75, 75, 75)).toMatchObject({ hu: -840, leaks: false });
});

test("bronchi without a trachea are held to less, and bowel that is more from the start is none", async () => {
  const bronchi = (...ml: number[]) =>
    lastContained(async (step) => ({ ml: ml[step], withWallsMl: async () => ml[step] }), 40);
  expect((await bronchi(5, 12, 18, 22, 24, 26, 39, 41)).step).toBe(6);
  expect(await bronchi(41, 50, 55, 56, 57, 58, 59, 60)).toMatchObject({ step: undefined, leaks: true });
});
