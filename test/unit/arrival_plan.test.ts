import { expect, test } from "vitest";
import { nextBand, rowsDone } from "../../src/render/frame/refinement_step.js";
import { ArrivalPlan } from "../../src/render/view/arrival_plan.js";
import { coarseOrder } from "../../src/volume/coarse_order.js";
import { seededRandom } from "../support/random.js";

/** What each place holds after the runs of a plan: its own slice, or that of a stand-in; -1 nothing. */
function takeAll(plan: ArrivalPlan, places: number[]): void {
  for (let runs = plan.nextRuns(); runs.length > 0; runs = plan.nextRuns())
    for (const [z0, z1, standIn] of runs) for (let z = z0; z < z1; z++) places[z] = standIn ?? z;
}

test("the coarse slices stand in for their neighbors, four runs at once, then each comes to its place", () => {
  const plan = new ArrivalPlan(64, true);
  for (const z of coarseOrder(64).slice(0, 8)) plan.take(z);
  expect(plan.nextRuns()).toEqual([4, 12, 20, 28].map((z) => [z - 4, z + 4, z]));
  expect([plan.isCovered, plan.blankPlaces().length]).toEqual([false, 32]);
  const places = new Array<number>(64).fill(-1);
  takeAll(plan, places);
  expect(plan.isCovered).toBe(true);
  expect(plan.blankPlaces()).toEqual([]);
  for (let z = 0; z < 64; z++) plan.take(z);
  takeAll(plan, places);
  expect(places).toEqual(Array.from({ length: 64 }, (_, z) => z));
});

test.each([1, 7, 8, 9, 65])("%d slices in any order: at the end every place has its own", (slices) => {
  const random = seededRandom(slices);
  for (let round = 0; round < 20; round++) {
    const plan = new ArrivalPlan(slices, true);
    const places = new Array<number>(slices).fill(-1);
    const order = Array.from({ length: slices }, (_, z) => ({ z, at: random() })).sort((a, b) => a.at - b.at);
    for (const { z } of order) {
      plan.take(z);
      if (random() < 0.5) takeAll(plan, places);
      // Nobody stands in who has not come.
      for (const held of places.filter((held) => held >= 0))
        expect(order.findIndex((one) => one.z === held)).toBeLessThanOrEqual(
          order.findIndex((one) => one.z === z),
        );
    }
    takeAll(plan, places);
    expect(places).toEqual(Array.from({ length: slices }, (_, z) => z));
  }
});

test("a slice that comes again is taken over again; a texture that holds all asks for nothing", () => {
  const plan = new ArrivalPlan(3, false);
  expect([plan.isCovered, plan.nextRuns()]).toEqual([true, []]);
  plan.take(1);
  expect(plan.nextRuns()).toEqual([[1, 2, undefined]]);
  expect(plan.nextRuns()).toEqual([]);
});

test("refinement: rough, then bands to the last row, or the whole at once", () => {
  const steps = [{ name: "rough" }] as Parameters<typeof nextBand>[0][];
  const bands: (readonly [number, number])[] = [];
  for (let step = steps[0] as ReturnType<typeof nextBand>["next"]; step.name !== "done"; ) {
    const { band, next } = nextBand(step, 100, 40);
    bands.push([band.top, band.bottom]);
    step = next;
    expect(rowsDone(step, 100)).toBe(bands.length === 1 ? 0 : band.bottom);
  }
  expect(bands).toEqual([
    [0, 100],
    [0, 40],
    [40, 80],
    [80, 100],
  ]);
  expect(nextBand({ name: "whole" }, 100, 40)).toEqual({
    band: { top: 0, bottom: 100 },
    next: { name: "done" },
  });
  expect([rowsDone({ name: "whole" }, 100), rowsDone({ name: "rough" }, 100)]).toEqual([0, 0]);
});
