import { HounsfieldError } from "../../core/errors.js";
import { checkArgument, checkOptions, invalidOption, type Rule } from "../../core/options.js";
import { anything, listOf, required, text } from "../../core/rules.js";
import { version } from "../../core/version.js";
import type { PatientIdentity } from "../image/patient.js";
import type { Series } from "../series/list_series.js";
import { type DicomElement, encodeElement, joinBytes } from "../syntax/write_element.js";
import { BitFrames } from "./pack_bits.js";
import { type Segment, segmentRule } from "./segment.js";
import { frameElements, headElements, segmentElements } from "./segmentation_elements.js";
import { fileMeta } from "./segmentation_meta.js";

/** What encodeSegmentation writes. */
export interface Segmentation {
  /** A label a voxel of the series' grid, dense, z, y, x; 0 where there is no segment. */
  readonly labels: Uint8Array | Uint16Array;
  readonly segments: readonly Segment[];
  /** What made it: "hounsfield" where absent. */
  readonly algorithm?: string;
  /** Series Description. */
  readonly description?: string;
  /** When; now where absent. The same input and date are the same bytes. */
  readonly created?: Date;
  /**
   * Whose it is, as `readPatient` gives it. Without it nothing of the patient is written, but for the UIDs of
   * study, series and slices.
   */
  readonly patient?: PatientIdentity;
}

const labelsRule: Rule = (value) =>
  /^\[object Uint(8|16)Array\]$/.test(Object.prototype.toString.call(value))
    ? undefined
    : "a Uint8Array or a Uint16Array";
const dateRule: Rule = (value) =>
  Object.prototype.toString.call(value) === "[object Date]" && !Number.isNaN(Number(value))
    ? undefined
    : "a Date";
const patientRule: Rule = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "what readPatient gives";

/**
 * A DICOM Segmentation (PS3.3 A.51, binary) of a label volume on the grid of `series`, as a file: a frame for
 * each segment and each slice that it is in, referring to the slice that it was made of. Explicit little
 * endian; UIDs are of its content and date, under 2.25 (PS3.5 B.2).
 * @throws HounsfieldError `invalid-option`; `unsupported-image` where the slices are not those of DICOM
 * files, or were resampled; `malformed-dicom` where they have no UIDs to be referred to by
 */
export function encodeSegmentation(series: Series, segmentation: Segmentation): Uint8Array<ArrayBuffer> {
  const of = "encodeSegmentation";
  requireReferable(of, series);
  const { labels, segments, algorithm, description, created, patient } = checkOptions(of, segmentation, {
    labels: required(labelsRule),
    segments: required(listOf(anything, "segments")),
    algorithm: text,
    description: text,
    created: dateRule,
    patient: patientRule,
  });
  for (const segment of segments) checkArgument(of, "segments", segment, segmentRule(of));
  const [nx, ny, nz] = series.grid.size;
  const pixels = nx * ny;
  if (labels.length !== pixels * nz)
    throw invalidOption(of, "labels.length", labels.length, `${pixels * nz}, as the series has voxels`);
  if (new Set(segments.map(({ label }) => label)).size < segments.length)
    throw invalidOption(
      of,
      "segments",
      segments.map(({ label }) => label),
      "a label of its own for each",
    );
  const frames = framesOf(labels, segments, pixels);
  if (frames.length === 0) throw invalidOption(of, "labels", "no voxel of a segment", "one at least");
  const bits = new BitFrames(frames.length, pixels);
  for (const { segment, z } of frames)
    bits.add(labels, z * pixels, (z + 1) * pixels, segments[segment].label);
  const head = headElements(series, {
    bits: bits.bytes,
    frames: frames.length,
    created: created ?? new Date(),
    description: description ?? "Segmentation",
    version,
    patient: patient ?? {},
  });
  const elements: DicomElement[] = [
    ...head,
    segmentElements(segments, algorithm ?? "hounsfield"),
    ...frameElements(series, frames),
    { tag: 0x7fe00010, vr: "OB", value: bits.bytes },
  ];
  elements.sort((a, b) => a.tag - b.tag);
  return joinBytes([...fileMeta(head), ...elements.map((element) => encodeElement(element, true))]);
}

/** A segment, by its place in the list, in a slice. */
export interface SegmentFrame {
  readonly segment: number;
  readonly z: number;
}

/** By segment, then by position; those without a voxel are left out. */
function framesOf(labels: ArrayLike<number>, segments: readonly Segment[], pixels: number): SegmentFrame[] {
  const slices = labels.length / pixels;
  const present = Array.from({ length: slices }, () => new Set<number>());
  for (let z = 0; z < slices; z++) {
    let last = 0;
    for (let i = z * pixels; i < (z + 1) * pixels; i++) {
      if (labels[i] === last) continue;
      last = labels[i];
      present[z].add(last);
    }
  }
  return segments.flatMap(({ label }, segment) =>
    present.flatMap((labels, z) => (labels.has(label) ? [{ segment, z }] : [])),
  );
}

/** PS3.5 9.1. */
const UID = /^(?=.{1,64}$)(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/;

function requireReferable(of: string, series: Series): void {
  const { slices, grid, resampling, files } = (series ?? {}) as Partial<Series>;
  if (!Array.isArray(slices) || !grid)
    throw invalidOption(of, "series", series, "one series, as chooseSeries gives it");
  if (files || resampling) {
    const why = files ? "of another format than DICOM" : "resampled: its slices are not those acquired";
    throw new HounsfieldError(
      "unsupported-image",
      `${of}: the series is ${why}, and none can be referred to`,
    );
  }
  const needed = [
    ["SOP Instance UID", "(0008,0018)", "sopInstanceUid"],
    ["SOP Class UID", "(0008,0016)", "sopClassUid"],
    ["Study Instance UID", "(0020,000D)", "studyInstanceUid"],
    ["Series Instance UID", "(0020,000E)", "seriesInstanceUid"],
    ["Frame of Reference UID", "(0020,0052)", "frameOfReferenceUid"],
  ] as const;
  for (const slice of slices) {
    for (const [name, tag, field] of needed) {
      const got = slice[field];
      if (got !== undefined && UID.test(got)) continue;
      const file = slice.source.name;
      const message = `${file}: has no valid ${name} (${got ?? "absent"}), by which a segmentation refers to it`;
      throw new HounsfieldError("malformed-dicom", message, { file, tag, got });
    }
  }
}
