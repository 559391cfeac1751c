import type { Diagnostic } from "../../core/diagnostic.js";
import { minus, norm } from "../../core/vec3.js";
import type { SliceHeader } from "../image/slice_header.js";
import { mm, sliceNames } from "../image/slice_labels.js";
import type { PlacedSlice } from "./sort_slices.js";

export interface LocationVerdict {
  /** Slice Location orders the slices as their positions do. */
  readonly agrees: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Slice Location may be given with one decimal where positions have more; what differs by more is another
 * quantity (an index, a position of the table that is not the patient's).
 */
const LOCATION_TOLERANCE_MM = 0.1 + 1e-6;

/**
 * Holds Slice Location (PS3.3 C.7.6.2.1.2: relative, of free origin and sign) against positions, which
 * ascend. It agrees where it moves by as much as the positions do, along their normal or, under a tilted
 * gantry, along the table.
 */
export function judgeLocations(upward: readonly PlacedSlice[]): LocationVerdict {
  const headers = upward.map((slice) => slice.header);
  const without = headers.filter((header) => header.sliceLocation === undefined);
  if (without.length > 0) {
    const how =
      without.length === headers.length ? "every slice" : `${without.length} of ${headers.length} slices`;
    return undecided("info", "slice-location-missing", `Slice Location is missing in ${how}`, without);
  }
  const repeated = repeatedLocations(headers);
  if (repeated.length > 0) {
    const what = `Slice Location is the same in several slices, ${repeated.length} of ${headers.length}`;
    return undecided("warning", "slice-location-repeated", what, repeated);
  }
  const strays = straysOf(upward, 1);
  if (strays.length === 0) return { agrees: true, diagnostics: offset(upward) };
  if (straysOf(upward, -1).length === 0) {
    const what = `Slice Location grows against the normal of the slices, from ${headers.at(-1)!.sliceLocation} to ${headers[0].sliceLocation}`;
    return undecided("warning", "slice-location-reversed", what, [headers[0], headers.at(-1)!]);
  }
  const what = `Slice Location does not run with Image Position in ${strays.length} of ${headers.length} slices`;
  return undecided("warning", "slice-location-disagrees", what, strays);
}

function repeatedLocations(headers: readonly SliceHeader[]): SliceHeader[] {
  const counts = new Map<number | undefined, number>();
  for (const { sliceLocation } of headers) counts.set(sliceLocation, (counts.get(sliceLocation) ?? 0) + 1);
  return headers.filter(({ sliceLocation }) => counts.get(sliceLocation)! > 1);
}

/** Slices whose location does not move from the first one's as their position does, in `direction`. */
function straysOf(upward: readonly PlacedSlice[], direction: 1 | -1): SliceHeader[] {
  const [first] = upward;
  const location = (slice: PlacedSlice) => direction * slice.header.sliceLocation!;
  const strays = upward.filter((slice, k) => {
    if (k === 0) return false;
    const moved = location(slice) - location(first);
    const along = slice.alongMm - first.alongMm;
    const traveled = norm(minus(slice.positionMm!, first.positionMm!));
    const ascends = location(slice) > location(upward[k - 1]);
    const off = Math.min(Math.abs(moved - along), Math.abs(moved - traveled));
    return !ascends || off > LOCATION_TOLERANCE_MM;
  });
  return strays.map((slice) => slice.header);
}

/**
 * A constant difference is allowed, but who compares locations with positions in other images must know it.
 */
function offset(upward: readonly PlacedSlice[]): Diagnostic[] {
  const [first] = upward;
  const differences = upward.map((slice) => slice.header.sliceLocation! - slice.alongMm);
  const [difference] = differences;
  // Under a tilted gantry it is of the table and not of the normal.
  const isConstant = differences.every((one) => Math.abs(one - difference) <= LOCATION_TOLERANCE_MM);
  if (!isConstant || Math.abs(difference) <= LOCATION_TOLERANCE_MM || upward.length === 1) return [];
  const message = `Slice Location is Image Position along the normal plus ${mm(difference)}`;
  const files = sliceNames([first.header]);
  return [{ severity: "info", code: "slice-location-offset", message, files }];
}

function undecided(
  severity: Diagnostic["severity"],
  code: string,
  what: string,
  headers: readonly SliceHeader[],
): LocationVerdict {
  const message = `${what}; slices are ordered by Image Position along their normal`;
  return { agrees: false, diagnostics: [{ severity, code, message, files: sliceNames(headers) }] };
}
