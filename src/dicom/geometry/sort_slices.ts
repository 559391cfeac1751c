import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Vec3 } from "../../core/grid.js";
import { dot } from "../../core/vec3.js";
import type { SliceHeader } from "../image/slice_header.js";
import { sliceName, sliceNames } from "../image/slice_labels.js";
import type { ImagePlane } from "./image_plane.js";
import { judgeLocations } from "./slice_location.js";

/** What decided the order of a series' slices. */
export type Ordering = "slice-location" | "image-position";

/** One slice on the axis it is ordered along. */
export interface PlacedSlice {
  readonly header: SliceHeader;
  /** Center of its first pixel; undefined where only Slice Location is known. */
  readonly positionMm?: Vec3;
  /** Distance along the normal from the patient's origin, in mm: grows with the index. */
  readonly alongMm: number;
}

export interface OrderedSlices {
  /** Ascending. */
  readonly slices: readonly PlacedSlice[];
  /** What decided; where both agree, it is Slice Location. */
  readonly ordering: Ordering;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Orders slices of one plane along its normal. Slice Location (PS3.3 C.7.6.2.1.2, of free origin and sign)
 * decides where every slice has one, no two are equal and it grows with Image Position; else the position
 * along the normal (C.7.6.2.1.1) does, and the disagreement is said. Names and Instance Numbers never decide.
 * Where no slice has a position, distinct Slice Locations order and place them.
 * @throws HounsfieldError `unfaithful-geometry` where there are neither positions of all nor distinct
 * locations
 */
export function sortAlongNormal(headers: readonly SliceHeader[], plane: ImagePlane): OrderedSlices {
  const placed = headers.filter((header) => header.imagePositionPatient !== undefined);
  if (placed.length === headers.length) return orderByPosition(headers, plane);
  if (placed.length === 0 && haveDistinctLocations(headers)) return orderWithoutPositions(headers);
  const missing = headers.find((header) => header.imagePositionPatient === undefined)!;
  const count = headers.length - placed.length;
  const name = sliceName(missing);
  const others = count > 1 ? ` (nor have ${count - 1} other slices)` : "";
  const message = `${name}: no Image Position${others} and no distinct Slice Locations to order by`;
  const fields = { file: missing.source.name, tag: "(0020,0032)", got: count, accepted: 0 };
  throw new HounsfieldError("unfaithful-geometry", message, fields);
}

function orderByPosition(headers: readonly SliceHeader[], plane: ImagePlane): OrderedSlices {
  const slices = headers
    .map((header) => {
      const positionMm = header.imagePositionPatient!;
      return { header, positionMm, alongMm: dot(positionMm, plane.normal) };
    })
    .sort((a, b) => a.alongMm - b.alongMm);
  const { agrees, diagnostics } = judgeLocations(slices);
  return { slices, ordering: agrees ? "slice-location" : "image-position", diagnostics };
}

function haveDistinctLocations(headers: readonly SliceHeader[]): boolean {
  const locations = new Set(headers.map((header) => header.sliceLocation));
  return locations.size === headers.length && !locations.has(undefined);
}

function orderWithoutPositions(headers: readonly SliceHeader[]): OrderedSlices {
  const slices = headers
    .map((header) => ({ header, alongMm: header.sliceLocation! }))
    .sort((a, b) => a.alongMm - b.alongMm);
  const message =
    "Image Position is missing in every slice; Slice Location alone orders and places them, the position in the plane is unknown and set to 0";
  const files = sliceNames(headers);
  const diagnostic: Diagnostic = { severity: "warning", code: "image-position-missing", message, files };
  return { slices, ordering: "slice-location", diagnostics: [diagnostic] };
}
