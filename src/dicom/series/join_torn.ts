import { HounsfieldError } from "../../core/errors.js";
import { examineSlices } from "../geometry/build_grid.js";
import type { GeometryFault, Repair } from "../geometry/geometry_faults.js";
import { measureSliceSpacing } from "../geometry/slice_spacing.js";
import { sortAlongNormal } from "../geometry/sort_slices.js";
import { isEven } from "../geometry/tolerance.js";
import type { SliceHeader } from "../image/slice_header.js";
import { mm, sliceNames } from "../image/slice_labels.js";
import type { SeriesGroup } from "./group_images.js";
import { alongNormalMm, groupByPosition, planeOrNone, type SlicePosition } from "./slice_positions.js";
import { divideEvenly } from "./split_duplicates.js";
import {
  areOfSeveralStacks,
  areParallel,
  commonKey,
  differencesOf,
  distinct,
  hasOrientation,
} from "./torn_differences.js";

/** Fewer slices are no stack of their own beside others. */
const FEWEST_SLICES = 3;
/** Two slices are a stack where a header states the step between them, within this share. */
const SAME_SPACING = 0.02;

/**
 * Joins groups that are one stack torn apart by its headers: all else is equal, they lie on one even line,
 * none where another is, and nothing contradicts it. Where only roundings differ, or an identifier is missing
 * in some, by rule; where identifiers differ, which says that they are not of one stack, only as `allow` has
 * "joined": else they are held together to be refused, or, where they are stacks of their own, told of it.
 * The rules: docs/series.md, section 2.
 */
export function joinTorn(groups: readonly SeriesGroup[], allow: readonly Repair[]): SeriesGroup[] {
  const whole = groups.filter(({ role, headers }) => role !== "stack" || headers[0].numberOfFrames > 1);
  const torn = groups.filter((group) => !whole.includes(group));
  const joined = clustersOf(torn).flatMap((cluster) => {
    if (cluster.length === 1) return cluster;
    if (!haveOtherIdentifiers(cluster.flatMap(({ headers }) => headers))) return joinByRule(cluster);
    const alike = groupedBy(cluster, ({ headers: [{ seriesInstanceUid, frameOfReferenceUid }] }) =>
      JSON.stringify([seriesInstanceUid, frameOfReferenceUid]),
    );
    return joinByAssumption(alike.flatMap(joinByRule), allow);
  });
  return [...joined, ...whole];
}

/** Groups that are equal in all but identifiers, and parallel but for jitter. */
function clustersOf(groups: readonly SeriesGroup[]): SeriesGroup[][] {
  const studies = new Map<string | undefined, string>();
  for (const { headers } of groups) {
    const [{ studyInstanceUid, seriesInstanceUid }] = headers;
    if (studyInstanceUid !== undefined) studies.set(seriesInstanceUid, studyInstanceUid);
  }
  // A series is of one study, also where some of its images do not say of which.
  const studyOf = ({ studyInstanceUid, seriesInstanceUid }: SliceHeader) =>
    studyInstanceUid ?? (seriesInstanceUid === undefined ? undefined : studies.get(seriesInstanceUid)) ?? "";
  const alike = groupedBy(groups, ({ headers, role }) => commonKey(headers[0], role, studyOf(headers[0])));
  return alike.flatMap((members) => {
    const clusters: SeriesGroup[][] = [];
    for (const group of members.filter(({ headers }) => hasOrientation(headers[0]))) {
      const cluster = clusters.find(([first]) => areParallel(first.headers[0], group.headers[0]));
      if (cluster) cluster.push(group);
      else clusters.push([group]);
    }
    const others = members.filter(({ headers }) => !hasOrientation(headers[0]));
    if (clusters.length === 1) clusters[0].push(...others);
    else clusters.push(...others.map((group) => [group]));
    return clusters;
  });
}

function haveOtherIdentifiers(headers: readonly SliceHeader[]): boolean {
  const several = (of: (header: SliceHeader) => string | undefined) => distinct(headers, of).size > 1;
  return several((header) => header.seriesInstanceUid) || several((header) => header.frameOfReferenceUid);
}

/** Roundings and missing identifiers contradict nothing. */
function joinByRule(groups: readonly SeriesGroup[]): readonly SeriesGroup[] {
  if (groups.length < 2) return groups;
  const headers = unionOf(groups);
  const line = lineOf(groups, headers);
  const fits = line
    ? !line.hasGaps || line.isInterleaved || groups.some((group) => !isOwnStack(group))
    : areSeveralVolumes(groups, headers);
  if (!fits) return groups;
  const message = `${headers.length} images are held apart by their headers (${differencesOf(headers)}), but lie on one line; they are taken as one series`;
  return [merged(groups, headers, message)];
}

/** Other identifiers say that images are not of one stack: who joins them takes something on trust. */
function joinByAssumption(groups: readonly SeriesGroup[], allow: readonly Repair[]): readonly SeriesGroup[] {
  if (groups.length < 2) return groups;
  const headers = unionOf(groups);
  const line = headers[0].studyInstanceUid === undefined ? undefined : lineOf(groups, headers);
  const own = groups.filter(isOwnStack);
  if (!line || !isStack(line, headers) || line.isTakingTurns || (line.hasGaps && own.length > 0)) {
    // A stack beside the pieces of another one.
    const pieces = groups.filter((group) => !own.includes(group));
    return own.length > 0 ? [...own, ...joinByAssumption(pieces, allow)] : groups;
  }
  const apart = `the headers hold them apart (${differencesOf(headers)})`;
  const what = `${headers.length} images lie on one even line, every ${mm(line.stepMm)}, but ${apart}`;
  if (allow.includes("joined")) {
    return [merged(groups, headers, `${what}; as allowed, they are taken as one series`)];
  }
  const isOtherSeries = distinct(headers, (header) => header.seriesInstanceUid).size > 1;
  if (own.length > 1 || (own.length > 0 && isOtherSeries)) {
    return groups.map((group) => said(group, "one-even-line", `with others, ${what}`));
  }
  const repairs = line.faults.flatMap((fault) => fault.repair ?? []);
  const message = [`${headers[0].source.name}: ${what}`, ...line.faults.map((fault) => fault.message)].join(
    "; and ",
  );
  const fields = {
    file: headers[0].source.name,
    got: headers.length,
    allow: ["joined", ...repairs] as const,
  };
  const refusal = new HounsfieldError("unfaithful-geometry", message, fields);
  return [{ ...merged(groups, headers), refusal }];
}

/** In the order of their names, as headers are; those that state no orientation take that of the others. */
function unionOf(groups: readonly SeriesGroup[]): SliceHeader[] {
  const rank = ({ source, frame = 0 }: SliceHeader) => ({ name: source.name, frame });
  const headers = groups
    .flatMap((group) => group.headers)
    .sort((a, b) => {
      const [one, other] = [rank(a), rank(b)];
      return one.name < other.name ? -1 : one.name > other.name ? 1 : one.frame - other.frame;
    });
  const orientation = headers.find(hasOrientation)?.imageOrientationPatient;
  return headers.map((header) =>
    hasOrientation(header) ? header : { ...header, imageOrientationPatient: orientation },
  );
}

interface EvenLine {
  readonly count: number;
  readonly stepMm: number;
  /** Missing slices and a tilted gantry at most. */
  readonly faults: readonly GeometryFault[];
  readonly hasGaps: boolean;
  /** Some group begins before another ends. */
  readonly isInterleaved: boolean;
  /**
   * Two groups or more are even stacks of their own, each broken by slices of another: scans between each
   * other.
   */
  readonly isTakingTurns: boolean;
}

/**
 * The line that all images lie on, each at a place of its own group; undefined where there is none, or they
 * are of several stacks.
 */
function lineOf(groups: readonly SeriesGroup[], headers: readonly SliceHeader[]): EvenLine | undefined {
  const plane = planeOrNone(headers);
  const places = plane && groupByPosition(headers, plane);
  if (!plane || !places || places.length < 2) return undefined;
  const order = ownersOf(groups, places);
  if (!order) return undefined;
  const ascending = places.map(([header]) => header);
  if (areOfSeveralStacks(ascending)) return undefined;
  const ordered = sortAlongNormal(ascending, plane);
  const layout = measureSliceSpacing(ordered, plane);
  const { faults, near } = examineSlices(ordered, plane, layout);
  if (!faults.every(({ repair }) => repair === "gaps" || repair === "tilt")) return undefined;
  const ranges = groups.map((_, k) => ({ from: order.indexOf(k), to: order.lastIndexOf(k), k }));
  const broken = ranges.filter(({ from, to, k }) => order.slice(from, to).some((owner) => owner !== k));
  const along = (k: number) =>
    ascending.filter((_, i) => order[i] === k).map((header) => alongNormalMm(header, plane));
  return {
    count: places.length,
    stepMm: near?.stepMm ?? layout.usualStepMm,
    faults,
    hasGaps: faults.some(({ repair }) => repair === "gaps"),
    isInterleaved: broken.length > 0,
    isTakingTurns: broken.filter(({ k }) => isEven(along(k))).length > 1,
  };
}

/** Of each place, the group whose images are there; undefined where some place is of several. */
function ownersOf(
  groups: readonly SeriesGroup[],
  places: readonly SlicePosition[],
): readonly number[] | undefined {
  // By file: those that state no orientation are other objects in the union.
  const keyOf = ({ source, frame = 0 }: SliceHeader) => `${source.name} ${frame}`;
  const groupOf = new Map(
    groups.flatMap((group, k) => group.headers.map((header) => [keyOf(header), k] as const)),
  );
  const owners = places.map((place) => new Set(place.map((header) => groupOf.get(keyOf(header))!)));
  return owners.some((owner) => owner.size > 1) ? undefined : owners.map(([owner]) => owner);
}

/** Two slices lie on a line wherever they lie. */
function isStack({ count, stepMm }: EvenLine, headers: readonly SliceHeader[]): boolean {
  if (count >= FEWEST_SLICES) return true;
  return headers.every(({ spacingBetweenSlices, sliceThickness }) =>
    [spacingBetweenSlices, sliceThickness].some(
      (length) => length !== undefined && Math.abs(length - stepMm) <= SAME_SPACING * stepMm,
    ),
  );
}

/** Several volumes of one region, each torn alike: the headers divide them into even stacks. */
function areSeveralVolumes(groups: readonly SeriesGroup[], headers: readonly SliceHeader[]): boolean {
  const plane = planeOrNone(headers);
  const places = plane && groupByPosition(headers, plane);
  if (!plane || !places || places.length < FEWEST_SLICES) return false;
  if (!ownersOf(groups, places)) return false;
  const isFull = places.every((place) => place.length === places[0].length);
  return isFull && places[0].length > 1 && divideEvenly(places, plane);
}

/** An even stack of three slices or more. */
function isOwnStack({ headers }: SeriesGroup): boolean {
  const plane = planeOrNone(headers);
  const places = plane && groupByPosition(headers, plane);
  if (!plane || !places || places.length < FEWEST_SLICES) return false;
  return isEven(places.map(([header]) => alongNormalMm(header, plane)));
}

function merged(
  groups: readonly SeriesGroup[],
  headers: readonly SliceHeader[],
  message?: string,
): SeriesGroup {
  const diagnostics = groups.flatMap((group) => group.diagnostics ?? []);
  const group = { ...groups[0], headers, diagnostics };
  return message === undefined ? group : said(group, "joined", message);
}

function said(group: SeriesGroup, code: string, message: string): SeriesGroup {
  const files = sliceNames(group.headers);
  const diagnostics = [...(group.diagnostics ?? []), { severity: "warning", code, message, files } as const];
  return { ...group, diagnostics };
}

function groupedBy(groups: readonly SeriesGroup[], keyOf: (group: SeriesGroup) => string): SeriesGroup[][] {
  const grouped = new Map<string, SeriesGroup[]>();
  for (const group of groups) {
    const key = keyOf(group);
    grouped.set(key, [...(grouped.get(key) ?? []), group]);
  }
  return [...grouped.values()];
}
