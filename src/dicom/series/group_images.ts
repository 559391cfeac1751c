import type { Diagnostic } from "../../core/diagnostic.js";
import type { HounsfieldError } from "../../core/errors.js";
import { checkHeaders } from "../image/check_header.js";
import { unitsOf } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";
import { classifyImage, type ImageClass, type SeriesRole } from "./series_role.js";

/**
 * Images that may make one volume: same series, same plane, same size. Not ordered, and not yet known to be
 * faithful.
 */
export interface SeriesGroup {
  readonly role: SeriesRole;
  /** Why they are set aside; absent for stacks. */
  readonly setAside?: string;
  readonly headers: readonly SliceHeader[];
  /** What tells it from other volumes of its series, such as "acquisition number 2". */
  readonly part?: string;
  readonly diagnostics?: readonly Diagnostic[];
  /** Why no volume may be made of it, whatever its geometry. */
  readonly refusal?: HounsfieldError;
}

/** Cosines and relative spacings that differ by less are the same, written with other roundings. */
const SAME_GEOMETRY = 1e-4;

/**
 * Groups images by study, series, frame of reference, modality, size, image type, multi-frame image, stack,
 * units, whether there is a position, orientation and pixel spacing. Empty UIDs are values like others:
 * images without a Series UID are held together by the rest, with series number and description in its place,
 * and nothing is ever taken for a duplicate because its UID is. Order: stacks before others, largest groups
 * first, then as the headers came.
 */
export function groupSeries(headers: readonly SliceHeader[]): SeriesGroup[] {
  checkHeaders("groupSeries", headers);
  const candidates = new Map<string, SliceHeader[][]>();
  const groups: SliceHeader[][] = [];
  for (const header of headers) {
    const key = keyOf(header, classifyImage(header));
    const alike = candidates.get(key) ?? [];
    candidates.set(key, alike);
    const group = alike.find(([first]) => sharePlane(first, header));
    if (group) group.push(header);
    else {
      const started = [header];
      alike.push(started);
      groups.push(started);
    }
  }
  const all = groups.map((members): SeriesGroup => {
    const { role, reason } = classifyImage(members[0]);
    return { role, setAside: reason, headers: members };
  });
  return sortedGroups(all);
}

/** Stacks before others, larger before smaller, else as they are. */
export function sortedGroups(groups: readonly SeriesGroup[]): SeriesGroup[] {
  const order = (role: SeriesRole) => (role === "stack" ? 0 : 1);
  return [...groups].sort((a, b) => order(a.role) - order(b.role) || b.headers.length - a.headers.length);
}

function keyOf(header: SliceHeader, { role }: ImageClass): string {
  const { studyInstanceUid, seriesInstanceUid, frameOfReferenceUid, modality, rows, columns } = header;
  return JSON.stringify([
    studyInstanceUid ?? "",
    seriesInstanceUid ?? [header.seriesNumber, header.seriesDescription],
    frameOfReferenceUid ?? "",
    modality ?? "",
    rows,
    columns,
    role,
    // What pixels are, how they came to be, which plane (PS3.3 C.7.6.1.1.2); what follows are a vendor's
    // notes.
    header.imageType.slice(0, 3),
    // A multi-frame image is a volume of its own, unless it is cut into several files (PS3.3 C.7.6.16.2.2.4).
    header.numberOfFrames > 1 ? (header.concatenationUid ?? header.source.name) : "",
    header.stackId ?? "",
    // What has no position cannot be put among what has: its Slice Location is of free origin.
    header.imagePositionPatient !== undefined,
    // One slice without its rescale among others that have it would be 1024 HU off.
    unitsOf(header),
  ]);
}

/** Whether two images lie in one plane, or parallel ones, with pixels of one size. */
export function sharePlane(a: SliceHeader, b: SliceHeader): boolean {
  return (
    near(a.imageOrientationPatient, b.imageOrientationPatient, () => SAME_GEOMETRY) &&
    near(a.pixelSpacing, b.pixelSpacing, (value) => SAME_GEOMETRY * Math.abs(value))
  );
}

function near(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
  tolerance: (value: number) => number,
): boolean {
  if (!a || !b) return a === b;
  return a.every((value, i) => Math.abs(value - b[i]) <= tolerance(value));
}
