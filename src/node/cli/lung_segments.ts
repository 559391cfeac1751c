import type { NrrdSegment } from "../../formats/nrrd/nrrd_header.js";

/**
 * Labels of the lung mask, for formats that name their segments (colors of 3D Slicer's table: right and left
 * lung, airway).
 */
export const lungSegments: readonly NrrdSegment[] = [
  { name: "right lung", label: 1, color: [0.67, 0.85, 1] },
  { name: "left lung", label: 2, color: [0.77, 0.65, 0.98] },
  { name: "airways", label: 3, color: [0.71, 0.89, 1] },
];
