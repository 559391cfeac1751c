import type { Diagnostic } from "../../core/diagnostic.js";
import { unitsOf } from "../image/rescale.js";
import type { SliceHeader } from "../image/slice_header.js";
import type { SeriesGroup } from "./group_images.js";

/** What groupSeries holds images apart by within one series, as a person would say it. */
const DIFFERENCES: readonly (readonly [name: string, of: (header: SliceHeader) => unknown])[] = [
  ["orientation", (header) => header.imageOrientationPatient],
  ["pixel spacing", (header) => header.pixelSpacing],
  ["size", ({ rows, columns }) => [rows, columns]],
  ["image type", (header) => header.imageType.slice(0, 3)],
  ["frame of reference", (header) => header.frameOfReferenceUid],
  ["units", unitsOf],
  ["presence of a position", (header) => header.imagePositionPatient !== undefined],
  ["stack", (header) => header.stackId],
  ["multi-frame image", (header) => (header.numberOfFrames > 1 ? header.source.name : "")],
];

/**
 * Says of each stack whose series was divided what the parts differ in: a slice that strayed is found by it.
 */
export function withSplitDiagnostics(groups: readonly SeriesGroup[]): SeriesGroup[] {
  const bySeries = new Map<string, SeriesGroup[]>();
  for (const group of groups) {
    const [{ studyInstanceUid, seriesInstanceUid }] = group.headers;
    if (group.role !== "stack" || seriesInstanceUid === undefined) continue;
    const key = `${studyInstanceUid} ${seriesInstanceUid}`;
    bySeries.set(key, [...(bySeries.get(key) ?? []), group]);
  }
  const reasons = new Map<SeriesGroup, Diagnostic>();
  for (const parts of bySeries.values()) {
    if (parts.length < 2) continue;
    const firsts = parts.map(({ headers }) => headers[0]);
    const differing = DIFFERENCES.filter(
      ([, of]) => new Set(firsts.map((first) => JSON.stringify(of(first) ?? null))).size > 1,
    );
    const names = differing.map(([name]) => name).join(", ");
    const message = `its series has ${parts.length} kinds of images, which differ in ${names}; each is a volume of its own`;
    for (const part of parts) reasons.set(part, { severity: "info", code: "series-split", message });
  }
  return groups.map((group) => {
    const reason = reasons.get(group);
    return reason ? { ...group, diagnostics: [...(group.diagnostics ?? []), reason] } : group;
  });
}
