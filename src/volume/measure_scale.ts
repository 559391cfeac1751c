import type { Control } from "../core/control.js";
import { evenSteps, RECORD_STEPS } from "../core/fitting_scale.js";
import { mapConcurrent } from "../core/map_concurrent.js";
import type { ValueScale } from "../core/value_scale.js";
import type { StoredValues } from "../decode/codecs/common/codec.js";
import { exactScale } from "../dicom/image/exact_scale.js";
import { paddingOf } from "../dicom/image/pixel_padding.js";
import { plannedScale } from "../dicom/image/record_scale.js";
import { rescaleOf, usesModalityLut } from "../dicom/image/rescale.js";
import type { SliceHeader } from "../dicom/image/slice_header.js";
import type { Series } from "../dicom/series/list_series.js";
import type { CtEngine } from "./ct_engine.js";
import { storedDecoder } from "./slice_decoder.js";

/**
 * The series with the scale of its record, measured where its headers do not tell it.
 * @throws HounsfieldError as `measureScale`
 */
export async function withScale(engine: CtEngine, series: Series, control: Control): Promise<Series> {
  const values = plannedScale(series) ?? (await widerScale(engine, series, control));
  return { ...series, values };
}

/**
 * The scale of a record that is not the values themselves: because they are fractional, or whole ones that
 * turned out to leave int16.
 * @throws HounsfieldError as `measureScale`
 */
export async function widerScale(engine: CtEngine, series: Series, control: Control): Promise<ValueScale> {
  return exactScale(series.slices, series.units) ?? (await measureScale(engine, series, control));
}

/**
 * A scale that holds all values of a series, padding aside, by decoding every slice once: in the headers' own
 * steps where int16 has as many, exact; else in 65535 steps of the range, so that each value is within half a
 * step. Progress stage: "measure".
 * @throws HounsfieldError what reading and decoding throw
 */
export async function measureScale(
  engine: CtEngine,
  { slices, units }: Series,
  { signal, onProgress }: Control,
): Promise<ValueScale> {
  const decode = storedDecoder(engine);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let done = 0;
  const lanes = 2 * engine.decoder.workersFor(slices[0]);
  await mapConcurrent(slices, lanes, async (header) => {
    signal?.throwIfAborted();
    for (const value of endsOf(await decode(header, signal), header)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    onProgress?.({ stage: "measure", done: ++done, total: slices.length });
  });
  // Nothing but padding.
  if (low > high) [low, high] = [0, 0];
  return wholeSteps(slices, low, high, units) ?? evenSteps(low, high, units);
}

/** Least and greatest value of a slice, padding aside; none where there is only that. */
function endsOf(stored: StoredValues, header: SliceHeader): readonly number[] {
  const table = usesModalityLut(header) ? header.modalityLut : undefined;
  const { low: padLow = 1, high: padHigh = 0 } = paddingOf(header) ?? {};
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < stored.length; i++) {
    let value = stored[i];
    if (value >= padLow && value <= padHigh) continue;
    if (table) value = table.values[Math.min(table.values.length - 1, Math.max(0, value - table.first))];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [];
  const { slope, intercept } = rescaleOf(header);
  return table ? [low, high] : [low * slope + intercept, high * slope + intercept];
}

/** The step that all slices' values are whole numbers of, where the range has no more than int16. */
function wholeSteps(
  slices: readonly SliceHeader[],
  low: number,
  high: number,
  units: string,
): ValueScale | undefined {
  const pairs = slices.map((header) =>
    usesModalityLut(header) ? { slope: 1, intercept: 0 } : rescaleOf(header),
  );
  const whole = pairs.every(({ slope, intercept }) => Number.isInteger(slope) && Number.isInteger(intercept));
  const step = whole ? 1 : Math.abs(pairs[0].slope);
  const base = whole ? 0 : pairs[0].intercept;
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6;
  const fit = pairs.every(
    ({ slope, intercept }) => (whole || Math.abs(slope) === step) && isWhole((intercept - base) / step),
  );
  if (!fit || (high - low) / step > RECORD_STEPS) return undefined;
  const [first, last] = [Math.round((low - base) / step), Math.round((high - base) / step)];
  // As the headers have them where that fits, else the least value is int16's.
  const shift = first >= -32768 && last <= 32767 ? 0 : first + 32768;
  return { slope: step, intercept: base + shift * step, units };
}
