/** Typed arrays that values of voxels come in, dense: x varies fastest, then y, then z. */
export type VoxelArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

const ACCEPTED = /^\[object (Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|Float32|Float64)Array\]$/;

/** By its tag, so that another realm's are known too; Node's Buffer is a Uint8Array. */
export function isVoxelArray(value: unknown): value is VoxelArray {
  return ACCEPTED.test(Object.prototype.toString.call(value));
}

/** Whether its type has values between whole numbers, and such as are no numbers. */
export function hasFractions(values: VoxelArray): values is Float32Array | Float64Array {
  return /Float/.test(Object.prototype.toString.call(values));
}
