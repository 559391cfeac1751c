import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { misuses } from "../support/misuse.js";
import { type CallWorld, callWorld, publicCalls } from "../support/public_calls.js";
import { fuzzCases, fuzzSeed, seededRandom } from "../support/random.js";
import { randomMisuse } from "../support/random_misuse.js";
import { wrongOutcomes } from "../support/surfaces.js";

// As test/unit/public_surface.test.ts, on a GPU engine: validation errors of the device are no refusals, and
// views and pictures are there.

let world: CallWorld;
beforeAll(async () => {
  world = await callWorld("gpu");
  // What a page has, for views on canvases.
  vi.stubGlobal("navigator", { gpu: { getPreferredCanvasFormat: () => "bgra8unorm" } });
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, 0));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
});
afterAll(async () => {
  for (const { engine } of [world, world.foreign]) {
    await engine.idle();
    engine.destroy();
  }
  vi.unstubAllGlobals();
});

/** What computes or draws; the rest is the same on every engine. */
const ofEngines = ["createDisplayTexture", "createView", "gpuRangesOf", "lungMask", "bodyMask"]
  .concat(["openVolume", "preprocess", "projectMaximum", "renderToPixels", "resample", "windowSlabs"])
  .map((name): [string, string] => ["hounsfield", name]);
const functions = ofEngines.concat(
  Object.keys(publicCalls.ops).map((name): [string, string] => ["ops", name]),
);

describe("on a GPU engine", () => {
  test.each(functions)("%s: %s refuses misuse by name, and leaves nothing behind", async (surface, name) => {
    expect(await wrongOutcomes(surface, name, world, misuses(surface, name, world))).toEqual([]);
  });

  test.each(functions)("%s: %s refuses several things wrong at once", async (surface, name) => {
    const random = seededRandom(fuzzSeed(name));
    function* calls() {
      for (let i = 0; i < fuzzCases(10); i++) yield randomMisuse(surface, name, world, random);
    }
    expect(await wrongOutcomes(surface, name, world, calls())).toEqual([]);
  });
});
