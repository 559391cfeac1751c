import { unitsOf } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";
import type { SeriesRole } from "./series_role.js";

/**
 * Cosines, and pixel spacings as shares, that differ by less are one plane's, computed anew for each slice.
 */
const SAME_ORIENTATION = 5e-4;
const SAME_PIXEL_SPACING = 1e-3;
/** What groupSeries takes for equal is not worth a word. */
const SAME_WRITING = 1e-4;
/** Slice Thickness is often rounded to a tenth of a millimeter. */
const SAME_THICKNESS_MM = 0.05;

/**
 * All that images of one torn stack have in common: everything that groupSeries asks for but identifiers and
 * the plane.
 */
export function commonKey(header: SliceHeader, role: SeriesRole, studyInstanceUid: string): string {
  const { modality, rows, columns, imageType, stackId, seriesNumber, seriesDescription } = header;
  const hasPosition = header.imagePositionPatient !== undefined;
  return JSON.stringify([
    ...[studyInstanceUid, modality, rows, columns, role, imageType.slice(0, 3), stackId],
    ...[seriesNumber, seriesDescription, hasPosition, unitsOf(header)],
  ]);
}

/** Six cosines that are missing or all 0 state no orientation. */
export function hasOrientation({ imageOrientationPatient: cosines }: SliceHeader): boolean {
  return cosines?.some((cosine) => cosine !== 0) ?? false;
}

/** Whether two images lie in one plane, or parallel ones, but for jitter. */
export function areParallel(a: SliceHeader, b: SliceHeader): boolean {
  const { orientation, pixelSpacing } = jitterOf([a, b]);
  return orientation <= SAME_ORIENTATION && pixelSpacing <= SAME_PIXEL_SPACING;
}

/** By how much cosines differ from the first one's, and pixel spacings as a share of it. */
function jitterOf([first, ...others]: readonly SliceHeader[]) {
  const most = (of: (header: SliceHeader) => readonly number[] | undefined, share: boolean) => {
    const reference = of(first);
    const differences = others.flatMap((header) => {
      const values = of(header);
      if (!values || !reference) return values === reference ? [] : [Number.POSITIVE_INFINITY];
      return values.map((value, i) => Math.abs(value - reference[i]) / (share ? Math.abs(reference[i]) : 1));
    });
    return differences.reduce((largest, one) => Math.max(largest, one), 0);
  };
  return {
    orientation: most(
      (header) => (hasOrientation(header) ? header.imageOrientationPatient : undefined),
      false,
    ),
    pixelSpacing: most((header) => header.pixelSpacing, true),
  };
}

/**
 * Attributes that are the same throughout one stack, however its headers were torn (PS3.3 C.8.2.1,
 * C.7.6.16.2.2, C.8.13.5).
 */
const CONSTANTS: readonly ((header: SliceHeader) => unknown)[] = [
  (header) => header.temporalPosition,
  (header) => header.dimensionIndex,
  (header) => header.cardiacPhasePercent,
  (header) => header.imageType.join("\\"),
  (header) => header.convolutionKernel,
  (header) => header.kvp,
  (header) => header.echoTimeMs,
  (header) => header.diffusionBValue,
  (header) => header.rescaleType,
];

/**
 * Whether images by ascending position are told apart by how they were made: a reconstruction, a tube
 * voltage, a time; or by Acquisition Numbers that take turns. Acquisitions that follow each other are one
 * stack.
 */
export function areOfSeveralStacks(ascending: readonly SliceHeader[]): boolean {
  const [first] = ascending;
  if (CONSTANTS.some((of) => ascending.some((header) => of(header) !== of(first)))) return true;
  const thicknesses = ascending.map((header) => header.sliceThickness ?? 0);
  if (Math.max(...thicknesses) - Math.min(...thicknesses) > SAME_THICKNESS_MM) return true;
  const numbers = ascending.map((header) => header.acquisitionNumber);
  const runs = numbers.filter((number, k) => k === 0 || number !== numbers[k - 1]).length;
  return runs > new Set(numbers).size;
}

/** What tears the images apart, as a person would say it. */
export function differencesOf(headers: readonly SliceHeader[]): string {
  const { orientation, pixelSpacing } = jitterOf(headers.filter(hasOrientation));
  const parts = [
    ...(orientation > SAME_WRITING ? [`Image Orientation by up to ${orientation.toPrecision(1)}`] : []),
    ...(pixelSpacing > SAME_WRITING
      ? [`Pixel Spacing by up to ${Number((100 * pixelSpacing).toPrecision(2))} %`]
      : []),
    ...missing("Image Orientation", headers, hasOrientation),
    ...identifiers("Study Instance UID", headers, (header) => header.studyInstanceUid),
    ...identifiers("Series Instance UID", headers, (header) => header.seriesInstanceUid),
    ...identifiers("Frame of Reference UID", headers, (header) => header.frameOfReferenceUid),
  ];
  return parts.join(", ");
}

function missing(
  name: string,
  headers: readonly SliceHeader[],
  has: (header: SliceHeader) => boolean,
): string[] {
  const count = headers.filter((header) => !has(header)).length;
  return count === 0 || count === headers.length
    ? []
    : [`${name} is missing in ${count} of ${headers.length}`];
}

function identifiers(
  name: string,
  headers: readonly SliceHeader[],
  of: (header: SliceHeader) => string | undefined,
): string[] {
  const values = distinct(headers, of);
  const several = values.size > 1 ? [`${name} has ${values.size} values`] : [];
  return [...several, ...missing(name, headers, (header) => of(header) !== undefined)];
}

/** Values that are there. */
export function distinct<T>(
  headers: readonly SliceHeader[],
  of: (header: SliceHeader) => T | undefined,
): Set<T> {
  const values = new Set<T>();
  for (const header of headers) {
    const value = of(header);
    if (value !== undefined) values.add(value);
  }
  return values;
}
