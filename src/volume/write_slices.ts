import { HounsfieldError } from "../core/errors.js";
import { rowPitch } from "../core/frame.js";
import { checkArgument, invalidOption, type Rule } from "../core/options.js";
import { isUnscaled } from "../core/value_scale.js";
import { isVoxelArray, type VoxelArray } from "../core/voxel_array.js";
import { roundHalfAway } from "../decode/codecs/common/hu.js";
import { checkSlices } from "./check_slices.js";
import { type CtVolume, sliceWords } from "./ct_volume.js";

/** How numbers of an array become values. */
export interface ArrayValues {
  /** value = number * slope + intercept; 1 where absent. */
  readonly slope?: number;
  /** 0 where absent. */
  readonly intercept?: number;
  /** The value of numbers that are none (NaN), and of infinite ones; without it they are refused. */
  readonly notFinite?: number;
}

export const voxelArrayRule: Rule = (value) =>
  isVoxelArray(value) ? undefined : "a typed array of 8-, 16- or 32-bit integers or of floats";

/**
 * The slices that `count` values are, where slices have `perSlice`. @throws HounsfieldError `invalid-option`
 */
export function wholeSlices(of: string, name: string, values: VoxelArray, perSlice: number): number {
  checkArgument(of, name, values, voxelArrayRule);
  const slices = values.length / perSlice;
  if (Number.isInteger(slices) && slices > 0) return slices;
  throw invalidOption(of, `${name}.length`, values.length, `${perSlice}, or a multiple: whole slices`);
}

/**
 * Puts whole slices, dense, into the record from slice `z` on, each value to its nearest step.
 * @throws HounsfieldError `invalid-option`; `value-range` for what the record cannot hold
 */
export function writeSlices(
  of: string,
  volume: CtVolume,
  z: number,
  values: VoxelArray,
  how: ArrayValues = {},
): void {
  const { engine, grid, buffer } = volume;
  const [nx, ny] = grid.size;
  const slices = wholeSlices(of, "values", values, nx * ny);
  checkSlices(grid, z, z + slices);
  const pitch = rowPitch(nx);
  const sliceBytes = sliceWords(grid) * 4;
  const fill = rowFiller(of, volume, values, how);
  const record = new Int16Array(pitch * ny);
  for (let k = 0; k < slices; k++) {
    for (let y = 0; y < ny; y++) fill(record.subarray(y * pitch, y * pitch + nx), (k * ny + y) * nx);
    engine.write(buffer, (z + k) * sliceBytes, record);
    volume.arrival?.arrived(z + k);
  }
}

/** Fills a row of the record with what lies from an index of `values` on. */
function rowFiller(
  of: string,
  { values: scale }: CtVolume,
  values: VoxelArray,
  { slope = 1, intercept = 0, notFinite }: ArrayValues,
): (row: Int16Array, from: number) => void {
  const isSame = slope === 1 && intercept === 0 && isUnscaled(scale);
  if (
    isSame &&
    (values.BYTES_PER_ELEMENT === 1 || Object.prototype.toString.call(values) === "[object Int16Array]")
  )
    return (row, from) => row.set(values.subarray(from, from + row.length));
  return (row, from) => {
    for (let x = 0; x < row.length; x++) {
      let value = values[from + x] * slope + intercept;
      if (notFinite !== undefined && !Number.isFinite(value)) value = notFinite;
      const step = roundHalfAway((value - scale.intercept) / scale.slope);
      if (!(step >= -32768 && step <= 32767)) throw beyondRecord(of, value, from + x, scale);
      row[x] = step;
    }
  };
}

function beyondRecord(of: string, value: number, index: number, scale: CtVolume["values"]): HounsfieldError {
  const [low, high] = [-32768, 32767].map((step) => step * scale.slope + scale.intercept);
  const message = `${of}: value ${value}, at index ${index}; the record holds ${low} to ${high} ${scale.units}`;
  return new HounsfieldError("value-range", message, { got: value, accepted: [low, high] });
}
