import { HounsfieldError } from "../../core/errors.js";
import { invalidOption } from "../../core/options.js";
import { roundHalfAway } from "./value_round.js";

/** A value for every HU, in f64. It is asked for each of -32768 to 32767 once, whatever the volume's size. */
export type HuFunction = (hu: number) => number;

/** A function of HU as its 65536 values: entry i is for HU i - 32768. The array's type is the result's. */
export type ValueTable = Float32Array | Int16Array | Uint8Array;

export const tableLength = 65536;

/** The float32 nearest to each value. Throws `invalid-option` where the function has no number. */
export function floatTable(of: HuFunction): Float32Array {
  return Float32Array.from(valuesOf(of));
}

/** 0..1 as 0..255: times 255, to the nearest, halves up; what lies outside is held at the ends. Throws `invalid-option` as `floatTable`. */
export function byteTable(of: HuFunction): Uint8Array {
  return Uint8Array.from(valuesOf(of), (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
}

/** To the nearest integer, halves away from zero, held within -32768..32767. Throws `invalid-option` as `floatTable`. */
export function huTable(of: HuFunction): Int16Array {
  return Int16Array.from(valuesOf(of), (value) => Math.min(32767, Math.max(-32768, roundHalfAway(value))));
}

function valuesOf(of: HuFunction): Float64Array {
  if (typeof of !== "function") throw invalidOption("a table", "function", of, "a function of HU");
  const values = Float64Array.from({ length: tableLength }, (_, i) => of(i - 32768));
  const at = values.findIndex(Number.isNaN);
  if (at < 0) return values;
  throw new HounsfieldError("invalid-option", `the function gives no number for ${at - 32768} HU`, {
    got: values[at],
  });
}
