import { HounsfieldError } from "../../core/errors.js";
import { invalidOption } from "../../core/options.js";
import { huScale, storedOfValue, type ValueScale, valueOfStored } from "../../core/value_scale.js";
import { roundHalfAway } from "./value_round.js";

/**
 * A value for every HU, in f64; of a volume in other units, for every value in those. It is asked once for
 * each of the 65536 that the record can hold, whatever the volume's size.
 */
export type HuFunction = (hu: number) => number;

/**
 * A function as its 65536 values: entry i is for the stored value i - 32768, which is HU unless the volume's
 * `values` scale it. The array's type is the result's.
 */
export type ValueTable = Float32Array | Int16Array | Uint8Array;

export const TABLE_LENGTH = 65536;

/**
 * The float32 nearest to each value. `scale` is the volume's `values`, HU by default.
 * @throws HounsfieldError `invalid-option` where the function has no number
 */
export function floatTable(of: HuFunction, scale: ValueScale = huScale): Float32Array {
  return Float32Array.from(resultsOf(of, scale));
}

/**
 * 0..1 as 0..255: times 255, to the nearest, halves up; what lies outside is held at the ends.
 * @throws HounsfieldError `invalid-option` as `floatTable`
 */
export function byteTable(of: HuFunction, scale: ValueScale = huScale): Uint8Array {
  return Uint8Array.from(resultsOf(of, scale), (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
}

/**
 * To the nearest integer, halves away from zero, held within -32768..32767; of a scaled record, to its
 * nearest step, for a result of the same scale.
 * @throws HounsfieldError `invalid-option` as `floatTable`
 */
export function huTable(of: HuFunction, scale: ValueScale = huScale): Int16Array {
  return Int16Array.from(resultsOf(of, scale), (value) =>
    Math.min(32767, Math.max(-32768, roundHalfAway(storedOfValue(scale, value)))),
  );
}

function resultsOf(of: HuFunction, scale: ValueScale): Float64Array {
  if (typeof of !== "function") throw invalidOption("a table", "function", of, "a function of HU");
  const values = Float64Array.from({ length: TABLE_LENGTH }, (_, i) => of(valueOfStored(scale, i - 32768)));
  const at = values.findIndex(Number.isNaN);
  if (at < 0) return values;
  const input = valueOfStored(scale, at - 32768);
  throw new HounsfieldError("invalid-option", `the function gives no number for ${input} ${scale.units}`, {
    got: values[at],
  });
}
