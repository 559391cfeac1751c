import type { Diagnostic } from "../../core/diagnostic.js";
import type { ValueScale } from "../../core/value_scale.js";
import { isWholeRescale, recordRescale } from "./record_scale.js";
import { rescaleOf, usesModalityLut } from "./rescale.js";
import type { SliceHeader } from "./slice_header.js";
import { sliceNames } from "./slice_labels.js";

/** Stored values from `low` to `high` fill what was not measured. */
export interface PaddingRange {
  readonly low: number;
  readonly high: number;
  /**
   * The value that they become where the int16 record cannot hold theirs; undefined where it can, and they
   * are rescaled like others.
   */
  readonly replacement?: number;
}

/**
 * Padding that int16 cannot hold becomes air: what lies outside the field of view is drawn and measured as
 * that.
 */
const AIR_HU = -1024;

/** What the volume holds where the scanner's field did not reach: air, or 0 where values are not HU. */
export function outsideValue(units: string): number {
  return units === "HU" ? AIR_HU : 0;
}

/**
 * Stored values that are padding: Pixel Padding Value, and all up to the Pixel Padding Range Limit, on either
 * side of it (PS3.3 C.7.5.1.1.2). They are no measurements; they keep their rescaled value, as ITK and
 * dcm2niix do. Of fractional slopes what the record holds depends on its scale, `values`.
 */
export function paddingOf(header: SliceHeader, values?: ValueScale): PaddingRange | undefined {
  const { pixelPaddingValue, pixelPaddingRangeLimit } = header;
  if (pixelPaddingValue === undefined) return undefined;
  const limit = pixelPaddingRangeLimit ?? pixelPaddingValue;
  const low = Math.min(pixelPaddingValue, limit);
  const high = Math.max(pixelPaddingValue, limit);
  if (usesModalityLut(header)) return { low, high };
  // Whole ones by their values, whether or not the record is scaled for other voxels' sake.
  const isScaled = !isWholeRescale(header);
  if (isScaled && !values) return { low, high };
  const { slope, intercept } = isScaled && values ? recordRescale(header, values) : rescaleOf(header);
  const fits = [low, high].every((stored) => isInt16(stored * slope + intercept));
  return {
    low,
    high,
    ...(!fits && { replacement: isScaled && values ? outsideValue(values.units) : AIR_HU }),
  };
}

function isInt16(stored: number): boolean {
  return stored >= -32768.5 && stored < 32767.5;
}

/** A value as Bits Stored hold it (PS3.5 8.1.1). */
function inStoredBits(value: number, { bitsStored, pixelRepresentation }: SliceHeader): number {
  const unused = 32 - bitsStored;
  return pixelRepresentation === 1 ? (value << unused) >> unused : (value << unused) >>> unused;
}

/** What padding looks like in the volume. */
export function paddingDiagnostics(headers: readonly SliceHeader[]): readonly Diagnostic[] {
  const padded = headers.filter((header) => header.pixelPaddingValue !== undefined);
  if (padded.length === 0) return [];
  const { low, high, replacement } = paddingOf(padded[0])!;
  const { slope, intercept } = rescaleOf(padded[0]);
  const cut = inStoredBits(low, padded[0]);
  if (cut !== low) {
    const message = `padding is ${low}, which ${padded[0].bitsStored} bits do not hold: pixels written so lose their upper bits, and are ${cut * slope + intercept} in the volume, as measured values are`;
    return [{ severity: "warning", code: "padding-beyond-bits", message, files: sliceNames(padded) }];
  }
  const stored = low === high ? `stored value ${low}` : `stored values ${low} to ${high}`;
  const ends = [...new Set([low, high].map((value) => value * slope + intercept))].sort((a, b) => a - b);
  const kept = usesModalityLut(padded[0]) ? "what the Modality LUT makes of it" : ends.join(" to ");
  const becomes =
    replacement === undefined ? kept : `${replacement}, since int16 holds no ${ends.join(" to ")}`;
  const message = `${stored} is padding, no measurement, in ${padded.length} of ${headers.length} slices; it is ${becomes} in the volume`;
  const severity = replacement === undefined ? "info" : "warning";
  return [{ severity, code: "pixel-padding", message, files: sliceNames(padded) }];
}
