import { HounsfieldError } from "../core/errors.js";
import type { Vec3 } from "../core/grid.js";
import type { Plane } from "./plane.js";
import type { Diagnostic, SliceHeader } from "./slice.js";
import { dot, times } from "./vector.js";

export type Ordering = "slice-location" | "image-position";

/** One slice on the axis it is ordered along. */
export interface PlacedSlice {
  readonly header: SliceHeader;
  /** Center of its first pixel; undefined where only Slice Location is known. */
  readonly positionMm?: Vec3;
  /** Distance along `axis` from the patient's origin, in mm: grows with the index. */
  readonly alongMm: number;
}

export interface OrderedSlices {
  /** Ascending. */
  readonly slices: readonly PlacedSlice[];
  /** Unit vector of the growing index: the plane's normal, or its opposite. */
  readonly axis: Vec3;
  readonly ordering: Ordering;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Slice Location may be given with one decimal where positions have more; what differs by more is another quantity
 * (table position, an index, the vertical under a tilted gantry).
 */
const LOCATION_TOLERANCE_MM = 0.1 + 1e-6;
/** Files that a diagnostic names; the rest are counted. */
const NAMED_FILES = 5;

/**
 * Orders slices of one plane. Slice Location (PS3.3 C.7.6.2.1.2, of free origin and sign) decides where every slice has
 * one, no two are equal and it runs with Image Position, in either direction; else the position along the normal
 * (C.7.6.2.1.1) does; names and Instance Numbers never do.
 * @throws HounsfieldError `unfaithful-geometry` where there are neither positions nor distinct locations
 */
export function orderAlongNormal(headers: readonly SliceHeader[], plane: Plane): OrderedSlices {
  const placed = headers.filter((header) => header.imagePositionPatient !== undefined);
  if (placed.length === headers.length) return orderByPosition(headers, plane);
  if (haveDistinctLocations(headers)) return orderWithoutPositions(headers, plane, placed.length);
  const missing = headers.find((header) => header.imagePositionPatient === undefined)!;
  const count = headers.length - placed.length;
  const message = `${missing.source.name}: no Image Position (nor have ${count - 1} other slices) and no distinct Slice Locations to order by`;
  const fields = { file: missing.source.name, tag: "(0020,0032)", got: count, accepted: 0 };
  throw new HounsfieldError("unfaithful-geometry", message, fields);
}

function orderByPosition(headers: readonly SliceHeader[], plane: Plane): OrderedSlices {
  const upward = headers
    .map((header) => ({
      header,
      positionMm: header.imagePositionPatient!,
      alongMm: dot(header.imagePositionPatient!, plane.normal),
    }))
    .sort((a, b) => a.alongMm - b.alongMm);
  const location = compareLocations(upward);
  if (location.direction !== -1) {
    const ordering = location.direction === 1 ? "slice-location" : "image-position";
    return { slices: upward, axis: plane.normal, ordering, diagnostics: location.diagnostics };
  }
  const slices = upward.map((slice) => ({ ...slice, alongMm: -slice.alongMm })).reverse();
  return {
    slices,
    axis: times(plane.normal, -1),
    ordering: "slice-location",
    diagnostics: location.diagnostics,
  };
}

interface LocationVerdict {
  /** 1 with the positions, -1 against them, 0: it does not decide. */
  readonly direction: 1 | -1 | 0;
  readonly diagnostics: readonly Diagnostic[];
}

/** Holds Slice Location against positions, which ascend. */
function compareLocations(upward: readonly PlacedSlice[]): LocationVerdict {
  const headers = upward.map((slice) => slice.header);
  const without = headers.filter((header) => header.sliceLocation === undefined);
  if (without.length > 0) {
    const how =
      without.length === headers.length ? "every slice" : `${without.length} of ${headers.length} slices`;
    return undecided("info", "slice-location-missing", `Slice Location is missing in ${how}`, without);
  }
  const direction = headers.at(-1)!.sliceLocation! < headers[0].sliceLocation! ? -1 : 1;
  const strays = upward.filter((slice, k) => {
    const moved = direction * (slice.header.sliceLocation! - headers[0].sliceLocation!);
    const ascends = k === 0 || direction * (slice.header.sliceLocation! - headers[k - 1].sliceLocation!) > 0;
    return !ascends || Math.abs(moved - (slice.alongMm - upward[0].alongMm)) > LOCATION_TOLERANCE_MM;
  });
  if (strays.length > 0) {
    const what = `Slice Location does not run with Image Position in ${strays.length} of ${headers.length} slices`;
    return undecided(
      "warning",
      "slice-location-disagrees",
      what,
      strays.map((slice) => slice.header),
    );
  }
  if (direction === 1) return { direction, diagnostics: [] };
  const message =
    "Slice Location grows against the normal of the slices; the volume follows it, and its z direction points the other way";
  return { direction, diagnostics: [{ severity: "warning", code: "slice-location-reversed", message }] };
}

function undecided(
  severity: Diagnostic["severity"],
  code: string,
  what: string,
  headers: readonly SliceHeader[],
): LocationVerdict {
  const files = headers.slice(0, NAMED_FILES).map((header) => header.source.name);
  const message = `${what}; slices are ordered by Image Position along their normal`;
  return { direction: 0, diagnostics: [{ severity, code, message, files }] };
}

function haveDistinctLocations(headers: readonly SliceHeader[]): boolean {
  const locations = new Set(headers.map((header) => header.sliceLocation));
  return locations.size === headers.length && !locations.has(undefined);
}

function orderWithoutPositions(headers: readonly SliceHeader[], plane: Plane, placed: number): OrderedSlices {
  const slices = headers
    .map((header) => ({ header, alongMm: header.sliceLocation! }))
    .sort((a, b) => a.alongMm - b.alongMm);
  const which = placed === 0 ? "every slice" : `${headers.length - placed} of ${headers.length} slices`;
  const message = `Image Position is missing in ${which}; Slice Location alone orders and places them, the position in the plane is unknown and set to 0`;
  const files = headers
    .filter((header) => header.imagePositionPatient === undefined)
    .slice(0, NAMED_FILES)
    .map((header) => header.source.name);
  const diagnostic: Diagnostic = { severity: "warning", code: "image-position-missing", message, files };
  return { slices, axis: plane.normal, ordering: "slice-location", diagnostics: [diagnostic] };
}
