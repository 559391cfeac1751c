import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/core/options.js";
import * as rules from "../../src/core/rules.js";

const fits = (rule: Rule, value: unknown) => rule(value) === undefined;
const edge = Number.MAX_SAFE_INTEGER;

/** A rule, what it accepts, what it refuses, and the words for it. */
const cases: readonly (readonly [string, Rule, readonly unknown[], readonly unknown[], string])[] = [
  ["boolean", rules.boolean, [true, false], [0, "true", null, undefined], "true or false"],
  ["text", rules.text, ["", "a"], [1, null, ["a"]], "a string"],
  ["callback", rules.callback, [() => {}], [{}, "f", null], "a function"],
  ["number", rules.number, [0, -1.5, Infinity, -Infinity], [NaN, "1", null], "a number"],
  ["finite", rules.finite, [0, -1.5], [Infinity, NaN, "1"], "a finite number"],
  ["positive", rules.positive, [1e-9, 5], [0, -1e-9, Infinity, "5"], "a finite number above 0"],
  ["notNegative", rules.notNegative, [0, 5], [-1e-9, Infinity, "5"], "a finite number of 0 or more"],
  ["whole", rules.whole, [-3, 0, edge], [0.5, edge + 1, "1", NaN], "a whole number"],
  ["wholeNotNegative", rules.wholeNotNegative, [0, edge], [-1, 0.5, edge + 1], "a whole number of 0 or more"],
  ["count", rules.count, [1, edge], [0, 1.5, edge + 1, "1"], "a whole number of 1 or more"],
  ["atLeast", rules.atLeast(2), [2, Infinity], [1.999, NaN, "2"], "a number of 2 or more"],
  ["within", rules.within(-1, 1), [-1, 1, 0], [-1.001, 1.001, NaN, "0"], "a number from -1 to 1"],
  ["wholeWithin", rules.wholeWithin(1, 3), [1, 3], [0, 4, 1.5, "1"], "a whole number from 1 to 3"],
  [
    "bytes",
    rules.bytes,
    [new Uint8Array(1), Buffer.alloc(1)],
    [[1], new Uint16Array(1), "a"],
    "a Uint8Array",
  ],
  [
    "vector",
    rules.vector,
    [[0, -1, 2.5]],
    [[0, 1], [0, 1, 2, 3], [0, 1, NaN], "012"],
    "a list of 3 finite numbers",
  ],
  ["listOf", rules.listOf(rules.count, "counts"), [[], [1], [1, 2]], [[0], 1, [1, "2"]], "a list of counts"],
];

describe("rules for values of options", () => {
  test.each(cases)("%s accepts and refuses at its bounds, in words", (_, rule, accepted, refused, words) => {
    expect(accepted.filter((value) => !fits(rule, value))).toEqual([]);
    expect(refused.filter((value) => fits(rule, value))).toEqual([]);
    expect(rule(refused[0])).toBe(words);
  });

  test("anything accepts anything", () => {
    expect([undefined, null, NaN, {}].every((value) => fits(rules.anything, value))).toBe(true);
  });

  test("oneOf accepts its values alone, and gives them as what is accepted", () => {
    const rule = rules.oneOf("a", 2, true);
    expect(["a", 2, true].every((value) => fits(rule, value))).toBe(true);
    expect(rule("2")).toEqual(["a", 2, true]);
  });

  test("either accepts what one or the other does, and says both", () => {
    const rule = rules.either(rules.text, rules.count);
    expect(fits(rule, "a")).toBe(true);
    expect(fits(rule, 1)).toBe(true);
    expect(rule(0)).toBe("a string, or a whole number of 1 or more");
  });

  test("object checks the options of an object by their own rules", () => {
    const rule = rules.object<{ a?: number }>("f: size", { a: rules.count });
    expect(fits(rule, { a: 1 })).toBe(true);
    expect(() => rule({ a: 0 })).toThrow("f: size: a is 0; accepted: a whole number of 1 or more");
    expect(() => rule({ b: 0 })).toThrow('f: size: unknown option "b"');
  });

  test("required marks a rule, and leaves the one it is made of", () => {
    const rule = rules.required(rules.text);
    expect(rule.required).toBe(true);
    expect(rules.text.required).toBeUndefined();
    expect(rule("a")).toBeUndefined();
    expect(rule(1)).toBe("a string");
  });

  test("a signal is known by what is used of it", () => {
    const { signal, onProgress } = rules.controlRules;
    expect(fits(signal, new AbortController().signal)).toBe(true);
    expect(fits(signal, { throwIfAborted() {} })).toBe(true);
    expect([null, 5, {}, { throwIfAborted: true }].map((value) => signal(value))).toEqual(
      Array.from({ length: 4 }, () => "an AbortSignal"),
    );
    expect(onProgress).toBe(rules.callback);
  });
});
