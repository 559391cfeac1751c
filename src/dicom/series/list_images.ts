import type { ByteSource } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { type HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { imageSeries } from "./image_series.js";
import type { Series, SeriesListing, SeriesOptions } from "./list_series.js";

const IMAGE = /\.(nii|nii\.gz|nrrd|nhdr|mha|mhd)$/i;
const PAIR = /\.hdr$/i;

/**
 * listSeries where files of other programs are among the sources: theirs behind those of DICOM, which `list`
 * makes of the rest. A file that cannot be read is listed as broken where there are others.
 * @throws HounsfieldError of a lone file; what `list` throws, where there is nothing else
 */
export async function listWithImages(
  sources: readonly ByteSource[],
  options: SeriesOptions,
  list: (sources: readonly ByteSource[], options: SeriesOptions) => Promise<SeriesListing>,
): Promise<SeriesListing> {
  const names = new Set(sources.map(({ name }) => name));
  const isImage = ({ name }: ByteSource) =>
    IMAGE.test(name) ||
    (PAIR.test(name) && [".img", ".img.gz"].some((end) => names.has(name.replace(PAIR, end))));
  const images = sources.filter(isImage).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (images.length === 0) return list(sources, options);
  const series: Series[] = [];
  const broken: HounsfieldError[] = [];
  const diagnostics: Diagnostic[] = [];
  const used = new Set<ByteSource>(images);
  for (const image of images) {
    options.signal?.throwIfAborted();
    try {
      const found = await imageSeries(image, sources);
      for (const one of found) series.push(one);
      for (const file of found[0].files ?? []) used.add(file);
    } catch (error) {
      if (!isHounsfieldError(error) || sources.length === 1) throw error;
      broken.push(error);
      const message = `${error.message}; left out`;
      diagnostics.push({ severity: "warning", code: "broken-file", message, files: [image.name] });
    }
  }
  const rest = sources.filter((source) => !used.has(source));
  const others = await listOthers(rest, options, list, series.length > 0);
  if (series.length === 0 && others.series.length === 0) throw broken[0];
  return {
    series: [...others.series, ...series],
    skipped: others.skipped,
    broken: [...others.broken, ...broken],
    diagnostics: [...others.diagnostics, ...diagnostics],
  };
}

/** What is of DICOM, which may be nothing. */
async function listOthers(
  rest: readonly ByteSource[],
  options: SeriesOptions,
  list: (sources: readonly ByteSource[], options: SeriesOptions) => Promise<SeriesListing>,
  hasSeries: boolean,
): Promise<SeriesListing> {
  const none: SeriesListing = {
    series: [],
    skipped: {
      notDicom: rest.length,
      notImage: 0,
      examples: rest.slice(0, 5).map(({ name }) => `${name}: is not DICOM`),
      reasons: [],
    },
    broken: [],
    diagnostics: [],
  };
  if (rest.length === 0) return none;
  try {
    return await list(rest, options);
  } catch (error) {
    // A lone file among images, or several, that are no DICOM.
    if (hasSeries && isHounsfieldError(error, "no-dicom", "not-dicom", "unsupported-image")) return none;
    throw error;
  }
}
