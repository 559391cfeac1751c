import type { Control } from "../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import type { Grid } from "../core/grid.js";
import { collectSlices, type Skipped } from "./collect.js";
import { groupSeries, type SeriesGroup, type SeriesRole } from "./group.js";
import { type Ordering, orderAlongNormal } from "./order.js";
import { planeOf } from "./plane.js";
import { rescaleDiagnostics } from "./rescale.js";
import type { ByteSource, Diagnostic, SliceHeader } from "./slice.js";
import { stackSlices } from "./stack.js";

/** What is known of a group of images whether or not they make a volume. Nothing in it names the patient. */
export interface SeriesSummary {
  readonly slices: readonly SliceHeader[];
  readonly role: SeriesRole;
  readonly seriesInstanceUid?: string;
  readonly seriesNumber?: number;
  readonly description?: string;
  readonly modality?: string;
  readonly transferSyntaxes: readonly string[];
}

/** Images that make one faithful volume. */
export interface Series extends SeriesSummary {
  /** Ascending: slice k of the grid is `slices[k]`. */
  readonly slices: readonly SliceHeader[];
  readonly grid: Grid;
  /** What decided the order. */
  readonly ordering: Ordering;
  readonly diagnostics: readonly Diagnostic[];
  readonly refusal?: undefined;
}

/** Images of which no faithful volume can be made, and why. */
export interface RefusedSeries extends SeriesSummary {
  /** In the order of their names. */
  readonly slices: readonly SliceHeader[];
  readonly refusal: HounsfieldError;
}

export interface SeriesListing {
  /** Stacks first, larger ones first; then localizers and secondary captures. */
  readonly series: readonly (Series | RefusedSeries)[];
  readonly skipped: Skipped;
}

/**
 * Everything in `sources`: each group of images as a volume or with the reason why it is none.
 * Progress stage: "headers", in files.
 * @throws HounsfieldError `no-dicom` when there is no image, and what collectSlices throws
 */
export async function listSeries(
  sources: readonly ByteSource[],
  control: Control = {},
): Promise<SeriesListing> {
  const { headers, skipped } = await collectSlices(sources, control);
  if (headers.length === 0) throw nothingFound(sources.length, skipped);
  return { series: groupSeries(headers).map(seriesOrRefusal), skipped };
}

/**
 * The volumes in `sources`, largest first.
 * @throws HounsfieldError `no-dicom`; `unfaithful-geometry` or `unsupported-image` when a stack cannot be made a volume
 *   (listSeries gives the others all the same); what collectSlices throws
 */
export async function readSeries(sources: readonly ByteSource[], control: Control = {}): Promise<Series[]> {
  const { series } = await listSeries(sources, control);
  const faithful = series.filter((one) => one.refusal === undefined);
  const refused = series.filter((one) => one.refusal !== undefined);
  const reason = refused.find((one) => one.role === "stack" || faithful.length === 0);
  if (reason) throw reason.refusal;
  return faithful;
}

/**
 * Orders the slices of one group and finds their grid.
 * @param headers at least one, all of one plane, as groupSeries gives them
 * @throws HounsfieldError `unfaithful-geometry`; `unsupported-image` for multi-frame images, which are not read yet
 */
export function orderSlices(
  headers: readonly SliceHeader[],
): Pick<Series, "slices" | "grid" | "ordering" | "diagnostics"> {
  refuseMultiFrame(headers[0]);
  const plane = planeOf(headers[0]);
  const ordered = orderAlongNormal(headers, plane);
  const stack = stackSlices(ordered, plane);
  const diagnostics = [
    ...mergeByCode(headers.flatMap((header) => header.diagnostics ?? [])),
    ...plane.diagnostics,
    ...ordered.diagnostics,
    ...stack.diagnostics,
    ...rescaleDiagnostics(headers),
  ];
  return {
    slices: ordered.slices.map((slice) => slice.header),
    grid: stack.grid,
    ordering: ordered.ordering,
    diagnostics,
  };
}

function refuseMultiFrame(header: SliceHeader): void {
  const { numberOfFrames, source } = header;
  if (numberOfFrames === 1) return;
  const message = `${source.name}: is a multi-frame image (${numberOfFrames} frames), which is not supported yet`;
  throw new HounsfieldError("unsupported-image", message, {
    file: source.name,
    tag: "(0028,0008)",
    got: numberOfFrames,
  });
}

function seriesOrRefusal(group: SeriesGroup): Series | RefusedSeries {
  const [first] = group.headers;
  const summary = {
    role: group.role,
    seriesInstanceUid: first.seriesInstanceUid,
    seriesNumber: first.seriesNumber,
    description: first.seriesDescription,
    modality: first.modality,
    transferSyntaxes: [...new Set(group.headers.map((header) => header.transferSyntax))].sort(),
  };
  try {
    return { ...summary, ...orderSlices(group.headers) };
  } catch (error) {
    if (!isHounsfieldError(error)) throw error;
    return { ...summary, slices: group.headers, refusal: error };
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
