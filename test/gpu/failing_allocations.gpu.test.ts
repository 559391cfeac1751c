import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HounsfieldError, isHounsfieldError } from "../../src/core/errors.js";
import type { Engine } from "../../src/engine/engine.js";
import { lungMask } from "../../src/recipes/lung_mask.js";
import { BitMask } from "../../src/volume/bit_mask.js";
import { CtVolume } from "../../src/volume/ct_volume.js";
import { testBothEngines } from "../support/gpu.js";
import { chestInputs, finish, type OperationInputs, operationCalls } from "../support/operation_calls.js";
import { fuzzSeed, seededRandom } from "../support/random.js";

// Memory may end at any allocation: a tagged error, and nothing is left behind.

const engine = testBothEngines();
let inputs: OperationInputs;

beforeAll(async () => {
  inputs = await chestInputs(await engine(), [48, 48, 24]);
});

afterAll(() => {
  for (const held of Object.values(inputs)) held.destroy();
});

/** The engine, refusing its `refused`th allocation and all behind it. */
function shortEngine(on: Engine, refused: number): { readonly short: Engine; readonly count: () => number } {
  let count = 0;
  const allocate: Engine["allocate"] = async (label, bytes, ...rest) => {
    if (++count >= refused)
      throw new HounsfieldError("out-of-memory", `no ${bytes} bytes for "${label}"`, { got: bytes });
    return on.allocate(label, bytes, ...rest);
  };
  return { short: Object.create(on, { allocate: { value: allocate } }) as Engine, count: () => count };
}

/** The same volume and masks, held by another engine object. */
function heldBy(on: Engine, { volume, air, tissue }: OperationInputs): OperationInputs {
  const mask = (one: BitMask) => new BitMask(on, one.grid, one.buffer, one.history);
  return {
    volume: new CtVolume(on, volume.grid, volume.buffer, undefined, volume.history, volume.values),
    air: mask(air),
    tissue: mask(tissue),
  };
}

/** How many allocations a call makes where each is granted. */
async function allocationsOf(run: (inputs: OperationInputs) => unknown): Promise<number> {
  const { short, count } = shortEngine(await engine(), Number.POSITIVE_INFINITY);
  await finish(run(heldBy(short, inputs)));
  return count();
}

/** The call with its nth allocation refused. */
async function expectRefusal(run: (inputs: OperationInputs) => unknown, nth: number): Promise<void> {
  const on = await engine();
  const before = on.memory.snapshot();
  const { short } = shortEngine(on, nth);
  const thrown = await (async () => finish(run(heldBy(short, inputs))))().catch((error) => error);
  expect(isHounsfieldError(thrown, "out-of-memory"), `${nth}: ${thrown}`).toBe(true);
  await on.idle();
  expect(on.memory.snapshot(), `after ${nth}`).toEqual(before);
}

describe("every operation, whichever allocation is refused", () => {
  const none = {} as OperationInputs;
  for (const name of Object.keys(operationCalls(none)))
    test(name, async () => {
      const run = (held: OperationInputs) => operationCalls(held)[name]();
      const count = await allocationsOf(run);
      for (let nth = 1; nth <= count; nth++) await expectRefusal(run, nth);
      // The engine is as it was.
      await finish(run(inputs));
    });
});

test("a lung mask, at twelve of its allocations", async () => {
  const run = ({ volume }: OperationInputs) => lungMask(volume);
  const count = await allocationsOf(run);
  expect(count).toBeGreaterThan(12);
  const random = seededRandom(fuzzSeed("allocations"));
  const chosen = [1, count, ...Array.from({ length: 10 }, () => 1 + Math.floor(random() * count))];
  for (const nth of chosen) await expectRefusal(run, nth);
});
