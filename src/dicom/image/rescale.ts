import { HounsfieldError } from "../../core/errors.js";
import type { Rescale } from "../../core/frame.js";
import { checkHeader } from "./check_header.js";
import type { SliceHeader } from "./slice_header.js";
import { sliceName } from "./slice_labels.js";

/**
 * Slope and intercept of one slice; an absent one is 1 or 0, which rescaleDiagnostics reports. Where
 * `usesModalityLut` says so, a table stands in their place.
 * @throws HounsfieldError `malformed-dicom` for a slope of 0
 */
export function rescaleOf(header: SliceHeader): Rescale {
  checkHeader("rescaleOf", header);
  const { rescaleSlope, rescaleIntercept, source } = header;
  if (rescaleSlope === 0) {
    const message = `${sliceName(header)}: has a Rescale Slope of 0, which makes all values equal`;
    throw new HounsfieldError("malformed-dicom", message, { file: source.name, tag: "(0028,1053)", got: 0 });
  }
  return { slope: rescaleSlope ?? 1, intercept: rescaleIntercept ?? 0 };
}

/**
 * A Modality LUT and a rescale exclude each other (PS3.3 C.11.1); where both are there, the rescale holds.
 */
export function usesModalityLut(header: SliceHeader): boolean {
  return header.modalityLut !== undefined && header.rescaleSlope === undefined;
}

/**
 * What values are in: Rescale Type or Modality LUT Type; where neither is stated, a CT's are HU
 * (PS3.3 C.8.2.1.1.2).
 */
export function unitsOf(header: SliceHeader): string {
  const { rescaleType, modalityLut, modality, rescaleSlope, rescaleIntercept } = header;
  const stated = usesModalityLut(header) ? modalityLut?.type : rescaleType;
  if (stated !== undefined) return stated;
  const isRescaled = rescaleSlope !== undefined && rescaleIntercept !== undefined;
  return modality === "CT" && (isRescaled || usesModalityLut(header)) ? "HU" : "unspecified";
}

const SHARED = ["rescaleSlope", "rescaleIntercept", "pixelRepresentation", "bitsStored", "highBit"] as const;

/** Whether there is nothing to say of a series' values: one rescale to HU, sign and place of bits for all. */
export function isPlainlyRescaled(headers: readonly SliceHeader[]): boolean {
  const [first] = headers;
  return headers.every(
    (header) =>
      header.rescaleIntercept !== undefined &&
      header.modalityLut === undefined &&
      header.rescaleSlope !== undefined &&
      SHARED.every((field) => header[field] === first[field]) &&
      unitsOf(header) === "HU",
  );
}
