import { isHounsfieldError } from "../../core/errors.js";
import { dot } from "../../core/vec3.js";
import { commonPlaneOf, type ImagePlane, inPlaneAxes } from "../geometry/image_plane.js";
import { isEven, SIDEWAYS_TOLERANCE_PIXELS, stepToleranceMm, usualStepOf } from "../geometry/tolerance.js";
import type { SliceHeader } from "../image/slice_header.js";

/** Images that lie at one distance along the normal, in the order in which they were given. */
export type SlicePosition = readonly SliceHeader[];

/**
 * Distance of an image along the normal from the patient's origin; its Slice Location where it has no
 * position.
 */
export function alongNormalMm(header: SliceHeader, plane: ImagePlane): number {
  const { imagePositionPatient, sliceLocation } = header;
  return imagePositionPatient ? dot(imagePositionPatient, plane.normal) : (sliceLocation ?? Number.NaN);
}

/**
 * Puts images where they lie along the normal of their plane, ascending; images of one place lie within the
 * tolerance of a step. Undefined where one of them has neither position nor location, or only some have
 * positions.
 */
export function groupByPosition(
  headers: readonly SliceHeader[],
  plane: ImagePlane,
): SlicePosition[] | undefined {
  const withPosition = headers.filter((header) => header.imagePositionPatient !== undefined);
  if (withPosition.length > 0 && withPosition.length < headers.length) return undefined;
  const placed = headers.map((header) => ({ header, mm: alongNormalMm(header, plane) }));
  if (placed.some(({ mm }) => Number.isNaN(mm))) return undefined;
  placed.sort((a, b) => a.mm - b.mm);
  const steps = placed.slice(1).map(({ mm }, k) => mm - placed[k].mm);
  const toleranceMm = stepToleranceMm(usualStepOf(steps));
  const places: SliceHeader[][] = [];
  placed.forEach(({ header }, k) => {
    if (k > 0 && steps[k - 1] <= toleranceMm) places[places.length - 1].push(header);
    else places.push([header]);
  });
  // Within a place: as given, whatever the last digits of their positions say.
  const rank = new Map(headers.map((header, i) => [header, i]));
  return places.map((place) => place.sort((a, b) => rank.get(a)! - rank.get(b)!));
}

/** The most images that lie at one place. */
export function mostAtOnePosition(places: readonly SlicePosition[]): number {
  return places.reduce((most, place) => Math.max(most, place.length), 0);
}

/**
 * Whether images have nothing to be split by: at most one at each position, in even steps, or no positions at
 * all.
 */
export function isOneEvenStack(headers: readonly SliceHeader[]): boolean {
  const plane = planeOrNone(headers);
  const places = plane && groupByPosition(headers, plane);
  if (!places) return true;
  return mostAtOnePosition(places) === 1 && isEven(places.map(([header]) => alongNormalMm(header, plane)));
}

/** Without a plane there are no positions; orderSlices says why. */
export function planeOrNone(headers: readonly SliceHeader[]): ImagePlane | undefined {
  try {
    return commonPlaneOf(headers);
  } catch (error) {
    if (isHounsfieldError(error)) return undefined;
    throw error;
  }
}

/** Whether two images of one place also begin at one point of their plane, within a tenth of a pixel. */
export function havePositionInCommon(a: SliceHeader, b: SliceHeader, plane: ImagePlane): boolean {
  if (!a.imagePositionPatient || !b.imagePositionPatient) return true;
  const [x, y] = inPlaneAxes(plane, a.imagePositionPatient, b.imagePositionPatient);
  return Math.hypot(x, y) <= SIDEWAYS_TOLERANCE_PIXELS * Math.min(...plane.spacingMm);
}
