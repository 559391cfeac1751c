import { describe, expect, test } from "vitest";
import type { Control } from "../../src/core/control.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { checkOptions, nearest, type Rule, shown } from "../../src/core/options.js";
import {
  boolean,
  callback,
  controlRules,
  count,
  either,
  finite,
  listOf,
  notNegative,
  number,
  object,
  oneOf,
  positive,
  required,
  text,
  vector,
  whole,
} from "../../src/core/rules.js";

interface Example extends Control {
  readonly device?: "gpu" | "cpu";
  readonly threads?: number;
  readonly sigmaMm?: number | readonly number[];
  readonly window?: { readonly lowHu: number };
}

const check = (options: unknown) =>
  checkOptions("example", options as Example, {
    ...controlRules,
    device: oneOf("gpu", "cpu"),
    threads: count,
    sigmaMm: either(notNegative, vector),
    window: object("example window", { lowHu: required(finite) }),
  });

/** The error that the options end in. */
function refusal(options: unknown) {
  try {
    check(options);
  } catch (error) {
    if (isHounsfieldError(error, "invalid-option")) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what is accepted", () => {
  test.each([
    undefined,
    {},
    { device: "cpu", threads: 1, sigmaMm: 0 },
    { device: undefined, signal: undefined, onProgress: undefined },
    { signal: AbortSignal.timeout(1e6), onProgress: () => {} },
    { sigmaMm: [1, 2, 3] },
    { window: { lowHu: -1 } },
    Object.assign(Object.create(null), { threads: 2 }),
  ])("%o", (options) => expect(check(options)).toEqual(options ?? {}));
});

describe("what is refused, and in which words", () => {
  test.each([
    [{ devcie: "cpu" }, 'example: unknown option "devcie"; did you mean "device"?'],
    [{ DEVICE: "cpu" }, 'example: unknown option "DEVICE"; did you mean "device"?'],
    [{ sigma: 1 }, 'example: unknown option "sigma"; did you mean "sigmaMm"?'],
    [{ x: 1 }, 'example: unknown option "x"; accepted: signal, onProgress, device, threads, sigmaMm, window'],
    [{ constructor: 1 }, /unknown option "constructor"/],
    [{ device: "webgpu" }, 'example: device is "webgpu"; accepted: "gpu", "cpu"'],
    [{ device: null }, 'example: device is null; accepted: "gpu", "cpu"'],
    [{ threads: -3 }, "example: threads is -3; accepted: a whole number of 1 or more"],
    [{ threads: "4" }, 'example: threads is "4"; accepted: a whole number of 1 or more'],
    [{ threads: 1.5 }, /threads is 1.5/],
    [{ threads: Number.NaN }, /threads is NaN/],
    [{ sigmaMm: [1, 2] }, /sigmaMm is \[1, 2\]; accepted: a finite number of 0 or more, or a list of 3 fin/],
    [{ sigmaMm: -1 }, /sigmaMm is -1/],
    [{ window: null }, "example window: options is null; accepted: an object"],
    [{ window: {} }, "example window: lowHu is undefined; accepted: a finite number"],
    [{ window: { lowHU: 1 } }, 'example window: unknown option "lowHU"; did you mean "lowHu"?'],
    [{ signal: {} }, "example: signal is an object; accepted: an AbortSignal"],
    [{ signal: new AbortController() }, "example: signal is an AbortController; accepted: an AbortSignal"],
    [{ onProgress: 3 }, "example: onProgress is 3; accepted: a function"],
    [null, "example: options is null; accepted: an object"],
    [3, "example: options is 3; accepted: an object"],
    ["gpu", 'example: options is "gpu"; accepted: an object'],
    [[], "example: options is []; accepted: an object"],
  ])("%o", (options, message) => expect(() => check(options)).toThrow(message));

  test("the fields say which option, what was got and what is accepted", () => {
    expect(refusal({ threads: -3 }).fields).toEqual({
      option: "threads",
      got: -3,
      accepted: "a whole number of 1 or more",
    });
    expect(refusal({ device: "webgpu" }).fields).toEqual({
      option: "device",
      got: "webgpu",
      accepted: ["gpu", "cpu"],
    });
    expect(refusal({ devcie: "cpu" }).fields).toEqual({
      option: "devcie",
      accepted: ["signal", "onProgress", "device", "threads", "sigmaMm", "window"],
      suggestion: "device",
    });
  });
});

test.each([
  ["number", number, [0, -1.5, Number.POSITIVE_INFINITY], [Number.NaN, "1", 1n, null, undefined]],
  ["finite", finite, [0, -1.5], [Number.POSITIVE_INFINITY, Number.NaN, "1"]],
  ["positive", positive, [Number.MIN_VALUE, 2], [0, -1, Number.POSITIVE_INFINITY, "1"]],
  ["notNegative", notNegative, [0, 2], [-Number.MIN_VALUE, Number.POSITIVE_INFINITY, "1"]],
  ["whole", whole, [0, -1, 2], [0.5, 2 ** 53, "1"]],
  ["count", count, [1, 2], [0, -1, 1.5, "1", Number.POSITIVE_INFINITY]],
  ["boolean", boolean, [true, false], [0, "true", null]],
  ["text", text, ["", "a"], [1, null]],
  ["callback", callback, [() => {}, class {}], [1, {}]],
  ["a list", listOf(count, "numbers", 2), [[1, 2]], [[1], [1, 0], [1, 2, 3], "12", new Uint8Array(2)]],
] as const)("the rule %s, just inside and just outside", (_, rule, inside, outside) => {
  for (const value of inside) expect(rule(value), shown(value)).toBeUndefined();
  for (const value of outside) expect(rule(value), shown(value)).toBeDefined();
});

test.each([
  ["text", '"text"'],
  ["x".repeat(100), `"${"x".repeat(80)}..."`],
  [12n, "12"],
  [Symbol("s"), "Symbol(s)"],
  [[1, "a", [2]], '[1, "a", an Array]'],
  [new Array(20).fill(0), `[${"0, ".repeat(16)}...]`],
  [new Int16Array(3), "an Int16Array"],
  [new Map(), "a Map"],
  [Object.create(null), "an object"],
  [() => {}, "a function"],
  // At the bounds of what is shown whole, and "an" by the first letter alone.
  ["x".repeat(80), `"${"x".repeat(80)}"`],
  ["x".repeat(81), `"${"x".repeat(80)}..."`],
  [new Array(16).fill(0), `[${new Array(16).fill(0).join(", ")}]`],
  [new Array(17).fill(0), `[${"0, ".repeat(16)}...]`],
  [new DOMException("no"), "a DOMException"],
])("%o is shown as %s", (value, expected) => expect(shown(value)).toBe(expected));

test.each([
  ["sig", ["sigmaMm"], "sigmaMm"],
  // Two letters are the beginning of too much.
  ["si", ["sigmaMm"], undefined],
  // Two letters apart, or two in five.
  ["bone", ["toss"], undefined],
  ["bone", ["tone"], "tone"],
  ["bone", ["tune"], "tune"],
  ["abcdefghij", ["ABCDEF"], "ABCDEF"],
  ["abcdefghij", ["ABCDE"], undefined],
  // Another word altogether, of as many letters.
  ["ab", ["cd"], undefined],
  ["ab", ["cb"], "cb"],
  // The nearest of several, wherever it stands; of two that are as near the first.
  ["windw", ["wind", "winds", "window"], "wind"],
  ["devcie", ["devices", "device", "decide"], "device"],
  ["threds", ["spreads", "threads"], "threads"],
  ["threds", ["threads", "spreads"], "threads"],
] as const)("%s of %j is meant for %s", (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test("an option that has another name now is not among what is accepted, and its new name is the suggestion", () => {
  const renamed: Rule = Object.assign(() => undefined, { renamedTo: "sizePx" });
  const rules = { sizePx: count, edge: renamed };
  const refused = (options: object) => () => checkOptions("f", options as { sizePx?: number }, rules);
  expect(refused({ edge: 5 })).toThrow('f: unknown option "edge"; did you mean "sizePx"?');
  expect(refused({ zzz: 5 })).toThrow('f: unknown option "zzz"; accepted: sizePx');
  expect(refused({ sizePx: 5 })).not.toThrow();
});
