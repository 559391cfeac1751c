import type { Control } from "../../core/control.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { HounsfieldError } from "../../core/errors.js";
import type { ImagePlane } from "../geometry/image_plane.js";
import { isEven } from "../geometry/tolerance.js";
import type { SliceHeader } from "../image/slice_header.js";
import { mm, sliceNames } from "../image/slice_labels.js";
import { haveEqualPixels } from "./equal_pixels.js";
import type { SeriesGroup } from "./group_images.js";
import {
  alongNormalMm,
  groupByPosition,
  havePositionInCommon,
  mostAtOnePosition,
  planeOrNone,
  type SlicePosition,
} from "./slice_positions.js";
import { hasSameAttributes, splitByAttribute, splitStacksByAttribute } from "./split_by_attribute.js";
import { haveLostTheirPlaces } from "./without_place.js";

/**
 * Makes of a group that has several images at a place groups that have one: an image that is there twice,
 * with equal pixels, is kept once, by name the first; images that the headers tell apart by time, acquisition
 * or reconstruction are volumes of their own; what remains is left as it is, for stackSlices to refuse. Only
 * pixels of images at one place are read. Progress stage: "compare", in places; absent where no place has
 * several.
 * @throws HounsfieldError of reading a frame; the signal's reason
 */
export async function splitDuplicates(group: SeriesGroup, control: Control = {}): Promise<SeriesGroup[]> {
  const plane = planeOrNone(group.headers);
  const places = plane && groupByPosition(group.headers, plane);
  if (!places || haveLostTheirPlaces(group.headers)) return [group];
  if (mostAtOnePosition(places) === 1) return separateStacks(group, places, plane);
  const distinct = await keepOnce(places, plane, hasSameAttributes, control);
  const parts = divide(distinct.places, plane);
  if (parts.every((part) => part.isSingle)) {
    const groups = parts.map((part) => asGroup(group, part, distinct.dropped));
    return groups.map((one, k) => sayIncomplete(one, parts, parts[k], distinct.places, plane));
  }
  // No header tells them apart: equal pixels are one image all the same.
  const equal = await keepOnce(distinct.places, plane, () => true, control);
  const dropped = [...distinct.dropped, ...equal.dropped];
  return divide(equal.places, plane).map((part) => asGroup(group, part, dropped));
}

/** Stacks that overlap without meeting: two acquisitions of neighboring regions, say. */
function separateStacks(
  group: SeriesGroup,
  places: readonly SlicePosition[],
  plane: ImagePlane,
): SeriesGroup[] {
  const alongMm = places.map(([header]) => alongNormalMm(header, plane));
  if (isEven(alongMm)) return [group];
  const parts = splitStacksByAttribute(places, alongMm) ?? [];
  if (parts.length === 0) return [group];
  return parts.map(({ name, headers }) => asGroup(group, { names: [name], headers, isSingle: true }, []));
}

/**
 * A part that lacks places which another one has is short of slices. Of times of one region it is refused,
 * also where the slices left are even: the missing one is at an end. Acquisitions and reconstructions may be
 * of a region of their own: they are told of.
 */
function sayIncomplete(
  group: SeriesGroup,
  parts: readonly DividedPart[],
  { headers, names, isTime }: DividedPart,
  places: readonly SlicePosition[],
  plane: ImagePlane,
): SeriesGroup {
  const isWhole = parts.some((part) => part.headers.length === places.length);
  const members = new Set(headers);
  const lacking = places.filter((place) => !place.some((header) => members.has(header)));
  // A few slices of many places are something else: contrast is watched for at one place, again and again.
  if (!isWhole || lacking.length === 0 || 2 * headers.length < places.length) return group;
  const at = lacking.slice(0, 3).map(([header]) => mm(alongNormalMm(header, plane)));
  const more = lacking.length > 3 ? `, and ${lacking.length - 3} more` : "";
  const message = `${names.join(", ")} has no image at ${at.join(", ")}${more} along the normal, where others of its series have one`;
  const first = headers[0].source.name;
  if (isTime) {
    const fields = { file: first, got: headers.length, accepted: places.length, allow: ["gaps"] as const };
    return { ...group, refusal: new HounsfieldError("unfaithful-geometry", `${first}: ${message}`, fields) };
  }
  const diagnostics = [
    ...(group.diagnostics ?? []),
    { severity: "warning", code: "part-shorter", message, files: [first] } as const,
  ];
  return { ...group, diagnostics };
}

interface Distinct {
  readonly places: readonly SlicePosition[];
  readonly dropped: readonly SliceHeader[];
}

/** Of images of one place, of which `mayBeOne` holds, those whose pixels no earlier one has. */
async function keepOnce(
  places: readonly SlicePosition[],
  plane: ImagePlane,
  mayBeOne: (a: SliceHeader, b: SliceHeader) => boolean,
  { signal, onProgress }: Control,
): Promise<Distinct> {
  const kept: SliceHeader[][] = [];
  const dropped: SliceHeader[] = [];
  for (const [k, place] of places.entries()) {
    signal?.throwIfAborted();
    const distinct: SliceHeader[] = [];
    for (const header of place) {
      const candidates = distinct.filter(
        (one) => mayBeOne(one, header) && havePositionInCommon(one, header, plane),
      );
      if (await isAmong(header, candidates, signal)) dropped.push(header);
      else distinct.push(header);
    }
    kept.push(distinct);
    onProgress?.({ stage: "compare", done: k + 1, total: places.length });
  }
  return { places: kept, dropped };
}

async function isAmong(
  header: SliceHeader,
  candidates: readonly SliceHeader[],
  signal?: AbortSignal,
): Promise<boolean> {
  for (const candidate of candidates) if (await haveEqualPixels(candidate, header, signal)) return true;
  return false;
}

interface DividedPart {
  readonly names: readonly string[];
  readonly headers: readonly SliceHeader[];
  /** One image at each place. */
  readonly isSingle: boolean;
  /** The last name is of a time: the part is of all places that others are of. */
  readonly isTime?: boolean;
}

/** Whether the headers alone divide images into even stacks with one image at each place. */
export function divideEvenly(places: readonly SlicePosition[], plane: ImagePlane): boolean {
  return divide(places, plane).every(
    ({ headers, isSingle }) =>
      isSingle && isEven(headers.map((header) => alongNormalMm(header, plane)).sort((a, b) => a - b)),
  );
}

function divide(
  places: readonly SlicePosition[],
  plane: ImagePlane,
  names: readonly string[] = [],
  isTime = false,
): DividedPart[] {
  const headers = places.flat();
  if (mostAtOnePosition(places) === 1) return [{ names, headers, isSingle: true, isTime }];
  const parts = splitByAttribute(places);
  if (!parts) return [{ names, headers, isSingle: false }];
  return parts.flatMap((part) =>
    divide(groupByPosition(part.headers, plane) ?? [], plane, [...names, part.name], part.isTime),
  );
}

function asGroup(
  group: SeriesGroup,
  { names, headers }: DividedPart,
  allDropped: readonly SliceHeader[],
): SeriesGroup {
  const diagnostics: Diagnostic[] = [...(group.diagnostics ?? [])];
  if (names.length > 0) {
    const message = `its series holds several volumes of one region; this one is ${names.join(", ")}`;
    diagnostics.push({ severity: "info", code: "several-volumes", message });
  }
  if (allDropped.length > 0) {
    const message = `${allDropped.length} images were there again, at the same position with equal pixels; one of each was kept`;
    diagnostics.push({
      severity: "warning",
      code: "duplicate-slices",
      message,
      files: sliceNames(allDropped),
    });
  }
  // In the order of the headers, as groups are.
  const members = new Set(headers);
  const part = names.length > 0 ? names.join(", ") : group.part;
  return { ...group, headers: group.headers.filter((header) => members.has(header)), part, diagnostics };
}
