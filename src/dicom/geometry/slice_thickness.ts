import type { Diagnostic } from "../../core/diagnostic.js";
import { mm, sliceNames } from "../image/slice_labels.js";
import type { SliceSpacing } from "./slice_spacing.js";
import type { OrderedSlices } from "./sort_slices.js";

/**
 * Thickness and step are the same when they differ by less: both are often rounded to a tenth of a
 * millimeter.
 */
const THICKNESS_TOLERANCE_MM = 0.05;

/**
 * What Slice Thickness (PS3.3 C.7.6.2.1.1: nominal, of the slice itself) says beside the steps: slices that
 * overlap, tissue between slices that no slice shows, thicknesses that vary. None of it changes the grid,
 * which is of positions.
 */
export function thicknessDiagnostics({ slices }: OrderedSlices, { usualStepMm }: SliceSpacing): Diagnostic[] {
  const headers = slices.map((slice) => slice.header);
  const known = headers.filter((header) => header.sliceThickness !== undefined && header.sliceThickness > 0);
  if (known.length === 0) return [];
  const thicknesses = known.map((header) => header.sliceThickness!);
  const [least, most] = [Math.min(...thicknesses), Math.max(...thicknesses)];
  if (most - least > THICKNESS_TOLERANCE_MM) {
    const others = known.filter(
      (header) => Math.abs(header.sliceThickness! - thicknesses[0]) > THICKNESS_TOLERANCE_MM,
    );
    const message = `Slice Thickness varies between ${mm(least)} and ${mm(most)}`;
    const files = sliceNames(others);
    return [{ severity: "info", code: "slice-thickness-varies", message, files }];
  }
  const step = `thickness ${mm(least)}, spacing ${mm(usualStepMm)}`;
  if (least > usualStepMm + THICKNESS_TOLERANCE_MM) {
    const message = `slices overlap: ${step}`;
    return [{ severity: "info", code: "slices-overlap", message, files: sliceNames(headers.slice(0, 2)) }];
  }
  if (usualStepMm > most + THICKNESS_TOLERANCE_MM) {
    const message = `gaps between slices: ${step}`;
    return [{ severity: "info", code: "slices-apart", message, files: sliceNames(headers.slice(0, 2)) }];
  }
  return [];
}
