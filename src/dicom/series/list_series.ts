import type { ByteSource } from "../../core/byte_source.js";
import { checkSources } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import { checkOptions } from "../../core/options.js";
import type { ValueScale } from "../../core/value_scale.js";
import type { VoiWindow } from "../../core/voi_window.js";
import type { Repair } from "../geometry/geometry_faults.js";
import type { Resampling } from "../geometry/regrid_plan.js";
import type { SliceSpacing } from "../geometry/slice_spacing.js";
import type { Ordering } from "../geometry/sort_slices.js";
import type { SliceHeader } from "../image/slice_header.js";
import { seriesOf } from "./find_series.js";
import { allowRule } from "./make_series.js";
import { collectHeaders, headerRules, type ReadHeadersOptions, type Skipped } from "./read_headers.js";
import type { SeriesRole } from "./series_role.js";

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
  /** Empty where it is read from a file of another program. */
  readonly transferSyntaxes: readonly string[];
  /** What values are in: "HU", another Rescale Type, or "unspecified". */
  readonly units: string;
  /**
   * The window that its files are to be seen through: the first one of most slices. Absent where none has
   * any.
   */
  readonly window?: VoiWindow;
  /** The scale of the record that is made of it, where it has been chosen: loading asks it first. */
  readonly values?: ValueScale;
  /** What it is read from, where that is a file of another program: its header, and its voxels beside it. */
  readonly files?: readonly ByteSource[];
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
  /** Why files that claim to be images, by their content or their names, are none. */
  readonly broken: readonly HounsfieldError[];
  /** What is odd about files that are of no series: each is named that may matter. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Options of listSeries. */
export interface SeriesOptions extends ReadHeadersOptions {
  /**
   * Faults that may be repaired by resampling onto a true grid, and what may be assumed that no header says.
   * Default: none.
   */
  readonly allow?: readonly Repair[];
}

/**
 * Files of NIfTI, NRRD and MetaImage, and the halves of Analyze's pair, which are one where both are there.
 */
const OTHER_IMAGE = /\.(nii|n?hdr|nrrd|mh[ad])(\.gz)?$/i;

/**
 * Everything in `sources`: each group of images as a volume or with the reason why it is none; each volume of
 * a NIfTI, NRRD or MetaImage file, known by its name, as a series too, behind those of DICOM. The rules:
 * docs/series.md, docs/formats.md. Progress stages: "headers", in files; "compare", in positions, where
 * several images lie at one.
 * @throws HounsfieldError `no-dicom` when there is no image; `invalid-option`; what collectSlices throws, and
 * for one file of another format what its parser throws
 */
export async function listSeries(
  sources: readonly ByteSource[],
  options: SeriesOptions = {},
): Promise<SeriesListing> {
  checkSources("listSeries", sources);
  checkOptions("listSeries", options, { ...headerRules, allow: allowRule });
  if (sources.some(({ name }) => OTHER_IMAGE.test(name)))
    return (await import("./list_images.js")).listWithImages(sources, options, listDicom);
  return listDicom(sources, options);
}

async function listDicom(sources: readonly ByteSource[], options: SeriesOptions): Promise<SeriesListing> {
  const { allow = [] } = options;
  const { headers, skipped, broken, odd } = await collectHeaders(sources, { ...options, broken: "list" });
  if (headers.length === 0) throw broken[0] ?? nothingFound(sources.length, skipped);
  const series = await Promise.all((await seriesOf(headers, allow, options)).map(withPixelDiagnostics));
  if (odd.length === 0) return { series, skipped, broken, diagnostics: [] };
  const { settleOddFiles } = await import("./odd_files.js");
  return { ...settleOddFiles(series, odd, options.broken !== "list"), skipped };
}

/** The module is loaded where pixel data are compressed, or their bits lie oddly. */
async function withPixelDiagnostics(series: Series | RefusedSeries): Promise<Series | RefusedSeries> {
  const [first] = series.slices;
  if (series.refusal || !(first.pixelData.encapsulated || first.highBit !== first.bitsStored - 1))
    return series;
  const { pixelDiagnostics } = await import("./inspect_pixels.js");
  const found = await pixelDiagnostics(first);
  return found.length === 0 ? series : { ...series, diagnostics: [...series.diagnostics, ...found] };
}

function nothingFound(files: number, { notDicom, notImage, examples }: Skipped): HounsfieldError {
  if (files === 0)
    return new HounsfieldError("no-dicom", "no files were given: the folder is empty", { got: 0 });
  const found =
    notImage === 0
      ? "none is DICOM"
      : `${notDicom} are not DICOM and ${notImage} are DICOM without a grayscale image`;
  const message = `no DICOM image among ${files} files: ${found}; for example ${examples[0]}`;
  return new HounsfieldError("no-dicom", message, { got: examples });
}
