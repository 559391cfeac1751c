import { HounsfieldError } from "../../core/errors.js";
import { type ImagePlane, inPlaneAxes } from "./image_plane.js";
import type { OrderedSlices } from "./sort_slices.js";
import { SIDEWAYS_TOLERANCE_PIXELS, usualStepOf } from "./tolerance.js";

/** Where ordered slices lie, measured in f64 from their positions; whether or not they make a volume. */
export interface SliceSpacing {
  /** From each slice to the next, along the normal. */
  readonly stepsMm: readonly number[];
  /** The smallest step that a quarter of them have, or the middle one; 0 for a single slice. */
  readonly usualStepMm: number;
  /**
   * How far each slice lies aside of the first one's normal: along its rows (x) and along its columns (y).
   */
  readonly asideMm: readonly (readonly [number, number])[];
  /**
   * The straight line through the first slice that the others lie closest to: mm aside for each mm along the
   * normal.
   */
  readonly shear: readonly [x: number, y: number];
  /**
   * Angle between that line and the normal: a tilted gantry's; positive where slices move along their
   * columns.
   */
  readonly shearDegrees: number;
}

/** @throws HounsfieldError `unfaithful-geometry` where a position is no finite number */
export function measureSliceSpacing({ slices }: OrderedSlices, plane: ImagePlane): SliceSpacing {
  const [first] = slices;
  const stray = slices.find((slice) => !Number.isFinite(slice.alongMm));
  if (stray) {
    const file = stray.header.source.name;
    throw new HounsfieldError("unfaithful-geometry", `${file}: lies nowhere: its position is no number`, {
      file,
    });
  }
  const offsets = slices.map(({ positionMm, alongMm }) =>
    positionMm && first.positionMm
      ? inPlaneAxes(plane, first.positionMm, positionMm)
      : ([0, 0, alongMm - first.alongMm] as const),
  );
  const stepsMm = slices.slice(1).map((slice, k) => slice.alongMm - slices[k].alongMm);
  const squares = offsets.reduce((sum, [, , along]) => sum + along * along, 0);
  const slope = (axis: 0 | 1) =>
    squares === 0 ? 0 : offsets.reduce((sum, offset) => sum + offset[axis] * offset[2], 0) / squares;
  const shear = [slope(0), slope(1)] as const;
  const leading = Math.abs(shear[1]) >= Math.abs(shear[0]) ? shear[1] : shear[0];
  const degrees = (Math.atan(Math.hypot(...shear)) * 180) / Math.PI;
  return {
    stepsMm,
    usualStepMm: usualStepOf(stepsMm),
    asideMm: offsets.map(([x, y]) => [x, y]),
    shear,
    shearDegrees: leading < 0 ? -degrees : degrees,
  };
}

/**
 * How far aside a slice `alongMm` from the first may lie: a tenth of a pixel; and, where the orientation was
 * written with few digits, as much as these leave its normal uncertain.
 */
export function sidewaysToleranceMm(plane: ImagePlane, alongMm: number): number {
  const pixels = SIDEWAYS_TOLERANCE_PIXELS * Math.min(...plane.spacingMm);
  return Math.max(pixels, plane.cosineError * Math.abs(alongMm));
}
