import { HounsfieldError } from "../core/errors.js";
import type { Diagnostic, SliceHeader } from "./slice.js";

/** HU = stored * slope + intercept (PS3.3 C.11.1.1.2). The same shape as the decoder's Rescale. */
export interface SliceRescale {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Slope and intercept of one slice; an absent one is 1 or 0, which rescaleDiagnostics reports.
 * @throws HounsfieldError `unsupported-image` for a Modality LUT in its place; `malformed-dicom` for a slope of 0
 */
export function rescaleOf(header: SliceHeader): SliceRescale {
  const { rescaleSlope, rescaleIntercept, hasModalityLut, source } = header;
  if (hasModalityLut && rescaleSlope === undefined) {
    const message = `${source.name}: has a Modality LUT instead of slope and intercept, which is not supported yet`;
    throw new HounsfieldError("unsupported-image", message, { file: source.name, tag: "(0028,3000)" });
  }
  if (rescaleSlope === 0) {
    const message = `${source.name}: has a Rescale Slope of 0, which makes all values equal`;
    throw new HounsfieldError("malformed-dicom", message, { file: source.name, tag: "(0028,1053)", got: 0 });
  }
  return { slope: rescaleSlope ?? 1, intercept: rescaleIntercept ?? 0 };
}

/** What a person should know of a series' units: rescale missing, varying or not to HU. */
export function rescaleDiagnostics(headers: readonly SliceHeader[]): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const missing = headers.filter(
    (header) => header.rescaleSlope === undefined || header.rescaleIntercept === undefined,
  );
  if (missing.length > 0) {
    const message = `Rescale Slope or Intercept is missing in ${missing.length} of ${headers.length} slices; slope 1 and intercept 0 are taken, so values may not be HU`;
    diagnostics.push({ severity: "warning", code: "rescale-missing", message, files: namesOf(missing) });
  }
  const pairs = new Set(headers.map((header) => `${header.rescaleSlope} ${header.rescaleIntercept}`));
  if (pairs.size > 1) {
    const message = `slope and intercept vary from slice to slice (${pairs.size} pairs); each slice uses its own`;
    diagnostics.push({ severity: "info", code: "rescale-varies", message });
  }
  const others = headers.filter((header) => header.rescaleType !== undefined && header.rescaleType !== "HU");
  if (others.length > 0) {
    const message = `values are in ${others[0].rescaleType}, not in HU, in ${others.length} of ${headers.length} slices`;
    diagnostics.push({ severity: "warning", code: "rescale-type", message, files: namesOf(others) });
  }
  return diagnostics;
}

function namesOf(headers: readonly SliceHeader[]): string[] {
  return headers.slice(0, 5).map((header) => header.source.name);
}
