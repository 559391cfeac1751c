import type { Control } from "../../core/control.js";
import { evenGrid } from "../geometry/even_grid.js";
import type { Repair } from "../geometry/geometry_faults.js";
import { isPlainlyRescaled } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";
import { groupSeries, type SeriesGroup, sortedGroups } from "./group_images.js";
import type { RefusedSeries, Series } from "./list_series.js";
import { makeSeries } from "./make_series.js";
import { isOneEvenStack } from "./slice_positions.js";

/** A stack on an even grid with one rescale to HU takes no more than this. */
const ordinary = {
  grid: evenGrid,
  rescale: (headers: readonly SliceHeader[]) => (isPlainlyRescaled(headers) ? [] : undefined),
};

/**
 * The series of a collection of images: grouped, joined where headers tear one stack apart, divided where
 * several lie at one place, ordered, on their grids or refused. What an ordinary stack does not need is
 * loaded when a group does.
 */
export async function seriesOf(
  headers: readonly SliceHeader[],
  allow: readonly Repair[],
  control: Control,
): Promise<(Series | RefusedSeries)[]> {
  const assumed = await assumeMissing(await withUntyped(groupSeries(headers)), allow);
  const joined = await joinOrSaySplit(assumed, allow);
  const groups: SeriesGroup[] = [];
  for (const group of joined) groups.push(...(await splitWhereNeeded(group, control)));
  const made: (Series | RefusedSeries)[] = [];
  for (const group of sortedGroups(groups)) {
    const series = makeSeries(group, allow, ordinary) ?? (await repairedOrRefused(group, allow));
    made.push(series.refusal ? await withOffers(group, series, allow) : series);
  }
  return made;
}

/** Of slices on no even, upright grid. */
async function repairedOrRefused(
  group: SeriesGroup,
  allow: readonly Repair[],
): Promise<Series | RefusedSeries> {
  const [{ buildGrid }, { rescaleDiagnostics }] = await Promise.all([
    import("../geometry/build_grid.js"),
    import("../image/rescale_diagnostics.js"),
  ]);
  return makeSeries<never>(group, allow, { grid: buildGrid, rescale: rescaleDiagnostics });
}

async function withOffers(group: SeriesGroup, refused: RefusedSeries, allow: readonly Repair[]) {
  return (await import("./assume.js")).offerAssumptions(group, refused, allow);
}

/** An ordinary stack is one group, or states what its images are. */
async function withUntyped(groups: readonly SeriesGroup[]): Promise<readonly SeriesGroup[]> {
  if (groups.length < 2 || groups.every(({ headers }) => headers[0].imageType.length > 0)) return groups;
  return (await import("./join_untyped.js")).joinUntyped(groups);
}

async function assumeMissing(
  groups: readonly SeriesGroup[],
  allow: readonly Repair[],
): Promise<readonly SeriesGroup[]> {
  if (!allow.some((repair) => repair.startsWith("assumed"))) return groups;
  const { withAssumptions } = await import("./assume.js");
  return groups.map((group) => withAssumptions(group, allow));
}

/** One group has nothing to be joined with, and was not split. */
async function joinOrSaySplit(
  groups: readonly SeriesGroup[],
  allow: readonly Repair[],
): Promise<readonly SeriesGroup[]> {
  if (groups.length < 2) return groups;
  const [{ joinTorn }, { withSplitDiagnostics }] = await Promise.all([
    import("./join_torn.js"),
    import("./split_diagnostics.js"),
  ]);
  return withSplitDiagnostics(sortedGroups(joinTorn(groups, allow)));
}

/** A stack of even steps, one image at each position, has nothing to be divided. */
async function splitWhereNeeded(group: SeriesGroup, control: Control): Promise<SeriesGroup[]> {
  if (isOneEvenStack(group.headers)) return [group];
  return (await import("./split_duplicates.js")).splitDuplicates(group, control);
}
