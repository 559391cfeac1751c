import { isEven } from "../geometry/tolerance.js";
import type { SliceHeader } from "../image/slice_header.js";
import { clockValue, fillRanks } from "./incomplete_ranks.js";
import { mostAtOnePosition, type SlicePosition } from "./slice_positions.js";

/** Some of the images of a group, and what they have in common that the others have not. */
export interface Part {
  readonly name: string;
  readonly headers: readonly SliceHeader[];
  /** The parts are times of one region: each is of all places. */
  readonly isTime?: boolean;
}

interface Attribute {
  readonly name: string;
  readonly of: (header: SliceHeader) => string | number | undefined;
  /** The value is not meaningful to a reader (a time, a folder), so the parts are numbered instead. */
  readonly isCounted?: boolean;
  readonly isTime?: boolean;
}

/**
 * What tells images of one place apart, most telling first: time (PS3.3 C.7.6.16.2.2.3, C.7.6.9),
 * acquisition, heart beat, image type, reconstruction, tube; then clocks; then how and where they were
 * stored.
 */
const ATTRIBUTES: readonly Attribute[] = [
  { name: "temporal position", of: (header) => header.temporalPosition, isTime: true },
  { name: "dimension index", of: (header) => header.dimensionIndex, isTime: true },
  { name: "acquisition number", of: (header) => header.acquisitionNumber },
  { name: "cardiac phase", of: (header) => header.cardiacPhasePercent, isTime: true },
  { name: "trigger time", of: (header) => header.triggerTimeMs, isTime: true },
  { name: "image type", of: (header) => header.imageType.join(" ") || undefined },
  { name: "kernel", of: (header) => header.convolutionKernel },
  { name: "KVP", of: (header) => header.kvp },
  { name: "echo time", of: (header) => header.echoTimeMs },
  { name: "b-value", of: (header) => header.diffusionBValue },
  { name: "slice thickness", of: (header) => header.sliceThickness },
  { name: "rescale type", of: (header) => header.rescaleType },
  { name: "acquisition time", of: (header) => header.acquisitionTime, isCounted: true, isTime: true },
  { name: "content time", of: (header) => header.contentTime, isCounted: true, isTime: true },
];

const STORAGE: readonly Attribute[] = [
  { name: "transfer syntax", of: (header) => header.transferSyntax },
  { name: "folder", of: (header) => folderOf(header.source.name), isCounted: true },
];

/** Whether the headers say that two images of one place are of one volume, and so one of them is too many. */
export function hasSameAttributes(a: SliceHeader, b: SliceHeader): boolean {
  return ATTRIBUTES.every(({ of }) => of(a) === of(b));
}

/**
 * Divides images, several of which lie at one place, into fewer a place; into parts that each may have to be
 * divided again. Undefined where nothing in the headers does so without leaving a doubt.
 */
export function splitByAttribute(places: readonly SlicePosition[]): Part[] | undefined {
  const most = mostAtOnePosition(places);
  if (places.length === 1 && haveOtherLocations(places[0])) return undefined;
  return (
    byValue(places, ATTRIBUTES, (parts) => parts <= most) ??
    byWatchedPlace(places) ??
    byRank(places, most) ??
    byIncompleteRank(places, most) ??
    byValue(places, ATTRIBUTES, () => true) ??
    byValue(places, STORAGE, () => true)
  );
}

/**
 * Divides images that lie one at a place but on no even grid, where stacks that overlap explain it: each of
 * the parts is even, has three slices at least, and one begins before another ends.
 */
export function splitStacksByAttribute(
  places: readonly SlicePosition[],
  alongMm: readonly number[],
): Part[] | undefined {
  for (const attribute of ATTRIBUTES.slice(0, STACK_ATTRIBUTES)) {
    const parts = partsBy(places, attribute);
    if (parts.size < 2) continue;
    const indexOf = new Map(places.map(([header], k) => [header, k]));
    const ranges = [...parts.values()].map((part) => part.map(([header]) => indexOf.get(header)!));
    const areStacks = ranges.every(
      (range) => range.length >= FEWEST_SLICES && isEven(range.map((k) => alongMm[k])),
    );
    const overlap = ranges.some((range) => range[range.length - 1] - range[0] > range.length - 1);
    if (areStacks && overlap) return named(attribute, parts);
  }
}

/** The first few of ATTRIBUTES: those that a scanner counts. */
const STACK_ATTRIBUTES = 3;

/** All at one position, but not by Slice Location: then one of both is wrong, and nobody can say which. */
function haveOtherLocations(place: SlicePosition): boolean {
  const locations = new Set(place.map((header) => header.sliceLocation));
  return locations.size > 1;
}

/** Fewer slices are no stack of their own, unless nothing else is there either. */
const FEWEST_SLICES = 3;

/** The first attribute by whose values each part has fewer at a place than all together. */
function byValue(
  places: readonly SlicePosition[],
  attributes: readonly Attribute[],
  accepts: (parts: number) => boolean,
): Part[] | undefined {
  const most = mostAtOnePosition(places);
  for (const attribute of attributes) {
    const parts = partsBy(places, attribute);
    if (parts.size < 2 || !accepts(parts.size)) continue;
    const isThinner = [...parts.values()].every(
      (part) =>
        mostAtOnePosition(part) < most &&
        (parts.size <= most || part.length >= Math.min(FEWEST_SLICES, places.length)),
    );
    if (isThinner) return named(attribute, parts);
  }
}

/**
 * Images of one place again and again, as a scanner watches contrast arrive, and a stack: the first attribute
 * of which a value holds several images of one place, and another one a stack.
 */
function byWatchedPlace(places: readonly SlicePosition[]): Part[] | undefined {
  for (const attribute of ATTRIBUTES) {
    if (attribute.isTime) continue;
    const parts = partsBy(places, attribute);
    const all = [...parts.values()];
    const isWatched = all.some((part) => part.length === 1 && part[0].length > 1);
    if (isWatched && all.some((part) => part.length >= FEWEST_SLICES)) return named(attribute, parts);
  }
}

function partsBy(
  places: readonly SlicePosition[],
  { of }: Attribute,
): Map<string | number | undefined, SlicePosition[]> {
  const parts = new Map<string | number | undefined, SlicePosition[]>();
  for (const place of places) {
    for (const [value, headers] of groupBy(place, of)) addTo(parts, value, headers);
  }
  return parts;
}

function named(
  attribute: Attribute,
  parts: ReadonlyMap<string | number | undefined, SlicePosition[]>,
): Part[] {
  const { name, isCounted, isTime } = attribute;
  const sorted = [...parts].sort(([a], [b]) => compare(a, b));
  return sorted.map(([value, part], i) => ({
    name: isCounted ? `${name} ${i + 1} of ${parts.size}` : `${name} ${value ?? "none"}`,
    headers: part.flat(),
    isTime,
  }));
}

/**
 * Clocks and counters: where every place has as many images, the first of each place make a volume, and so
 * on.
 */
const RANKS: readonly Attribute[] = [
  { name: "acquisition time", of: (header) => header.acquisitionTime },
  { name: "content time", of: (header) => header.contentTime },
  { name: "trigger time", of: (header) => header.triggerTimeMs },
  { name: "acquisition number", of: (header) => header.acquisitionNumber },
];

function byRank(places: readonly SlicePosition[], most: number): Part[] | undefined {
  if (!places.every((place) => place.length === most)) return undefined;
  for (const { name, of } of RANKS) {
    const ranked = rankedPlaces(places, of);
    if (ranked) return ranksAsParts(ranked, name);
  }
  const ranked = rankedPlaces(places, instanceNumber);
  if (ranked && countsOn(ranked)) return ranksAsParts(ranked, "instance number");
}

const instanceNumber: Attribute["of"] = (header) => header.instanceNumber;

/**
 * An Instance Number is any number (PS3.3 C.7.6.1): only where it counts one volume after the other, or place
 * by place, does it say which image is of which.
 */
function countsOn(places: readonly SlicePosition[]): boolean {
  return countsByVolume(places) || countsByPlace(places);
}

/**
 * The same where images are missing at less than half of the places: clocks and counters of the others tell
 * which. Parts lack what is missing.
 */
function byIncompleteRank(places: readonly SlicePosition[], most: number): Part[] | undefined {
  const full = places.filter((place) => place.length === most);
  if (full.length < 2 || 2 * full.length <= places.length) return undefined;
  for (const { name, of } of [...RANKS, { name: "instance number", of: instanceNumber }]) {
    const ranked = rankedPlaces(full, of);
    if (!ranked || (of === instanceNumber && !countsOn(ranked))) continue;
    const parts = fillRanks(places, ranked, (header) => clockValue(of(header)));
    if (parts)
      return parts.map((headers, k) => ({ name: `${name} ${k + 1} of ${most}`, headers, isTime: true }));
  }
}

/** Each place sorted by an attribute; undefined where it is missing or the same in two images of a place. */
function rankedPlaces(places: readonly SlicePosition[], of: Attribute["of"]): SlicePosition[] | undefined {
  const sorted = places.map((place) => [...place].sort((a, b) => compare(of(a), of(b))));
  const isStrict = sorted.every((place) =>
    place.every(
      (header, k) => of(header) !== undefined && (k === 0 || compare(of(place[k - 1]), of(header)) < 0),
    ),
  );
  return isStrict ? sorted : undefined;
}

function ranksAsParts(places: readonly SlicePosition[], name: string): Part[] {
  const count = places[0].length;
  return Array.from({ length: count }, (_, k) => ({
    name: `${name} ${k + 1} of ${count}`,
    headers: places.map((place) => place[k]),
    isTime: true,
  }));
}

function countsByVolume(places: readonly SlicePosition[]): boolean {
  const ranges = places[0].map((_, k) => places.map((place) => place[k].instanceNumber!));
  return ranges.every((range, k) => k === 0 || Math.max(...ranges[k - 1]) < Math.min(...range));
}

function countsByPlace(places: readonly SlicePosition[]): boolean {
  return places.every(
    (place) => place[place.length - 1].instanceNumber! - place[0].instanceNumber! === place.length - 1,
  );
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return a < b ? -1 : 1;
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) addTo(groups, keyOf(item), item);
  return groups;
}

function addTo<Item, Key>(groups: Map<Key, Item[]>, key: Key, item: Item): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}
