import type { Control } from "../core/control.js";
import { HounsfieldError } from "../core/errors.js";
import { checkOptions, type Rule } from "../core/options.js";
import { controlRules, count, number, object, oneOf, required } from "../core/rules.js";
import { type ValueScale, valueOfStored } from "../core/value_scale.js";
import { type HuWindow, windowFunction } from "../ops/value/window_slabs.js";
import type { BitMask } from "../volume/bit_mask.js";
import { checkVolume, maskRule } from "../volume/check_argument.js";
import { checkInputs } from "../volume/check_inputs.js";
import type { CtVolume } from "../volume/ct_volume.js";
import { linearTaps, shrinkSlice } from "./shrink_slice.js";

/** Options of sliceImages. */
export interface SliceImageOptions {
  /** Width and height of each picture. */
  readonly sizePx: number;
  /**
   * What becomes 0 and 1. A window: the same HU in every slice, so that slices can be compared. "slice": each
   * slice's own least and most value, as COVID-FACT, CT-CAPS and CAE-Transformer publish it: -700 HU is then
   * another number in every slice.
   */
  readonly scale: HuWindow | "slice";
  /** By z of the volume; "descending" is the order of COVID-CT-MD's labels. "ascending" where absent. */
  readonly order?: "ascending" | "descending";
  /** What lies outside is 0; with "slice" the least and most value are of the whole slice all the same. */
  readonly mask?: BitMask;
}

/** A slice as a picture. */
export interface SliceImage {
  /** The slice of the volume. */
  readonly z: number;
  /** y, x; `sizePx` squared, from 0 to 1. */
  readonly values: Float32Array<ArrayBuffer>;
}

export const sliceScale: Rule = (value) => {
  if (value === "slice") return undefined;
  if (typeof value !== "object" || value === null) return 'a window, { lowHu, highHu }, or "slice"';
  return object("slice scale", { lowHu: required(number), highHu: required(number) })(value);
};

/**
 * Slices as pictures of one size for networks that take single ones, in doubles, given as float32: scaled,
 * masked, then made smaller or larger by bilinear interpolation as OpenCV's `resize` does it (`INTER_LINEAR`:
 * half a size is the mean of 2 x 2; other ratios are not antialiased). With scale "slice" what results is
 * scaled from its least to its most once more, as the published code does. Progress stage: "slice images".
 * @throws HounsfieldError `invalid-option`, also for slices that are not square in the patient; `wrong-grid`,
 * `wrong-engine`, `destroyed`
 */
export async function* sliceImages(
  volume: CtVolume,
  options: SliceImageOptions & Control,
): AsyncGenerator<SliceImage> {
  checkVolume("sliceImages", volume);
  const { sizePx, scale, order, mask, signal, onProgress } = checkOptions("sliceImages", options, {
    ...controlRules,
    sizePx: required(count),
    scale: required(sliceScale),
    order: oneOf("ascending", "descending"),
    mask: maskRule,
  });
  if (mask) checkInputs({ volume, mask });
  const [nx, ny, nz] = volume.grid.size;
  checkSquare(volume);
  const taps = { x: linearTaps(nx, sizePx), y: linearTaps(ny, sizePx) };
  const windowed = scale === "slice" ? undefined : floatTableOf(scale, volume.values);
  const scaled = new Float64Array(nx * ny);
  const depth = Math.max(1, Math.floor(volume.engine.limits.readVoxels / (nx * ny)));
  for (let done = 0; done < nz; done += depth) {
    signal?.throwIfAborted();
    const many = Math.min(depth, nz - done);
    const from = order === "descending" ? nz - done - many : done;
    const stored = await volume.read(from, from + many);
    const inside = await mask?.read(from, from + many);
    for (let k = 0; k < many; k++) {
      const slice = order === "descending" ? many - 1 - k : k;
      const part = [slice * nx * ny, (slice + 1) * nx * ny] as const;
      const values = stored.subarray(...part);
      scaleSlice(scaled, values, inside?.subarray(...part), windowed ?? rangeScale(values, volume.values));
      const image = shrinkSlice(scaled, nx, taps.x, taps.y);
      if (!windowed) scaleByRange(image);
      yield { z: from + slice, values: Float32Array.from(image) };
    }
    onProgress?.({ stage: "slice images", done: done + many, total: nz });
  }
}

/** What each stored value becomes, by its place behind `first`. */
interface StoredScale {
  readonly first: number;
  readonly table: Float64Array;
}

function floatTableOf(window: HuWindow, values: ValueScale): StoredScale {
  const windowed = windowFunction(window);
  return storedScale(-32768, 32767, (stored) => windowed(valueOfStored(values, stored)));
}

/** From the least to the most of a slice. */
function rangeScale(stored: Int16Array, values: ValueScale): StoredScale {
  let [least, most] = [stored[0], stored[0]];
  for (let i = 1; i < stored.length; i++) {
    if (stored[i] < least) least = stored[i];
    if (stored[i] > most) most = stored[i];
  }
  const [low, high] = [valueOfStored(values, least), valueOfStored(values, most)];
  return storedScale(least, most, (one) => shareOf(valueOfStored(values, one), low, high));
}

function storedScale(first: number, last: number, scaled: (stored: number) => number): StoredScale {
  const table = new Float64Array(last - first + 1);
  for (let i = 0; i < table.length; i++) table[i] = scaled(first + i);
  return { first, table };
}

/** Where a value lies between two; where these are one, 1, or 0 if it is 0: as the published code has it. */
function shareOf(value: number, low: number, high: number): number {
  if (high > low) return (value - low) / (high - low);
  return high === 0 ? 0 : 1;
}

function scaleSlice(
  into: Float64Array,
  stored: Int16Array,
  inside: Uint8Array | undefined,
  { first, table }: StoredScale,
): void {
  if (!inside) for (let i = 0; i < into.length; i++) into[i] = table[stored[i] - first];
  else for (let i = 0; i < into.length; i++) into[i] = inside[i] ? table[stored[i] - first] : 0;
}

/** From the least to the most as 0 to 1. */
function scaleByRange(values: Float64Array): void {
  let [low, high] = [values[0], values[0]];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  for (let i = 0; i < values.length; i++) values[i] = shareOf(values[i], low, high);
}

/** A percent: pixel spacings are written with as few as two digits. */
const SQUARE_TOLERANCE = 0.01;

function checkSquare({ grid: { size, spacingMm } }: CtVolume): void {
  const [widthMm, heightMm] = [size[0] * spacingMm[0], size[1] * spacingMm[1]];
  if (Math.abs(widthMm / heightMm - 1) <= SQUARE_TOLERANCE) return;
  const got = `${widthMm.toFixed(1)} x ${heightMm.toFixed(1)} mm`;
  const accepted = "square slices; pad or crop the volume before";
  const message = `sliceImages: slices are ${got}; accepted: ${accepted}`;
  throw new HounsfieldError("invalid-option", message, { option: "sizePx", got, accepted });
}
