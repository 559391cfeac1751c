import type { ByteSource } from "../../src/core/byte_source.js";
import { listSeries, type Series, type SeriesOptions } from "../../src/dicom/series/list_series.js";

/**
 * The volumes in `sources`, largest first. Where there are stacks, what is set aside is left out.
 * Throws the refusal of the first stack that makes no volume.
 */
export async function readSeries(
  sources: readonly ByteSource[],
  options: SeriesOptions = {},
): Promise<Series[]> {
  const { series } = await listSeries(sources, options);
  const stacks = series.filter((one) => one.role === "stack");
  const meant = stacks.length > 0 ? stacks : series;
  const faithful = meant.filter((one) => one.refusal === undefined);
  const refused = meant.filter((one) => one.refusal !== undefined);
  const reason = refused.find((one) => one.role === "stack" || faithful.length === 0);
  if (reason) throw reason.refusal;
  return faithful;
}
