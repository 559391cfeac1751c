import { isUnscaled, storedOfValue, type ValueScale } from "../../core/value_scale.js";
import type { TransferFunction } from "../state/transfer.js";

/** Half floats, less the texture's offset, end at 65504. */
const MOST_DISPLAYED = 60_000;

/**
 * How display textures hold a record: displayed = stored * slope + intercept, less the offset of
 * shaders/render/common/display.wgsl. The values themselves, as HU always was, where half floats reach them
 * and a step of one is a step of the volume or less; else all of int16 as -1024 to 3072, the reach of
 * transfer functions' tables.
 */
export function displayScale({ slope, intercept, units }: ValueScale): { slope: number; intercept: number } {
  const reach = 32768 * slope + Math.abs(intercept);
  if (reach <= MOST_DISPLAYED && (slope >= 1 || units === "HU")) return { slope, intercept };
  return { slope: 1 / 16, intercept: 1024 };
}

/** What a display texture holds for a value. */
export function displayedValue(values: ValueScale, value: number): number {
  if (isUnscaled(values)) return value;
  const { slope, intercept } = displayScale(values);
  return storedOfValue(values, value) * slope + intercept;
}

/** A transfer function of the volume's units as one of what the texture holds. */
export function displayedTransfer(transfer: TransferFunction, values: ValueScale): TransferFunction {
  if (isUnscaled(values)) return transfer;
  const perUnit = displayScale(values).slope / values.slope;
  const { points, gradientOpacity } = transfer;
  return {
    points: points.map((point) => ({ ...point, hu: displayedValue(values, point.hu) })),
    ...(gradientOpacity && {
      gradientOpacity: gradientOpacity.map(({ gradientHuPerMm, factor }) => ({
        gradientHuPerMm: gradientHuPerMm * perUnit,
        factor,
      })),
    }),
  };
}
