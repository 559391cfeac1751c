import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearest } from "../../core/options.js";
import type { Repair } from "../../dicom/geometry/geometry_faults.js";
import { REPAIRS } from "../../dicom/geometry/repairs.js";
import type { Shard } from "../cohort/shard.js";
import { UsageError } from "./usage_error.js";

type Options = NonNullable<ParseArgsConfig["options"]>;

type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/**
 * Node's own parser, with its complaints as usage errors. Values may be negative: `--window -1000,400`. An
 * option named in `defaults` may come without a value, where no word or another option follows it.
 */
export function parse<T extends Options>(
  args: readonly string[],
  options: T,
  defaults: Readonly<Record<string, string>> = {},
): Parsed<T> {
  refuseUnknown(args, Object.keys(options));
  try {
    return parseArgs({
      args: joinNegativeValues(addDefaults(args, defaults), options),
      options,
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split("\n")[0] : String(error));
  }
}

/** In the words of the library's own options; parseArgs explains at length and suggests nothing. */
function refuseUnknown(args: readonly string[], known: readonly string[]): void {
  const end = args.indexOf("--");
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const name = /^--([^=]+)/.exec(arg)?.[1];
    if (name === undefined || known.includes(name)) continue;
    const near = nearest(name, known);
    throw new UsageError(
      `unknown option "--${name}"${near === undefined ? "" : `; did you mean "--${near}"?`}`,
    );
  }
}

/** parseArgs wants a value for every option of type string. */
function addDefaults(args: readonly string[], defaults: Readonly<Record<string, string>>): string[] {
  return args.map((arg, i) => {
    const standard = arg.startsWith("--") ? defaults[arg.slice(2)] : undefined;
    const hasValue = i + 1 < args.length && !args[i + 1].startsWith("-");
    return standard === undefined || hasValue ? arg : `${arg}=${standard}`;
  });
}

/** parseArgs takes "-1000,400" for options of its own; "--window=-1000,400" it reads as meant. */
function joinNegativeValues(args: readonly string[], options: Options): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const takesValue = args[i].startsWith("--") && options[args[i].slice(2)]?.type === "string";
    if (takesValue && /^-\d/.test(args[i + 1] ?? "")) joined.push(`${args[i]}=${args[++i]}`);
    else joined.push(args[i]);
  }
  return joined;
}

/** The one positional argument that every command on a study has. */
export function onePositional(positionals: readonly string[], name: string): string {
  if (positionals.length !== 1) {
    throw new UsageError(
      `expected one ${name}, got ${positionals.length === 0 ? "none" : positionals.join(", ")}`,
    );
  }
  return positionals[0];
}

export function required(value: string | undefined, option: string): string {
  if (!value) throw new UsageError(`${option} is missing`);
  return value;
}

export function positiveNumber(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new UsageError(`${option} takes a positive number, got "${text}"`);
  return value;
}

export function oneNumber(text: string, option: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`${option} takes a number, got "${text}"`);
  return value;
}

export function wholeNumber(text: string, [low, high]: readonly [number, number], option: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new UsageError(`${option} takes a whole number from ${low} to ${high}, got "${text}"`);
}

export function oneOf<T extends string>(names: readonly T[], text: string, option: string): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option} takes ${names.join(", ")}, got "${text}"`);
}

/** `count` numbers with commas between. */
export function numbers(text: string, count: number, option: string): number[] {
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.length !== count || !values.every(Number.isFinite)) {
    throw new UsageError(`${option} takes ${count} numbers with commas, got "${text}"`);
  }
  return values;
}

/** What --allow names: none where it is left out. */
export function repairs(text: string | undefined): readonly Repair[] {
  if (text === undefined) return [];
  return text.split(",").map((part) => {
    const repair = REPAIRS.find((one) => one === part.trim());
    if (repair) return repair;
    throw new UsageError(`--allow takes ${REPAIRS.join(", ")}, or several with commas, got "${text}"`);
  });
}

/** "2/8": the second of eight. */
export function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count && count <= 1e6) return { index, count };
  throw new UsageError(`--shard takes I/N, such as 2/8 for the second of eight, got "${text}"`);
}
