import { areFinite, isWithin, refused } from "./fail.js";
import { type TransferPreset, transferPresets } from "./transfer_presets.js";

/** What voxels of a HU look like. Between points of ascending HU all is linear, beyond the ends constant. */
export interface TransferPoint {
  readonly hu: number;
  /** Red, green and blue, 0..1. */
  readonly color: readonly [number, number, number];
  /**
   * Share of the light that one millimeter of it stops, 0..1: whatever the step, so that finer sampling looks
   * the same.
   */
  readonly opacityPerMm: number;
}

/**
 * How steep a change must be to be seen: opacity is multiplied by `factor`, which is linear between points.
 */
export interface GradientOpacityPoint {
  readonly gradientHuPerMm: number;
  /** 0..1. */
  readonly factor: number;
}

/** A transfer function of volume rendering as plain data, as an editor of points has it. */
export interface TransferFunction {
  readonly points: readonly TransferPoint[];
  readonly gradientOpacity?: readonly GradientOpacityPoint[];
}

const MOST_POINTS = 256;

/**
 * The function itself, of a preset's name or points.
 * @throws HounsfieldError `invalid-option`
 */
export function resolveTransfer(transfer: TransferPreset | TransferFunction): TransferFunction {
  if (typeof transfer === "string") {
    if (Object.hasOwn(transferPresets, transfer)) return transferPresets[transfer];
    throw refused("transfer", transfer, Object.keys(transferPresets).join(", "));
  }
  const { points, gradientOpacity = [] } = transfer;
  if (!Array.isArray(points) || points.length < 1 || points.length > MOST_POINTS)
    throw refused("transfer points", points?.length, `1..${MOST_POINTS} points`);
  for (const point of points) checkPoint(point);
  for (const { gradientHuPerMm, factor } of gradientOpacity) {
    if (!isWithin(gradientHuPerMm, 0, 1e6)) throw refused("gradientHuPerMm", gradientHuPerMm, "0 and more");
    if (!isWithin(factor, 0, 1)) throw refused("gradient opacity's factor", factor, "0..1");
  }
  checkAscending(
    "transfer points by hu",
    points.map(({ hu }) => hu),
  );
  checkAscending(
    "gradient opacity by gradientHuPerMm",
    gradientOpacity.map(({ gradientHuPerMm }) => gradientHuPerMm),
  );
  return transfer;
}

function checkPoint({ hu, color, opacityPerMm }: TransferPoint): void {
  if (!isWithin(hu, -32768, 32767)) throw refused("transfer point's hu", hu, "-32768..32767");
  if (!areFinite(color, 3) || !color.every((part) => isWithin(part, 0, 1)))
    throw refused("transfer point's color", color, "red, green and blue of 0..1");
  if (!isWithin(opacityPerMm, 0, 1)) throw refused("transfer point's opacityPerMm", opacityPerMm, "0..1");
}

function checkAscending(what: string, values: readonly number[]): void {
  if (values.some((value, i) => i > 0 && value < values[i - 1]))
    throw refused(what, values, "ascending ones");
}
