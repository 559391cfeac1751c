import type { Diagnostic } from "../../core/diagnostic.js";
import { unitsOf, usesModalityLut } from "./rescale.js";
import type { SliceHeader } from "./slice_header.js";
import { sliceNames } from "./slice_labels.js";

/**
 * What a person should know of a series' units: rescale missing, varying or not to HU, a table in its place.
 */
export function rescaleDiagnostics(headers: readonly SliceHeader[]): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report = (severity: Diagnostic["severity"], code: string, message: string, of: typeof headers) => {
    if (of.length > 0) diagnostics.push({ severity, code, message, files: sliceNames(of) });
  };
  const tables = headers.filter(usesModalityLut);
  const count = (of: typeof headers) => `${of.length} of ${headers.length} slices`;
  report("info", "modality-lut", `a Modality LUT gives the values of ${count(tables)}`, tables);
  const both = headers.filter((header) => header.modalityLut && header.rescaleSlope !== undefined);
  const ignored = `slope and intercept hold, and a Modality LUT is ignored, in ${count(both)}`;
  report("warning", "modality-lut-ignored", ignored, both);
  const missing = headers.filter(
    (header) =>
      !usesModalityLut(header) &&
      (header.rescaleSlope === undefined || header.rescaleIntercept === undefined),
  );
  const assumed = `Rescale Slope or Intercept is missing in ${count(missing)}; slope 1 and intercept 0 are taken, so values may not be HU`;
  report("warning", "rescale-missing", assumed, missing);
  const pairs = new Set(headers.map((header) => `${header.rescaleSlope} ${header.rescaleIntercept}`));
  if (pairs.size > 1) {
    const message = `slope and intercept vary from slice to slice (${pairs.size} pairs); each slice uses its own`;
    // Scanners write one pair for all slices of a CT, and one a slice for PET.
    const severity = headers.some(({ modality }) => modality === "CT") ? "warning" : "info";
    diagnostics.push({ severity, code: "rescale-varies", message });
  }
  const signed = headers.filter(({ pixelRepresentation }) => pixelRepresentation === 1);
  if (signed.length < headers.length) {
    const message = `stored values have a sign in ${count(signed)} and none in the others; each slice is read as it says`;
    report("warning", "sign-varies", message, signed);
  }
  const layouts = new Set(headers.map(({ bitsStored, highBit }) => `${bitsStored} ${highBit}`));
  if (layouts.size > 1) {
    const message = `Bits Stored or High Bit vary from slice to slice (${layouts.size} pairs); each slice is read as it says`;
    diagnostics.push({ severity: "warning", code: "bits-vary", message });
  }
  const others = headers.filter((header) => !["HU", "unspecified"].includes(unitsOf(header)));
  if (others.length > 0) {
    const message = `values are in ${unitsOf(others[0])}, not in HU, in ${count(others)}`;
    report("warning", "rescale-type", message, others);
  }
  const { modality } = headers[0];
  if (missing.length === 0 && modality !== "CT" && unitsOf(headers[0]) === "unspecified") {
    report(
      "warning",
      "units-unspecified",
      `values of ${modality ?? "no modality"} are in no stated unit`,
      headers,
    );
  }
  return diagnostics;
}
