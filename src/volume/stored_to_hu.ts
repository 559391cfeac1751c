import { HounsfieldError } from "../core/errors.js";
import { rowPitch } from "../core/frame.js";
import { huScale, storedOfValue } from "../core/value_scale.js";
import type { StoredValues } from "../decode/codecs/common/codec.js";
import { roundHalfAway } from "../decode/codecs/common/hu.js";
import { paddingOf } from "../dicom/image/pixel_padding.js";
import { recordRescale } from "../dicom/image/record_scale.js";
import { usesModalityLut } from "../dicom/image/rescale.js";
import type { ModalityLut, SliceHeader } from "../dicom/image/slice_header.js";
import type { RecordOptions } from "./slice_decoder.js";

/**
 * Stored values of one slice to the int16 record, by its Modality LUT or its slope and intercept, padding
 * that the record cannot hold replaced; rows start an even number of voxels apart. For what the decoder's own
 * rescale cannot do.
 * @throws HounsfieldError `value-range` where a value leaves int16, unless they are to be clipped
 */
export function storedToHu(
  stored: StoredValues,
  header: SliceHeader,
  record: RecordOptions = { values: huScale },
): Int16Array {
  const { rows, columns, source } = header;
  const pitch = rowPitch(columns);
  const toValue = conversionOf(header, record);
  const hu = new Int16Array(pitch * rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const value = toValue(stored[at]);
      if (value < -32768 || value > 32767) throw beyondInt16(source.name, stored[at], value);
      hu[row * pitch + column] = value;
    }
  }
  return hu;
}

function conversionOf(header: SliceHeader, { values, clip }: RecordOptions): (stored: number) => number {
  const { modalityLut } = header;
  const held = (value: number) => Math.min(32767, Math.max(-32768, value));
  const within = clip ? held : (value: number) => value;
  const step = (value: number) => roundHalfAway(storedOfValue(values, value));
  if (modalityLut && usesModalityLut(header)) {
    const entry = lookUp(modalityLut);
    return (stored) => within(step(entry(stored)));
  }
  const { slope, intercept } = recordRescale(header, values);
  const { low = 1, high = 0, replacement } = paddingOf(header, values) ?? {};
  const padding = replacement === undefined ? undefined : held(step(replacement));
  return (stored) =>
    padding !== undefined && stored >= low && stored <= high
      ? padding
      : within(roundHalfAway(stored * slope + intercept));
}

/** Stored values before the first entry take the first, those after the last the last (PS3.3 C.11.1.1.1). */
function lookUp({ first, values }: ModalityLut): (stored: number) => number {
  const last = values.length - 1;
  return (stored) => values[Math.min(last, Math.max(0, stored - first))];
}

function beyondInt16(file: string, stored: number, got: number): HounsfieldError {
  const message = `${file}: stored value ${stored} gives ${got}, beyond int16`;
  return new HounsfieldError("value-range", message, { file, got, accepted: [-32768, 32767] });
}
