import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as cohort from "../../src/cohort/index.js";
import * as decode from "../../src/decode/index.js";
import * as dicom from "../../src/dicom/index.js";
import * as formats from "../../src/formats/index.js";
import * as hounsfield from "../../src/node/index.js";
import * as ops from "../../src/ops/index.js";
import * as phantom from "../../src/phantom/index.js";
import { misuses, outcomeOf } from "../support/misuse.js";
import { type CallWorld, callWorld, publicCalls } from "../support/public_calls.js";

// Every exported function called wrongly in every way of test/support/misuse.ts: a tagged refusal or the
// abort's reason, and nothing left behind.

const surfaces: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  hounsfield,
  ops,
  dicom,
  decode,
  formats,
  cohort,
  phantom,
};

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
      const call = surfaces[surface][name];
      if (typeof call !== "function") throw new Error(`${name} is no function`);
      const held = () =>
        JSON.stringify([world.engine.memory.snapshot(), world.foreign.engine.memory.snapshot()]);
      const before = held();
      const wrong: string[] = [];
      for (const { name: change, args } of misuses(surface, name, world)) {
        const outcome = await outcomeOf(call as (...args: never) => unknown, args);
        if (outcome.wrong) wrong.push(`${change}: ${outcome.wrong.split("\n").slice(0, 3).join(" | ")}`);
        if (held() !== before) wrong.push(`${change}: left ${held()}`);
        if (wrong.length > 30) break;
      }
      expect(wrong).toEqual([]);
    },
  );
});
