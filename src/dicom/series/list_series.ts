import type { ByteSource } from "../../core/byte_source.js";
import { checkSources } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import { checkArgument, checkOptions, invalidOption } from "../../core/options.js";
import { listOf, oneOf } from "../../core/rules.js";
import { buildGrid } from "../geometry/build_grid.js";
import { REPAIRS, type Repair } from "../geometry/geometry_faults.js";
import { type ImagePlane, imagePlaneOf } from "../geometry/image_plane.js";
import type { Resampling } from "../geometry/regrid_plan.js";
import { measureSliceSpacing, type SliceSpacing } from "../geometry/slice_spacing.js";
import { type OrderedSlices, type Ordering, sortAlongNormal } from "../geometry/sort_slices.js";
import { checkHeaders } from "../image/check_header.js";
import { paddingDiagnostics } from "../image/pixel_padding.js";
import { rescaleDiagnostics, unitsOf } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";
import { groupSeries, type SeriesGroup, sortedGroups } from "./group_images.js";
import { collectHeaders, headerRules, type ReadHeadersOptions, type Skipped } from "./read_headers.js";
import type { SeriesRole } from "./series_role.js";
import { isOneEvenStack } from "./slice_positions.js";

/** What is known of a group of images whether or not they make a volume. Nothing in it names the patient. */
export interface SeriesSummary {
  /** As acquired: along the normal where they have positions, else by name. */
  readonly slices: readonly SliceHeader[];
  readonly role: SeriesRole;
  /** Why they are set aside; absent for stacks. */
  readonly setAside?: string;
  readonly seriesInstanceUid?: string;
  readonly seriesNumber?: number;
  readonly description?: string;
  readonly modality?: string;
  /** What tells it from other volumes of its series, such as "acquisition number 2". */
  readonly part?: string;
  readonly transferSyntaxes: readonly string[];
  /** What values are in: "HU", another Rescale Type, or "unspecified". */
  readonly units: string;
  /** Where the slices lie, faithful or not; absent where they have no positions to tell. */
  readonly layout?: SliceSpacing;
  readonly diagnostics: readonly Diagnostic[];
}

/** Images that make one faithful volume. */
export interface Series extends SeriesSummary {
  /** Ascending: slice k of the grid is `slices[k]`, unless there is a `resampling`. */
  readonly slices: readonly SliceHeader[];
  readonly grid: Grid;
  /** What decided the order. */
  readonly ordering: Ordering;
  /** How the grid's slices come from `slices`, and which are measured; absent where all are, one for one. */
  readonly resampling?: Resampling;
  readonly refusal?: undefined;
}

/** Images of which no faithful volume can be made, and why. */
export interface RefusedSeries extends SeriesSummary {
  readonly refusal: HounsfieldError;
}

/** What listSeries gives. */
export interface SeriesListing {
  /** Stacks first, larger ones first; then localizers, dose pages and secondary captures. */
  readonly series: readonly (Series | RefusedSeries)[];
  readonly skipped: Skipped;
  /** Why files that claim to be images are none; empty unless the option `broken` is "list". */
  readonly broken: readonly HounsfieldError[];
}

/** Options of readSeries and listSeries. */
export interface SeriesOptions extends ReadHeadersOptions {
  /** Faults that may be repaired by resampling onto a true grid. Default: none. */
  readonly allow?: readonly Repair[];
}

/**
 * Everything in `sources`: each group of images as a volume or with the reason why it is none. The rules: docs/series.md.
 * Progress stages: "headers", in files; "compare", in positions, where several images lie at one.
 * @throws HounsfieldError `no-dicom` when there is no image; `invalid-option`; what collectSlices throws
 */
export async function listSeries(
  sources: readonly ByteSource[],
  options: SeriesOptions = {},
): Promise<SeriesListing> {
  return list("listSeries", sources, options);
}

async function list(
  of: string,
  sources: readonly ByteSource[],
  options: SeriesOptions,
): Promise<SeriesListing> {
  checkSources(of, sources);
  const { allow = [] } = checkOptions(of, options, { ...headerRules, allow: allowRule });
  const { headers, skipped, broken } = await collectHeaders(sources, options);
  if (headers.length === 0) throw broken[0] ?? nothingFound(sources.length, skipped);
  const groups: SeriesGroup[] = [];
  for (const group of await saySplit(groupSeries(headers))) {
    groups.push(...(await splitWhereNeeded(group, options)));
  }
  const series = sortedGroups(groups).map((group) => seriesOrRefusal(group, allow));
  return { series, skipped, broken };
}

/** What one Series UID was split by. The module is loaded where there are several groups: an ordinary stack goes without it. */
async function saySplit(groups: readonly SeriesGroup[]): Promise<readonly SeriesGroup[]> {
  if (groups.length < 2) return groups;
  return (await import("./split_diagnostics.js")).withSplitDiagnostics(groups);
}

/** Likewise: a stack of even steps, one image at each position, has nothing to split. */
async function splitWhereNeeded(group: SeriesGroup, options: SeriesOptions): Promise<SeriesGroup[]> {
  if (isOneEvenStack(group.headers)) return [group];
  return (await import("./split_duplicates.js")).splitDuplicates(group, options);
}

const allowRule = /* @__PURE__ */ listOf(
  /* @__PURE__ */ oneOf(...REPAIRS),
  /* @__PURE__ */ REPAIRS.join(", "),
);

/**
 * The volumes in `sources`, largest first. Where there are stacks, what is set aside is left out.
 * @throws HounsfieldError `no-dicom`; `unfaithful-geometry` or `unsupported-image` when a stack cannot be made a volume
 *   (listSeries gives the others all the same); what listSeries throws
 */
export async function readSeries(
  sources: readonly ByteSource[],
  options: SeriesOptions = {},
): Promise<Series[]> {
  const { series } = await list("readSeries", sources, options);
  const stacks = series.filter((one) => one.role === "stack");
  const meant = stacks.length > 0 ? stacks : series;
  const faithful = meant.filter((one) => one.refusal === undefined);
  const refused = meant.filter((one) => one.refusal !== undefined);
  const reason = refused.find((one) => one.role === "stack" || faithful.length === 0);
  if (reason) throw reason.refusal;
  return faithful;
}

/**
 * Orders the slices of one group and finds their grid.
 * @param headers at least one, all of one plane, as groupSeries gives them
 * @throws HounsfieldError `unfaithful-geometry`; `unsupported-image` for multi-frame images that do not say where frames lie
 */
export function orderSlices(
  headers: readonly SliceHeader[],
  allow: readonly Repair[] = [],
): Pick<Series, "slices" | "grid" | "ordering" | "diagnostics" | "layout" | "resampling"> {
  checkHeaders("orderSlices", headers);
  if (headers.length === 0) throw invalidOption("orderSlices", "headers", headers, "at least one");
  checkArgument("orderSlices", "allow", allow, allowRule);
  refuseUnplacedFrames(headers[0]);
  const plane = imagePlaneOf(headers[0]);
  const ordered = sortAlongNormal(headers, plane);
  return stackOf(headers, plane, ordered, allow);
}

function stackOf(
  headers: readonly SliceHeader[],
  plane: ImagePlane,
  ordered: OrderedSlices,
  allow: readonly Repair[],
) {
  const { grid, layout, resampling, diagnostics } = buildGrid(ordered, plane, allow);
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
      ...rescaleDiagnostics(headers),
      ...paddingDiagnostics(headers),
    ],
  };
}

/** Frames share their file's diagnostics. */
function headerDiagnostics(headers: readonly SliceHeader[]): Diagnostic[] {
  return mergeByCode([...new Set(headers.flatMap((header) => header.diagnostics ?? []))]);
}

function refuseUnplacedFrames({ numberOfFrames, frame, source }: SliceHeader): void {
  if (numberOfFrames === 1 || frame !== undefined) return;
  const message = `${source.name}: is a multi-frame image (${numberOfFrames} frames) without functional groups that say where its frames lie`;
  throw new HounsfieldError("unsupported-image", message, {
    file: source.name,
    tag: "(5200,9230)",
    got: numberOfFrames,
  });
}

function seriesOrRefusal(group: SeriesGroup, allow: readonly Repair[]): Series | RefusedSeries {
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
    const plane = imagePlaneOf(first);
    ordered = sortAlongNormal(headers, plane);
    layout = measureSliceSpacing(ordered, plane);
    const stack = stackOf(headers, plane, ordered, allow);
    return { ...summary, ...stack, diagnostics: [...diagnostics, ...stack.diagnostics] };
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

function nothingFound(files: number, { notDicom, notImage, examples }: Skipped): HounsfieldError {
  if (files === 0)
    return new HounsfieldError("no-dicom", "no files were given: the folder is empty", { got: 0 });
  const found =
    notImage === 0
      ? "none is DICOM"
      : `${notDicom} are not DICOM and ${notImage} are DICOM without a grey-scale image`;
  const message = `no DICOM image among ${files} files: ${found}; for example ${examples[0]}`;
  return new HounsfieldError("no-dicom", message, { got: examples });
}
