import type { Diagnostic } from "../../core/diagnostic.js";
import { sliceNames } from "../image/slice_labels.js";
import { slicesOfOtherTilt } from "./gantry_tilt.js";
import type { SliceSpacing } from "./slice_spacing.js";
import type { OrderedSlices } from "./sort_slices.js";

/** What Gantry/Detector Tilt says beside the positions, which decide. */
export function tiltDiagnostics(ordered: OrderedSlices, layout: SliceSpacing): Diagnostic[] {
  const strays = slicesOfOtherTilt(ordered, layout);
  if (strays.length === 0) return [];
  const [{ header }] = strays;
  const message = `Gantry/Detector Tilt is ${header.gantryDetectorTilt} degrees, but positions and orientation show ${Math.abs(layout.shearDegrees).toFixed(2)}; they are followed`;
  const files = sliceNames(strays.map((slice) => slice.header));
  return [{ severity: "warning", code: "gantry-tilt-disagrees", message, files }];
}
