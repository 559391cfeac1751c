import { HounsfieldError } from "../../core/errors.js";

/** An `invalid-option` that names a part of the state, what was given and what is taken. */
export function refused(what: string, got: unknown, accepted: string): HounsfieldError {
  const shown = typeof got === "string" ? `"${got}"` : JSON.stringify(got);
  return new HounsfieldError("invalid-option", `${what}: got ${shown}, accepted ${accepted}`, {
    got,
    accepted,
  });
}

/** A finite number between the bounds. */
export function isWithin(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && value >= low && value <= high && Number.isFinite(value);
}

export function areFinite(values: readonly number[], count: number): boolean {
  return Array.isArray(values) && values.length === count && values.every(Number.isFinite);
}
