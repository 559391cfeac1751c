import type { Control } from "./control.js";
import { checkOptions, type Rule, type RulesOf } from "./options.js";

/** Rules for the values of options, to be given to `checkOptions`. */
export const anything: Rule = () => undefined;
export const boolean: Rule = (value) => (typeof value === "boolean" ? undefined : "true or false");
export const text: Rule = (value) => (typeof value === "string" ? undefined : "a string");
export const callback: Rule = (value) => (typeof value === "function" ? undefined : "a function");

/** Infinite ones too. */
export const number: Rule = (value) =>
  typeof value === "number" && !Number.isNaN(value) ? undefined : "a number";
export const finite: Rule = (value) => (Number.isFinite(value) ? undefined : "a finite number");
export const positive: Rule = (value) =>
  Number.isFinite(value) && (value as number) > 0 ? undefined : "a finite number above 0";
export const notNegative: Rule = (value) =>
  Number.isFinite(value) && (value as number) >= 0 ? undefined : "a finite number of 0 or more";
export const whole: Rule = (value) => (Number.isSafeInteger(value) ? undefined : "a whole number");
export const wholeNotNegative: Rule = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "a whole number of 0 or more";
export const count: Rule = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : "a whole number of 1 or more";

/** A number, perhaps infinite, from `low` on. */
export const atLeast =
  (low: number): Rule =>
  (value) =>
    typeof value === "number" && value >= low ? undefined : `a number of ${low} or more`;

export const within =
  (low: number, high: number): Rule =>
  (value) =>
    typeof value === "number" && value >= low && value <= high
      ? undefined
      : `a number from ${low} to ${high}`;

export const wholeWithin =
  (low: number, high: number): Rule =>
  (value) =>
    Number.isInteger(value) && within(low, high)(value) === undefined
      ? undefined
      : `a whole number from ${low} to ${high}`;

export const oneOf =
  (...accepted: readonly unknown[]): Rule =>
  (value) =>
    accepted.includes(value) ? undefined : accepted;

/** What either of two rules accepts. */
export const either =
  (one: Rule, other: Rule): Rule =>
  (value) => {
    const accepted = one(value);
    if (accepted === undefined) return undefined;
    const otherwise = other(value);
    return otherwise === undefined ? undefined : `${accepted}, or ${otherwise}`;
  };

/** An array of `length` items where it is given. */
export const listOf =
  (item: Rule, items: string, length?: number): Rule =>
  (value) => {
    const fits = Array.isArray(value) && (length === undefined || value.length === length);
    return fits && value.every((one) => item(one) === undefined) ? undefined : `a list of ${items}`;
  };

/** A Uint8Array of any realm; Node's Buffer is one. */
export const bytes: Rule = (value) =>
  Object.prototype.toString.call(value) === "[object Uint8Array]" ? undefined : "a Uint8Array";

/** Three finite numbers: x, y, z. */
export const vector = /* @__PURE__ */ listOf(finite, "3 finite numbers", 3);

/** An object with options of its own, named `of` in errors. */
export const object =
  <T extends object>(of: string, rules: RulesOf<T>): Rule =>
  (value) =>
    void checkOptions(of, value as T, rules);

/** The same rule for an option that must be there. */
export function required(rule: Rule): Rule {
  return Object.assign((value: unknown) => rule(value), { required: true } as const);
}

/** For the options that extend Control. */
export const controlRules: RulesOf<Control> = {
  // By what is used of it: it may be another realm's.
  signal: (value) =>
    typeof (value as AbortSignal | null)?.throwIfAborted === "function" ? undefined : "an AbortSignal",
  onProgress: callback,
};
