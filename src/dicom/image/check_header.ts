import { sourceRule } from "../../core/byte_source.js";
import { checkArgument, type Rule } from "../../core/options.js";
import { listOf } from "../../core/rules.js";
import type { ImageHeader } from "./slice_header.js";

/** By what all that take a header use of it. */
const headerRule: Rule = (value) => {
  const { source, pixelData, rows, columns } = (value ?? {}) as Partial<ImageHeader>;
  const fits = sourceRule(source) === undefined && typeof pixelData === "object" && rows && columns;
  return fits ? undefined : "a header, as parseSlice resolves to";
};

/** @throws HounsfieldError `invalid-option` for what is not a header of an image */
export function checkHeader(of: string, header: ImageHeader): void {
  checkArgument(of, "header", header, headerRule);
}

/** @throws HounsfieldError `invalid-option` for what are not headers of images */
export function checkHeaders(of: string, headers: readonly ImageHeader[]): void {
  checkArgument(of, "headers", headers, listOf(headerRule, "headers, as parseSlices resolves to"));
}
