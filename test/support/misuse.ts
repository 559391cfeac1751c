import { isHounsfieldError } from "../../src/core/errors.js";
import { type CallWorld, isFromLibrary, publicCalls } from "./public_calls.js";

/** A wrong call: which function, what was changed, and its arguments. */
export interface Misuse {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The reason of all signals that are aborted here. */
export const abortReason = new Error("enough");

/**
 * What nobody should pass, from a careless page, a form field, JSON, or a slip. Small numbers only: a large
 * volume is no mistake.
 */
export function wrongValues({
  engine,
  volume,
  mask,
  listing,
  sources,
  foreign,
  destroyed,
}: CallWorld): [string, unknown][] {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const self: { self?: unknown } = {};
  self.self = self;
  return [
    ["undefined", undefined],
    ["null", null],
    ["NaN", Number.NaN],
    ["-1", -1],
    ["0", 0],
    ["1.5", 1.5],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["a bigint", 10n],
    ["an empty string", ""],
    ["a string", "bogus"],
    ["a number in a string", "3"],
    ["true", true],
    ["a symbol", Symbol("bogus")],
    ["an empty array", []],
    ["an array of nulls", [null, null, null]],
    ["an array of strings", ["a", "b", "c"]],
    ["an array of NaN", [Number.NaN, Number.NaN, Number.NaN]],
    ["an array in itself", cyclic],
    ["an empty object", {}],
    ["an object without prototype", Object.create(null)],
    ["an object in itself", self],
    ["unknown options", { devcie: "cpu" }],
    ["an aborted signal's options", { signal: AbortSignal.abort(abortReason) }],
    ["a signal that is none", { signal: {} }],
    ["a progress that is none", { onProgress: 3 }],
    ["a function", () => {}],
    ["bytes", new Uint8Array(3)],
    ["a buffer", new ArrayBuffer(8)],
    ["a map", new Map([["a", 1]])],
    ["a date", new Date(0)],
    ["a URL", new URL("http://127.0.0.1:9/")],
    ["an error", new Error("an error")],
    ["a promise of a volume", Promise.resolve(volume)],
    ["an engine", engine],
    ["a volume", volume],
    ["a mask", mask],
    ["a listing", listing],
    ["sources", sources],
    ["another engine", foreign.engine],
    ["another engine's volume", foreign.volume],
    ["another engine's mask", foreign.mask],
    ["a destroyed engine", destroyed.engine],
    ["a destroyed volume", destroyed.volume],
    ["a destroyed mask", destroyed.mask],
  ];
}

/**
 * Every wrong call of one function: wrong, missing, swapped and additional arguments, and each option wrong.
 */
export function* misuses(surface: string, name: string, world: CallWorld): Generator<Misuse> {
  const fresh = () => [...publicCalls[surface][name](world)];
  const { length } = fresh();
  for (let count = 0; count < length; count++)
    yield { name: `${count} arguments`, args: fresh().slice(0, count) };
  for (let at = 0; at < length; at++) {
    for (const [what, value] of wrongValues(world))
      yield { name: `argument ${at} is ${what}`, args: fresh().with(at, value) };
    for (let other = at + 1; other < length; other++) {
      const args = fresh();
      [args[at], args[other]] = [args[other], args[at]];
      yield { name: `arguments ${at} and ${other} swapped`, args };
    }
    yield* wrongOptions(fresh, at, world);
  }
}

function* wrongOptions(fresh: () => unknown[], at: number, world: CallWorld): Generator<Misuse> {
  const options = fresh()[at];
  if (!isPlain(options) || isFromLibrary(options)) return;
  const given = options as Readonly<Record<string, unknown>>;
  const changed = (name: string, change: object) => ({
    name: `argument ${at}: ${name}`,
    args: fresh().with(at, { ...given, ...change }),
  });
  yield changed("unknown option", { kernal: 1 });
  yield changed("aborted", { signal: AbortSignal.abort(abortReason) });
  for (const key of Object.keys(given)) {
    const { [key]: _, ...rest } = given;
    yield { name: `argument ${at} without ${key}`, args: fresh().with(at, rest) };
    for (const [what, value] of wrongValues(world)) yield changed(`${key} is ${what}`, { [key]: value });
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What a call comes to: done, or refused with an error; `wrong` is an error that no caller should see. */
export interface Outcome {
  readonly refused?: unknown;
  readonly wrong?: string;
}

/** Calls, takes a few of what comes as a stream, frees what is the caller's. */
export async function outcomeOf(
  call: (...args: never) => unknown,
  args: readonly unknown[],
): Promise<Outcome> {
  try {
    const result = await firstOf(await Reflect.apply(call, undefined, args));
    await release(result, await Promise.all(args));
    return {};
  } catch (error) {
    const isTagged = isHounsfieldError(error) && error.code !== "internal";
    if (isTagged || error === abortReason) return { refused: error };
    return { refused: error, wrong: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Of a stream what it gives first, after which it is left. */
async function firstOf(result: unknown): Promise<unknown> {
  if (typeof result !== "object" || result === null) return result;
  if (Symbol.asyncIterator in result) {
    for await (const _ of result as AsyncIterable<unknown>) break;
  } else if (Symbol.iterator in result && "next" in result) {
    for (const _ of result as Iterable<unknown>) break;
  }
  return result;
}

/**
 * Some functions give back what they were given, a view has its volume, and a buffer is its volume's: those
 * stay. Of functions those that end something take nothing.
 */
async function release(result: unknown, given: readonly unknown[]): Promise<void> {
  if (given.includes(result) || isGpuBuffer(result)) return;
  if (typeof result === "function" && result.length === 0) result();
  if (typeof result !== "object" || result === null) return;
  if (Array.isArray(result) && result.every(isMask)) for (const mask of result) mask.destroy();
  const { destroy, done, volume } = result as { destroy?: unknown; done?: unknown; volume?: unknown };
  if (done instanceof Promise) await done.catch(() => {});
  await release(volume, given);
  if (typeof destroy === "function") destroy.call(result);
}

function isGpuBuffer(value: unknown): boolean {
  return typeof value === "object" && value !== null && "mapAsync" in value;
}

/** A list of these is freed; a list of arguments has what was given in it. */
function isMask(value: unknown): value is { destroy(): void } {
  return Object.prototype.toString.call(value) === "[object BitMask]";
}
