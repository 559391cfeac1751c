import type { ValueScale } from "../../core/value_scale.js";
import { rescaleOf, usesModalityLut } from "./rescale.js";
import type { SliceHeader } from "./slice_header.js";

/**
 * The scale of a record that holds each stored value as it is, turned around where the slope is below 0, and
 * less 32768 where it has 16 bits without sign: exact whatever they are. Undefined unless all slices share
 * one slope, intercept and kind of stored values of at most 16 bits.
 */
export function exactScale(slices: readonly SliceHeader[], units: string): ValueScale | undefined {
  const [first] = slices;
  const { slope, intercept } = rescaleOf(first);
  const isAlike = (header: SliceHeader) => {
    const own = rescaleOf(header);
    const { bitsAllocated, bitsStored, pixelRepresentation } = header;
    return (
      !usesModalityLut(header) &&
      own.slope === slope &&
      own.intercept === intercept &&
      bitsAllocated <= 16 &&
      bitsStored === first.bitsStored &&
      pixelRepresentation === first.pixelRepresentation
    );
  };
  if (!slices.every(isAlike)) return undefined;
  const isSigned = first.pixelRepresentation === 1;
  // What is added to a stored value, or to it turned around: two's complement has one value more below 0 than
  // above.
  const turned = slope < 0;
  const shift = first.bitsStored < 16 ? 0 : isSigned ? (turned ? -1 : 0) : turned ? 32767 : -32768;
  const step = Math.abs(slope);
  return { slope: step, intercept: intercept - step * shift, units };
}
