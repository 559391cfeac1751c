import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as operations from "../../src/ops/index.js";

// CONTRIBUTING.md, "Public names", against the API report, whose signatures are on one line or closed by a
// line of their own.

const report = readFileSync(join(import.meta.dirname, "../../api/hounsfield.api.md"), "utf8");

interface Signature {
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly result: string;
}

function signatureOf(name: string): Signature | undefined {
  const found = new RegExp(`export function ${name}(?:<[^(]*>)?\\(([^]*?)\\): ([^\\n]+?)[;{]?\\n`).exec(
    report,
  );
  if (!found) return undefined;
  const flat = found[1].replace(/\s+/g, " ").replace(/\{[^}]*\}/g, "{}");
  const parameters = flat
    .split(/, (?=_?\w+\??: )/)
    .filter(Boolean)
    .map((parameter) => {
      const [, name, type] = /^(\w+)\??: (.*)$/.exec(parameter) ?? [];
      return { name, type };
    });
  return { parameters, result: found[2] };
}

/** What operations work on. */
const INPUTS =
  /^(Engine|CtVolume|LabelVolume|BitMask|BitMask \| CtVolume|Grid|Histogram|HuFunction|readonly LabeledMask\[\])$/;
/** Two numbers make a window, which is itself an option. */
const ofNumbers = ["windowOf"];

const names = Object.entries(operations)
  .filter(([, value]) => typeof value === "function" && !/^class /.test(String(value)))
  .map(([name]) => name)
  .filter((name) => !ofNumbers.includes(name));

test("there are the operations that this is about", () => {
  expect(names.length).toBeGreaterThan(50);
  expect(names).toContain("combineMasks");
});

test.each(names)("%s takes its input, then one object of options", (name) => {
  const signature = signatureOf(name);
  expect(signature, `${name} is not in the API report: npm run api`).toBeDefined();
  const types = signature?.parameters.map(({ type }) => type) ?? [];
  const working = types.filter((type) => INPUTS.test(type));
  const rest = types.filter((type) => !INPUTS.test(type));
  expect(types).toEqual([...working, ...rest]);
  expect(working.length).toBeLessThanOrEqual(2);
  expect(rest.length).toBeLessThanOrEqual(1);
  expect(rest.filter((type) => /^(string|number|boolean|AbortSignal|"|readonly)/.test(type))).toEqual([]);
});

test.each(names)("%s is an async generator where its name ends in Slabs, and only there", (name) => {
  expect(/^AsyncGenerator</.test(signatureOf(name)?.result ?? "")).toBe(/Slabs$/.test(name));
});

test("nothing has a second name", () => {
  for (const gone of ["readSeries", "lungThreshold", "openMask", "closeMask", "slicePlace"])
    expect(signatureOf(gone), gone).toBeUndefined();
});
