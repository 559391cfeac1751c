import type { Diagnostic } from "../../core/diagnostic.js";
import { sliceNames } from "../image/slice_labels.js";
import type { SliceSpacing } from "./slice_spacing.js";
import type { OrderedSlices } from "./sort_slices.js";

/** The attribute is nominal, often rounded to half a degree. */
const TILT_TOLERANCE_DEGREES = 0.5;

/**
 * What Gantry/Detector Tilt (PS3.3 C.8.2.1: nominal, "not intended for mathematical computations") says beside the positions,
 * which decide. A series that was resampled upright often keeps it; one whose orientation was lost looks the same.
 */
export function tiltDiagnostics({ slices }: OrderedSlices, { shearDegrees }: SliceSpacing): Diagnostic[] {
  const strays = slices.filter(({ header: { gantryDetectorTilt } }) => {
    if (gantryDetectorTilt === undefined) return false;
    return Math.abs(Math.abs(gantryDetectorTilt) - Math.abs(shearDegrees)) > TILT_TOLERANCE_DEGREES;
  });
  if (strays.length === 0) return [];
  const [{ header }] = strays;
  const message = `Gantry/Detector Tilt is ${header.gantryDetectorTilt} degrees, but positions and orientation show ${Math.abs(shearDegrees).toFixed(2)}; they are followed`;
  const files = sliceNames(strays.map((slice) => slice.header));
  return [{ severity: "warning", code: "gantry-tilt-disagrees", message, files }];
}
