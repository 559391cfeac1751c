import { HounsfieldError } from "../../../core/errors.js";
import { type FrameDescription, type Rescale, rowPitch } from "../../../core/frame.js";
import type { StoredValues } from "./codec.js";
import { huBytes, memoryOf } from "./frame_memory.js";

/**
 * Stored values to int16 HU: stored * slope + intercept, rounded half away from zero. Rows start
 * `rowPitch(columns)` voxels apart; the voxel that pads an odd row is 0. Exact for integer slope and
 * intercept. They lie in `memory` where that is large enough.
 * @throws HounsfieldError `value-range` where a value leaves int16
 */
export function toHu(
  stored: StoredValues,
  frame: FrameDescription,
  rescale: Rescale,
  memory?: ArrayBufferLike,
): Int16Array {
  const { rows, columns } = frame;
  const pitch = rowPitch(columns);
  const [low, high] = storedRange(stored);
  checkHuRange(low, high, rescale);
  const bytes = huBytes(frame);
  const hu = new Int16Array(memoryOf(bytes, memory), 0, bytes / 2);
  const convert = isIntegerRescale(rescale) ? convertIntegers : convertFractions;
  for (let row = 0; row < rows; row++) {
    convert(stored.subarray(row * columns, (row + 1) * columns), hu.subarray(row * pitch), rescale);
    if (pitch > columns) hu[row * pitch + columns] = 0;
  }
  return hu;
}

export function isIntegerRescale(rescale: Rescale): boolean {
  return Number.isSafeInteger(rescale.slope) && Number.isSafeInteger(rescale.intercept);
}

/**
 * Checks that all HU of stored values from `low` to `high` fit int16: HU grows or falls with the stored
 * value, so the ends tell.
 * @throws HounsfieldError `value-range`, `malformed-dicom` where slope or intercept is no finite number or
 * the slope is 0
 */
export function checkHuRange(low: number, high: number, rescale: Rescale): void {
  const { slope, intercept } = rescale;
  if (!Number.isFinite(slope) || slope === 0 || !Number.isFinite(intercept)) {
    const message = `rescale slope ${slope} and intercept ${intercept} give no HU`;
    throw new HounsfieldError("malformed-dicom", message, { tag: "(0028,1053)", got: [slope, intercept] });
  }
  const ends = [roundHalfAway(low * slope + intercept), roundHalfAway(high * slope + intercept)];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  if (least >= -32768 && most <= 32767) return;
  const message = `stored values ${low} to ${high} with slope ${slope} and intercept ${intercept} give ${least} to ${most}, beyond int16`;
  throw new HounsfieldError("value-range", message, { got: [least, most], accepted: [-32768, 32767] });
}

export function roundHalfAway(value: number): number {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

function storedRange(stored: StoredValues): [number, number] {
  let low = stored[0];
  let high = stored[0];
  for (let i = 1; i < stored.length; i++) {
    const value = stored[i];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function convertIntegers(stored: StoredValues, hu: Int16Array, { slope, intercept }: Rescale): void {
  for (let x = 0; x < stored.length; x++) hu[x] = stored[x] * slope + intercept;
}

function convertFractions(stored: StoredValues, hu: Int16Array, { slope, intercept }: Rescale): void {
  for (let x = 0; x < stored.length; x++) hu[x] = roundHalfAway(stored[x] * slope + intercept);
}
