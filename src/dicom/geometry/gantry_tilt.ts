import type { SliceSpacing } from "./slice_spacing.js";
import type { OrderedSlices, PlacedSlice } from "./sort_slices.js";

/** The attribute is nominal, often rounded to half a degree. */
const TILT_TOLERANCE_DEGREES = 0.5;

/**
 * The slices whose Gantry/Detector Tilt (PS3.3 C.8.2.1: nominal, "not intended for mathematical
 * computations") is another than positions show. A series that was resampled upright often keeps it; one
 * whose orientation was lost looks the same.
 */
export function slicesOfOtherTilt(
  { slices }: OrderedSlices,
  { shearDegrees }: SliceSpacing,
): readonly PlacedSlice[] {
  return slices.filter(({ header: { gantryDetectorTilt } }) => {
    if (gantryDetectorTilt === undefined) return false;
    return Math.abs(Math.abs(gantryDetectorTilt) - Math.abs(shearDegrees)) > TILT_TOLERANCE_DEGREES;
  });
}
