import type { Diagnostic } from "../../core/diagnostic.js";
import { unitsOf } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";
import { sliceNames } from "../image/slice_labels.js";
import { type SeriesGroup, sharePlane } from "./group_images.js";

/**
 * Slices without an Image Type (type 1 in CT, PS3.3 C.8.2.1; some de-identifiers remove it) belong to the
 * only other stack of their series that agrees in all else. Of several they may be of any, and stay by
 * themselves.
 */
export function joinUntyped(groups: readonly SeriesGroup[]): readonly SeriesGroup[] {
  const isUntyped = ({ headers: [first], role }: SeriesGroup) =>
    role === "stack" && first.imageType.length === 0 && first.seriesInstanceUid !== undefined;
  const joined = new Map<SeriesGroup, SeriesGroup>();
  const taken = new Set<SeriesGroup>();
  for (const group of groups.filter(isUntyped)) {
    const fitting = groups.filter((one) => one !== group && one.role === "stack" && agree(one, group));
    if (fitting.length !== 1) continue;
    const [stack] = fitting;
    const before = joined.get(stack) ?? stack;
    taken.add(group);
    joined.set(stack, {
      ...before,
      headers: [...before.headers, ...group.headers],
      diagnostics: [...(before.diagnostics ?? []), noteOn(group.headers)],
    });
  }
  return groups.filter((group) => !taken.has(group)).map((group) => joined.get(group) ?? group);
}

function agree({ headers: [a] }: SeriesGroup, { headers: [b] }: SeriesGroup): boolean {
  return a.imageType.length > 0 && keyOf(a) === keyOf(b) && sharePlane(a, b);
}

function keyOf(header: SliceHeader): string {
  const { studyInstanceUid, seriesInstanceUid, frameOfReferenceUid, modality, rows, columns } = header;
  const { stackId, numberOfFrames, imagePositionPatient } = header;
  return JSON.stringify([
    ...[studyInstanceUid, seriesInstanceUid, frameOfReferenceUid, modality, rows, columns, stackId],
    ...[numberOfFrames, imagePositionPatient !== undefined, unitsOf(header)],
  ]);
}

function noteOn(headers: readonly SliceHeader[]): Diagnostic {
  const message = `${headers.length} slices have no Image Type; they agree in all else with the only stack of their series, and are of it`;
  return { severity: "warning", code: "image-type-missing", message, files: sliceNames(headers) };
}
