import type { SliceHeader } from "./slice.js";

/** What images are for, by what they say of themselves. */
export type SeriesRole = "stack" | "localizer" | "secondary-capture";

/** Images that may make one volume: same series, same plane, same size. Not ordered, and not yet known to be faithful. */
export interface SeriesGroup {
  readonly role: SeriesRole;
  readonly headers: readonly SliceHeader[];
}

/** Cosines and relative spacings that differ by less are the same, written with other roundings. */
const SAME_GEOMETRY = 1e-4;
/** Secondary Capture and its multi-frame kin (PS3.4 B.5). */
const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

/**
 * Groups images by study, series, frame of reference, frames, size, role, orientation and pixel spacing. Empty UIDs are
 * values like others: images without a Series UID are held together by the rest, and nothing is ever taken for a
 * duplicate because its UID is. Order: largest groups first, then as the headers came.
 */
export function groupSeries(headers: readonly SliceHeader[]): SeriesGroup[] {
  const candidates = new Map<string, SliceHeader[][]>();
  const groups: SliceHeader[][] = [];
  for (const header of headers) {
    const key = keyOf(header);
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
  const order = (role: SeriesRole) => (role === "stack" ? 0 : 1);
  return groups
    .map((members) => ({ role: roleOf(members[0]), headers: members }))
    .sort((a, b) => order(a.role) - order(b.role) || b.headers.length - a.headers.length);
}

function keyOf(header: SliceHeader): string {
  const { studyInstanceUid, seriesInstanceUid, frameOfReferenceUid, modality, rows, columns } = header;
  // A multi-frame image is a volume of its own.
  const own = header.numberOfFrames > 1 ? header.source.name : "";
  return JSON.stringify([
    studyInstanceUid ?? "",
    seriesInstanceUid ?? "",
    frameOfReferenceUid ?? "",
    modality ?? "",
    rows,
    columns,
    roleOf(header),
    own,
  ]);
}

/** LOCALIZER is value 3 of a CT's Image Type (PS3.3 C.8.2.1.1.1); some writers put it elsewhere. */
function roleOf(header: SliceHeader): SeriesRole {
  if (header.imageType.includes("LOCALIZER")) return "localizer";
  if (header.sopClassUid === SECONDARY_CAPTURE || header.sopClassUid?.startsWith(`${SECONDARY_CAPTURE}.`)) {
    return "secondary-capture";
  }
  return "stack";
}

function sharePlane(a: SliceHeader, b: SliceHeader): boolean {
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
