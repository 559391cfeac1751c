import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { misuses } from "../support/misuse.js";
import { type CallWorld, callWorld, publicCalls } from "../support/public_calls.js";
import { fuzzCases, fuzzSeed, seededRandom } from "../support/random.js";
import { randomMisuse } from "../support/random_misuse.js";
import { surfaces, wrongOutcomes } from "../support/surfaces.js";

// Every exported function called wrongly in every way of test/support/misuse.ts: a tagged refusal or the
// abort's reason, and nothing left behind.

let world: CallWorld;
beforeAll(async () => {
  world = await callWorld();
});
afterAll(() => {
  world.engine.destroy();
  world.foreign.engine.destroy();
});

test.each(Object.keys(surfaces))("every function of %s is called", (surface) => {
  const functions = Object.entries(surfaces[surface])
    .filter(([name, value]) => typeof value === "function" && name !== "HounsfieldError")
    .map(([name]) => name);
  expect(Object.keys(publicCalls[surface]).sort()).toEqual(functions.sort());
});

describe.each(Object.keys(surfaces))("%s", (surface) => {
  test.each(Object.keys(publicCalls[surface]))(
    "%s refuses misuse by name, and leaves nothing behind",
    async (name) => {
      expect(await wrongOutcomes(surface, name, world, misuses(surface, name, world))).toEqual([]);
    },
  );

  test.each(Object.keys(publicCalls[surface]))("%s refuses several things wrong at once", async (name) => {
    const random = seededRandom(fuzzSeed(name));
    function* calls() {
      for (let i = 0; i < fuzzCases(20); i++) yield randomMisuse(surface, name, world, random);
    }
    expect(await wrongOutcomes(surface, name, world, calls())).toEqual([]);
  });
});
