import { expect, test } from "vitest";
import { createCases } from "./cases.js";
import { applyEdits } from "./mutate.js";
import { REGRESSIONS } from "./regressions.js";
import { createCaseRunner } from "./run_case.js";
import { fuzzSeeds } from "./seeds.js";
import { structureOf } from "./structure.js";

// The short form of scripts/fuzz.js, in this process: the same cases every time.

const seeds = await fuzzSeeds();
const runner = createCaseRunner();
/** A few seconds; the long form is for a machine that has the time. */
const CASES = 1500;

test("seeds are valid, and their structure is found", async () => {
  for (const { name, bytes } of seeds) {
    expect(await runner.run(bytes, false), name).toEqual({ decoded: true });
    const { elements, items } = structureOf(bytes);
    const isDeflated = name === "deflated";
    expect(elements.at(-1)!.tag === "7fe00010" || isDeflated, name).toBe(true);
    if (/^(jpe?g|htj2k)/.test(name))
      expect(items.flatMap(({ markers }) => markers).length, name).toBeGreaterThan(1);
  }
});

test("what a reader must not do is seen", async () => {
  const valid = seeds.find(({ name }) => name === "jpeg-70")!.bytes;
  expect((await runner.run(valid, true)).wrong).toBe("decoded although cut");
  const unread = Object.defineProperty(new Uint8Array(1), "length", {
    get(): number {
      throw new TypeError("no bytes");
    },
  });
  expect((await runner.run(unread, false)).wrong).toMatch(/^untagged: TypeError/);
});

test(`${CASES} damaged files: values or a tagged refusal, none made up, none for more than 2 s`, async () => {
  const caseOf = createCases(seeds, 1);
  const outcomes = { decoded: 0, refused: 0 };
  const start = process.resourceUsage().maxRSS;
  for (let index = 0; index < CASES; index++) {
    const { seed, mutation, bytes } = caseOf(index);
    const name = `case ${index}: ${seed}, ${mutation.kind}`;
    const before = process.cpuUsage();
    const outcome = await runner.run(bytes, mutation.cut === true);
    const { user, system } = process.cpuUsage(before);
    expect(outcome.wrong, name).toBeUndefined();
    expect((user + system) / 1e6, name).toBeLessThan(2);
    outcomes[outcome.decoded ? "decoded" : "refused"]++;
  }
  // Damage that is never noticed, or always, would be damage of the wrong kind.
  expect(outcomes.decoded).toBeGreaterThan(CASES / 20);
  expect(outcomes.refused).toBeGreaterThan(CASES / 3);
  expect((process.resourceUsage().maxRSS - start) / 1024).toBeLessThan(512);
});

for (const { seed, found, edits, cut } of REGRESSIONS) {
  test(`${seed}: ${found}`, async () => {
    const { bytes } = seeds.find(({ name }) => name === seed)!;
    const before = process.cpuUsage();
    expect((await runner.run(applyEdits(bytes, edits), cut ?? false)).wrong).toBeUndefined();
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2);
  });
}
