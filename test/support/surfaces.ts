import * as adapters from "../../src/adapters/index.js";
import * as cohort from "../../src/cohort/index.js";
import * as decode from "../../src/decode/index.js";
import * as dicom from "../../src/dicom/index.js";
import * as formats from "../../src/formats/index.js";
import * as hounsfield from "../../src/node/index.js";
import * as ops from "../../src/ops/index.js";
import * as phantom from "../../src/phantom/index.js";
import { type Misuse, outcomeOf } from "./misuse.js";
import type { CallWorld } from "./public_calls.js";

/** Everything that the package exports, by entry. */
export const surfaces: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  hounsfield,
  ops,
  dicom,
  decode,
  formats,
  adapters,
  cohort,
  phantom,
};

/**
 * Makes wrong calls of one function; what came of them that should not: another error than a tagged one, or
 * memory left behind.
 */
export async function wrongOutcomes(
  surface: string,
  name: string,
  world: CallWorld,
  calls: Iterable<Misuse>,
): Promise<string[]> {
  const call = surfaces[surface][name];
  if (typeof call !== "function") throw new Error(`${name} is no function`);
  const held = () => JSON.stringify([world.engine.memory.snapshot(), world.foreign.engine.memory.snapshot()]);
  const before = held();
  // What a view was still doing when it was destroyed ends by itself, soon after.
  const heldAtLast = async () => {
    for (let ms = 1; held() !== before && ms < 1000; ms *= 2) await new Promise((end) => setTimeout(end, ms));
    return held();
  };
  const wrong: string[] = [];
  for (const { name: change, args } of calls) {
    const outcome = await outcomeOf(call as (...args: never) => unknown, args);
    if (outcome.wrong) wrong.push(`${name}, ${change}: ${outcome.wrong.split("\n").slice(0, 3).join(" | ")}`);
    const left = await heldAtLast();
    if (left !== before) wrong.push(`${name}, ${change}: left ${left}`);
    if (wrong.length > 30) break;
  }
  return wrong;
}
