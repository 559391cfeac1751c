import type { SliceHeader } from "../image/slice_header.js";

/**
 * Whether no image says where it lies: none has an Image Position, or all have one of three zeros and no
 * Slice Locations that differ, as some de-identifiers leave them.
 */
export function areWithoutPlace(headers: readonly SliceHeader[]): boolean {
  if (headers.every((header) => header.imagePositionPatient === undefined)) return true;
  const areZeros = headers.every((header) => header.imagePositionPatient?.every((mm) => mm === 0));
  return areZeros && new Set(headers.map((header) => header.sliceLocation)).size === 1;
}

/**
 * The same of several images that Instance Numbers tell apart, and that Slice Locations do not: they are
 * slices whose places are lost, and no images of one place.
 */
export function haveLostTheirPlaces(headers: readonly SliceHeader[]): boolean {
  const numbers = new Set(headers.map((header) => header.instanceNumber));
  const locations = new Set(headers.map((header) => header.sliceLocation));
  return numbers.size === headers.length && locations.size === 1 && areWithoutPlace(headers);
}
