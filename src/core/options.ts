import { HounsfieldError } from "./errors.js";

/**
 * Judges one value: undefined where it is accepted, else what is accepted instead, in words or as the list of
 * all there is. An absent option is not judged, unless its rule is `required`.
 */
export interface Rule {
  (value: unknown): unknown;
  readonly required?: true;
  /** Of an option that is no more: the one that took its place, which the refusal names. */
  readonly renamedTo?: string;
}

type KeysOf<T> = T extends unknown ? keyof T : never;

/** A rule for each option there is: the compiler asks for one when an option is added. */
export type RulesOf<T> = { readonly [K in KeysOf<T>]: Rule };

/**
 * Gives `options` back when `rules` know every key and accept every value; `of` is the function that was
 * called. All of JavaScript may come here, not only what the types allow: a misspelled option must not be
 * ignored in silence.
 * @throws HounsfieldError `invalid-option`, with the nearest known key for an unknown one
 */
export function checkOptions<T extends object>(of: string, options: T | undefined, rules: RulesOf<T>): T {
  const given: unknown = options === undefined ? {} : options;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw invalidOption(of, "options", given, "an object");
  const known = Object.keys(rules).filter((key) => rules[key as keyof typeof rules].renamedTo === undefined);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw unknownOption(of, unknown, known, (rules as Record<string, Rule>)[unknown]?.renamedTo);
  for (const [key, rule] of Object.entries<Rule>(rules)) {
    const value: unknown = Reflect.get(given, key);
    if (value === undefined && !rule.required) continue;
    checkArgument(of, key, value, rule);
  }
  return given as T;
}

/**
 * Refuses a value of argument `name` that the rule does not accept.
 * @throws HounsfieldError `invalid-option`
 */
export function checkArgument(of: string, name: string, value: unknown, rule: Rule): void {
  const accepted = rule(value);
  if (accepted !== undefined) throw invalidOption(of, name, value, accepted);
}

/** The error of a value, an option's or an argument's, that `of` does not take. */
export function invalidOption(of: string, option: string, got: unknown, accepted: unknown): HounsfieldError {
  const list = Array.isArray(accepted) ? accepted.map((value) => shown(value)).join(", ") : accepted;
  const message = `${of}: ${option} is ${shown(got)}; accepted: ${list}`;
  return new HounsfieldError("invalid-option", message, { option, got, accepted });
}

/** The error of an option that `of` does not have. */
export function unknownOption(
  of: string,
  option: string,
  accepted: readonly string[],
  renamedTo?: string,
): HounsfieldError {
  const near = renamedTo ?? nearest(option, accepted);
  const message = `${of}: unknown option "${option}"${near ? `; did you mean "${near}"?` : `; accepted: ${accepted.join(", ")}`}`;
  return new HounsfieldError("invalid-option", message, { option, accepted, suggestion: near });
}

/** A value in a message: short, whatever it is. */
export function shown(value: unknown, inList = false): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value) && !inList) {
    return `[${value
      .slice(0, 16)
      .map((item) => shown(item, true))
      .join(", ")}${value.length > 16 ? ", ..." : ""}]`;
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return kind === "Object" ? "an object" : `${/^[AEIO]/.test(kind) ? "an" : "a"} ${kind}`;
}

/**
 * The known word that another is likely to be meant for: one that only lacks its unit ("sigma" for
 * "sigmaMm"), or few letters apart.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const whole = known.find((candidate) => word.length > 2 && candidate.toLowerCase().startsWith(lower));
  if (whole !== undefined) return whole;
  let best: string | undefined;
  // The bound is exclusive: two letters, or two in five.
  let fewest = Math.max(2, word.length * 0.4) + 0.5;
  for (const candidate of known) {
    const steps = editDistance(lower, candidate.toLowerCase());
    if (steps >= fewest || steps >= candidate.length) continue;
    best = candidate;
    fewest = steps;
  }
  return best;
}

/** Letters inserted, removed or replaced to make one word of another (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++)
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (one[i] === other[j] ? 0 : 1)));
    row = next;
  }
  return row[other.length];
}
