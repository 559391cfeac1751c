import { HounsfieldError } from "../../core/errors.js";
import { shown } from "../../core/options.js";

/** An `invalid-option` that names a part of the state, what was given and what is taken. */
export function refused(what: string, got: unknown, accepted: string): HounsfieldError {
  return new HounsfieldError("invalid-option", `${what}: got ${inJson(got)}, accepted ${accepted}`, {
    option: what,
    got,
    accepted,
  });
}

/** As a state file has it; what no JSON can hold (a function, a circle) in words. */
function inJson(got: unknown): string {
  try {
    return JSON.stringify(got) ?? shown(got);
  } catch {
    return shown(got);
  }
}

/** A finite number between the bounds. */
export function isWithin(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && value >= low && value <= high && Number.isFinite(value);
}

export function areFinite(values: readonly number[], count: number): boolean {
  return Array.isArray(values) && values.length === count && values.every(Number.isFinite);
}
