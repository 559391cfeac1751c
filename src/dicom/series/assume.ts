import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError, isHounsfieldError, type Repair } from "../../core/errors.js";
import { plus } from "../../core/vec3.js";
import { buildGrid } from "../geometry/build_grid.js";
import { normalOf } from "../image/frame_vectors.js";
import { rescaleDiagnostics } from "../image/rescale_diagnostics.js";
import type { SliceHeader } from "../image/slice_header.js";
import { mm, sliceNames } from "../image/slice_labels.js";
import type { SeriesGroup } from "./group_images.js";
import type { RefusedSeries } from "./list_series.js";
import { makeSeries } from "./make_series.js";
import { areWithoutPlace } from "./without_place.js";

/** One thing that the headers of a group do not say, and what is taken for it where that is allowed. */
interface Assumed {
  readonly of: Repair;
  readonly what: string;
  readonly headers: readonly SliceHeader[];
}

/** In this order: frames are placed along the normal that is assumed. */
const ASSUMPTIONS = [axialInPlaceOfZeros, framesBySpacing, slicesByNumber] as const;

/**
 * A group with what is allowed to be assumed in its headers, each said as a diagnostic of its name; the group
 * itself where there is nothing to assume.
 */
export function withAssumptions(group: SeriesGroup, allow: readonly Repair[]): SeriesGroup {
  let { headers } = group;
  const diagnostics: Diagnostic[] = [];
  for (const assumption of ASSUMPTIONS) {
    const assumed = assumption(headers);
    if (!assumed || !allow.includes(assumed.of)) continue;
    const message = `as allowed, ${assumed.what}`;
    diagnostics.push({ severity: "warning", code: assumed.of, message, files: sliceNames(headers) });
    headers = assumed.headers;
  }
  return diagnostics.length === 0
    ? group
    : { ...group, headers, diagnostics: [...(group.diagnostics ?? []), ...diagnostics] };
}

/**
 * A refusal that says what could be assumed, and what else would then have to be allowed; as it is where
 * nothing helps.
 */
export function offerAssumptions(
  group: SeriesGroup,
  refused: RefusedSeries,
  allow: readonly Repair[],
): RefusedSeries {
  const { refusal } = refused;
  if (group.refusal || !isHounsfieldError(refusal, "unfaithful-geometry") || refusal.fields.allow)
    return refused;
  const assumed = withAssumptions(group, ["assumed-orientation", "assumed-spacing"]);
  if (assumed === group) return refused;
  const said = assumed.diagnostics!.slice(group.diagnostics?.length ?? 0);
  const names = said.map(({ code }) => code as Repair);
  const next = makeSeries<never>({ ...assumed, headers: assumed.headers }, [...allow, ...names], {
    grid: buildGrid,
    rescale: rescaleDiagnostics,
  }).refusal;
  const rest = isHounsfieldError(next, "unfaithful-geometry") ? next.fields.allow : undefined;
  if (next && !rest) return refused;
  const could = said.map(({ message }) => message.replace("as allowed, ", "")).join("; and ");
  const then = next ? `; then: ${next.message}` : "";
  const message = `${refusal.message}; it could be assumed that ${could}${then}`;
  const fields = { ...refusal.fields, allow: [...names, ...(rest ?? [])] };
  return { ...refused, refusal: new HounsfieldError("unfaithful-geometry", message, fields) };
}

/**
 * All six cosines 0, as some de-identifiers and converters leave them: no orientation, though the attribute
 * is there.
 */
function axialInPlaceOfZeros(headers: readonly SliceHeader[]): Assumed | undefined {
  if (!headers.every(({ imageOrientationPatient: cosines }) => cosines?.every((cosine) => cosine === 0)))
    return;
  const what =
    "slices whose Image Orientation is all zeros are axial, rows to the left and columns to the back";
  const axial = [1, 0, 0, 0, 1, 0];
  return {
    of: "assumed-orientation",
    what,
    headers: headers.map((header) => ({ ...header, imageOrientationPatient: axial })),
  };
}

/**
 * Frames of one multi-frame image that nothing places lie one after the other along the normal, the first at
 * Image Position. Where Frame Increment Pointer names something else, such as time, only Spacing Between
 * Slices says that they are slices at all.
 */
function framesBySpacing(headers: readonly SliceHeader[]): Assumed | undefined {
  const [top] = headers;
  if (headers.length > 1 || top.numberOfFrames === 1 || top.frame !== undefined) return;
  const step = commonSpacing(headers, top.unplaced !== undefined);
  if (!step) return;
  const normal = normalOf(top.imageOrientationPatient);
  const frames = Array.from({ length: top.numberOfFrames }, (_, frame) => ({
    ...top,
    frame,
    imagePositionPatient: plus(top.imagePositionPatient ?? [0, 0, 0], normal, frame * step.mm),
    sliceLocation: undefined,
    unplaced: undefined,
  }));
  const from = top.imagePositionPatient ? "" : ", the first at 0, for there is no Image Position";
  const what = `${frames.length} frames lie in their order along the normal, ${mm(step.mm)} apart by ${step.name}${from}`;
  return { of: "assumed-spacing", what, headers: frames };
}

/**
 * Slices without any position, or all at 0 as some de-identifiers leave them, are in the order of their
 * Instance Numbers, or frames in theirs; a number left out is a gap.
 */
function slicesByNumber(headers: readonly SliceHeader[]): Assumed | undefined {
  if (headers.length < 2 || !areWithoutPlace(headers)) return;
  if (new Set(headers.map((header) => header.sliceLocation)).size === headers.length) return;
  const numberOf = ({ frame, instanceNumber }: SliceHeader) => frame ?? instanceNumber ?? Number.NaN;
  const numbers = headers.map(numberOf).sort((a, b) => a - b);
  const steps = numbers.slice(1).map((number, k) => number - numbers[k]);
  const step = commonSpacing(headers, false);
  if (!step || !steps.every((count) => count > 0)) return;
  const unit = Math.min(...steps);
  const normal = normalOf(headers[0].imageOrientationPatient);
  const placed = headers.map((header) => ({
    ...header,
    imagePositionPatient: plus([0, 0, 0], normal, ((numberOf(header) - numbers[0]) / unit) * step.mm),
    sliceLocation: undefined,
  }));
  const by = headers[0].frame === undefined ? "Instance Number" : "frame";
  const why = headers[0].imagePositionPatient ? "Image Position is 0 in all" : "there is no Image Position";
  const what = `${headers.length} slices lie along the normal by ${by}, ${mm(step.mm)} apart by ${step.name}, the first at 0, for ${why}`;
  return { of: "assumed-spacing", what, headers: placed };
}

/**
 * The Spacing Between Slices (PS3.3 C.7.6.2.1.1) that all have; where none has any, and unless only that
 * counts, their one Slice Thickness. Values that differ are no spacing.
 */
function commonSpacing(
  headers: readonly SliceHeader[],
  onlyBetweenSlices: boolean,
): { readonly mm: number; readonly name: string } | undefined {
  const lengths = (of: (header: SliceHeader) => number | undefined) =>
    [...new Set(headers.map(of))].map((length) => (length !== undefined && length > 0 ? length : undefined));
  const between = lengths((header) => header.spacingBetweenSlices);
  const isStated = between.some((length) => length !== undefined);
  if (!isStated && onlyBetweenSlices) return undefined;
  const values = isStated ? between : lengths((header) => header.sliceThickness);
  const [value] = values;
  const name = isStated ? "Spacing Between Slices" : "Slice Thickness";
  return values.length === 1 && value !== undefined ? { mm: value, name } : undefined;
}
