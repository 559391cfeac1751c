import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { listOf, oneOf } from "../../core/rules.js";
import type { SliceGrid } from "../geometry/even_grid.js";
import type { Repair } from "../geometry/geometry_faults.js";
import { commonPlaneOf, type ImagePlane } from "../geometry/image_plane.js";
import { REPAIRS } from "../geometry/repairs.js";
import { measureSliceSpacing, type SliceSpacing } from "../geometry/slice_spacing.js";
import { type OrderedSlices, sortAlongNormal } from "../geometry/sort_slices.js";
import { paddingDiagnostics } from "../image/pixel_padding.js";
import { unitsOf } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";
import { seriesWindow } from "../image/voi_window.js";
import type { SeriesGroup } from "./group_images.js";
import type { RefusedSeries, Series } from "./list_series.js";

export const allowRule = /* @__PURE__ */ listOf(
  /* @__PURE__ */ oneOf(...REPAIRS),
  /* @__PURE__ */ REPAIRS.join(", "),
);

/**
 * What is made of ordered slices: by what knows ordinary stacks alone and gives undefined for others, or by
 * what knows all.
 */
interface StackRules<None> {
  /** evenGrid or buildGrid. */
  grid(
    ordered: OrderedSlices,
    plane: ImagePlane,
    layout: SliceSpacing,
    allow: readonly Repair[],
  ): SliceGrid | None;
  /** What is to be said of their values. */
  rescale(headers: readonly SliceHeader[]): readonly Diagnostic[] | None;
}

/** A group as a volume, or with the reason why it is none; undefined where the rules do not know it. */
export function makeSeries<None extends undefined = never>(
  group: SeriesGroup,
  allow: readonly Repair[],
  rules: StackRules<None>,
): Series | RefusedSeries | None {
  const { headers, role, setAside, part, diagnostics = [] } = group;
  const [first] = headers;
  const summary = {
    role,
    ...(setAside !== undefined && { setAside }),
    seriesInstanceUid: first.seriesInstanceUid,
    seriesNumber: first.seriesNumber,
    description: first.seriesDescription,
    modality: first.modality,
    ...(part !== undefined && { part }),
    transferSyntaxes: [...new Set(headers.map((header) => header.transferSyntax))].sort(),
    units: unitsOf(first),
  };
  let ordered: OrderedSlices | undefined;
  let layout: SliceSpacing | undefined;
  try {
    refuseUnplacedFrames(first);
    const plane = commonPlaneOf(headers);
    ordered = sortAlongNormal(headers, plane);
    layout = measureSliceSpacing(ordered, plane);
    const inSpite = refuseGroup(group, allow);
    const built = rules.grid(ordered, plane, layout, allow);
    if (!built) return built;
    const rescale = rules.rescale(headers);
    if (!rescale) return rescale;
    const stack = stackOf(headers, plane, ordered, built, rescale);
    const window = seriesWindow(stack.slices);
    return {
      ...summary,
      ...(window && { window }),
      ...stack,
      diagnostics: [...diagnostics, ...inSpite, ...stack.diagnostics],
    };
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    return {
      ...summary,
      slices: ordered ? ordered.slices.map((slice) => slice.header) : headers,
      ...(layout && { layout }),
      diagnostics: [...diagnostics, ...(ordered?.diagnostics ?? [])],
      refusal: error,
    };
  }
}

/** One diagnostic a code, with the files of all. */
function mergeByCode(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const merged = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const files = [...(merged.get(diagnostic.code)?.files ?? []), ...(diagnostic.files ?? [])];
    merged.set(diagnostic.code, { ...diagnostic, files });
  }
  return [...merged.values()];
}

/** @throws the reason why a group is to be no volume; what it says where that is allowed */
function refuseGroup({ refusal }: SeriesGroup, allow: readonly Repair[]): Diagnostic[] {
  if (!refusal) return [];
  const needed = isHounsfieldError(refusal, "unfaithful-geometry") ? refusal.fields.allow : undefined;
  if (!needed?.every((repair) => allow.includes(repair))) throw refusal;
  return [{ severity: "warning", code: "part-incomplete", message: refusal.message }];
}

/** Slices in their order and on their grid, with all that is to be said of them. */
export function stackOf(
  headers: readonly SliceHeader[],
  plane: ImagePlane,
  ordered: OrderedSlices,
  { grid, layout, resampling, diagnostics }: SliceGrid,
  rescale: readonly Diagnostic[],
) {
  return {
    slices: ordered.slices.map((slice) => slice.header),
    grid,
    layout,
    ...(resampling && { resampling }),
    ordering: ordered.ordering,
    diagnostics: [
      ...headerDiagnostics(headers),
      ...plane.diagnostics,
      ...ordered.diagnostics,
      ...diagnostics,
      ...rescale,
      ...paddingDiagnostics(headers),
    ],
  };
}

/** Frames share their file's diagnostics. */
function headerDiagnostics(headers: readonly SliceHeader[]): Diagnostic[] {
  return mergeByCode([...new Set(headers.flatMap((header) => header.diagnostics ?? []))]);
}

/**
 * @throws HounsfieldError `unfaithful-geometry` for a multi-frame image that does not say where its frames
 * lie
 */
export function refuseUnplacedFrames({ numberOfFrames, frame, source, unplaced }: SliceHeader): void {
  if (numberOfFrames === 1 || frame !== undefined) return;
  const why = unplaced ? `: ${unplaced}` : "";
  const message = `${source.name}: is a multi-frame image (${numberOfFrames} frames) without functional groups that say where its frames lie${why}`;
  throw new HounsfieldError("unfaithful-geometry", message, {
    file: source.name,
    tag: "(5200,9230)",
    got: numberOfFrames,
  });
}
