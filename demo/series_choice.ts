import { type ByteSource, listSeries, type Series, type SeriesOptions } from "hounsfield";
import { odditiesOf } from "./oddities.js";
import { choose } from "./panels.js";

/** A series to show, and what is odd about the files that it was chosen of. */
export interface Picked {
  readonly series: Series;
  readonly oddities: readonly string[];
}

/** The one series to show: the only stack, or the one that is chosen. Throws why there is none. */
export async function pickSeries(sources: readonly ByteSource[], options: SeriesOptions): Promise<Picked> {
  const listing = await listSeries(sources, options);
  const stacks = listing.series.filter(({ role }) => role === "stack");
  const meant = stacks.length > 0 ? stacks : listing.series;
  const faithful = meant.filter((one) => one.refusal === undefined);
  if (faithful.length === 0) throw meant[0].refusal;
  const series = faithful.length === 1 ? faithful[0] : await chosen(faithful, options);
  return { series, oddities: odditiesOf(listing, series) };
}

function chosen(faithful: readonly Series[], options: SeriesOptions): Promise<Series> {
  const signal = options.signal ?? new AbortController().signal;
  return choose(
    faithful.map((one) => ({ label: nameOf(one), detail: detailOf(one), value: one })),
    signal,
  );
}

function nameOf({ description, modality, part }: Series): string {
  return [description || modality || "Unnamed", part].filter(Boolean).join(", ");
}

function detailOf({ grid }: Series): string {
  const [columns, rows, slices] = grid.size;
  return `${slices} slices of ${columns} × ${rows}, ${grid.spacingMm[2].toFixed(1)} mm apart`;
}
