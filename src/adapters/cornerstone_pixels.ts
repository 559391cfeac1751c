import { invalidOption } from "../core/options.js";
import { type CornerstoneScale, isScaled } from "./cornerstone_metadata.js";
import type { SharedData } from "./voxels.js";

const TYPES = [Uint8Array, Int16Array, Uint16Array, Float32Array] as const;

/**
 * Voxels as the values that they stand for, in an array of the type that is asked for.
 * @throws HounsfieldError `invalid-option` for a type that cornerstone3D does not show, or that does not hold
 * every value
 */
export function cornerstonePixels(
  of: string,
  data: SharedData,
  scale: CornerstoneScale | undefined,
  type?: string,
): SharedData {
  return asType(of, scaled(data, scale), type);
}

function scaled(data: SharedData, scale: CornerstoneScale | undefined): SharedData {
  if (!scale || !isScaled(scale)) return data;
  return Float32Array.from(data, (stored) => stored * scale.slope + scale.intercept);
}

function asType(of: string, data: SharedData, asked?: string): SharedData {
  const own = TYPES.find((type) => data instanceof type);
  const Type = asked === undefined ? own : TYPES.find(({ name }) => name === asked);
  const names = TYPES.map(({ name }) => name).join(", ");
  if (!Type) throw invalidOption(of, "data", asked ?? data, `an array of the kinds ${names}`);
  // cornerstone3D goes by the name of the class, which a Buffer's is not.
  if (Type === own && data.constructor === Type) return data;
  const copy = Type.from(data);
  if (copy.some((value, i) => value !== data[i]))
    throw invalidOption(
      of,
      "targetBuffer",
      asked,
      `an array that holds the values of ${data.constructor.name}`,
    );
  return copy;
}

export function extremes(values: SharedData): [least: number, greatest: number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}
