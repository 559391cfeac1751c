import { type Grid, positionMm } from "../../core/grid.js";
import type { PatientIdentity } from "../image/patient.js";
import type { SliceHeader } from "../image/slice_header.js";
import type { Series } from "../series/list_series.js";
import { uidFromName } from "../syntax/uid_from_name.js";
import { type DicomElement, sequenceElement, type Vr } from "../syntax/write_element.js";
import type { SegmentFrame } from "./encode_segmentation.js";
import { anatomicalStructure, type CodedConcept, cieLab, type Segment } from "./segment.js";

const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

const element = (tag: number, vr: Vr, value: DicomElement["value"]): DicomElement => ({ tag, vr, value });

/** A code sequence of one code (PS3.3 8.8). */
function code(
  tag: number,
  { value, scheme, meaning }: CodedConcept,
  more: readonly DicomElement[] = [],
): DicomElement {
  return sequenceElement(tag, [
    [
      element(0x00080100, "SH", value),
      element(0x00080102, "SH", scheme),
      element(0x00080104, "LO", meaning),
      ...more,
    ],
  ]);
}

export interface HeadOptions {
  readonly bits: Uint8Array;
  readonly frames: number;
  readonly created: Date;
  readonly description: string;
  readonly version: string;
  readonly patient: PatientIdentity;
}

/** Everything but segments, frames and pixels: PS3.3 A.51.3. */
export function headElements(series: Series, options: HeadOptions): DicomElement[] {
  const { created, description, version, patient } = options;
  const [first] = series.slices;
  const digits = created.toISOString().replaceAll(/[^\d.]/g, "");
  const [date, time] = [digits.slice(0, 8), digits.slice(8, 14)];
  const seed = `${first.sopInstanceUid}/${first.seriesInstanceUid}/${digits}/${description}/${hash(options.bits)}`;
  const [columns, rows] = series.grid.size;
  return [
    element(0x00080005, "CS", "ISO_IR 192"),
    element(0x00080008, "CS", ["DERIVED", "PRIMARY"]),
    element(0x00080016, "UI", SEGMENTATION_STORAGE),
    element(0x00080018, "UI", uidFromName(`instance/${seed}`)),
    element(0x00080020, "DA", patient.studyDate ?? ""),
    element(0x00080023, "DA", date),
    element(0x00080030, "TM", ""),
    element(0x00080033, "TM", time),
    element(0x00080050, "SH", patient.accessionNumber ?? ""),
    element(0x00080060, "CS", "SEG"),
    element(0x00080070, "LO", "hounsfield"),
    element(0x00080090, "PN", ""),
    element(0x0008103e, "LO", description.slice(0, 64)),
    element(0x00081090, "LO", "hounsfield"),
    referencedSeries(series.slices),
    element(0x00100010, "PN", patient.patientName ?? ""),
    element(0x00100020, "LO", patient.patientId ?? ""),
    element(0x00100030, "DA", patient.patientBirthDate ?? ""),
    element(0x00100040, "CS", patient.patientSex ?? ""),
    element(0x00181000, "LO", "1"),
    element(0x00181020, "LO", version),
    element(0x0020000d, "UI", first.studyInstanceUid ?? ""),
    element(0x0020000e, "UI", uidFromName(`series/${seed}`)),
    element(0x00200010, "SH", ""),
    element(0x00200011, "IS", "1"),
    element(0x00200013, "IS", "1"),
    element(0x00200052, "UI", first.frameOfReferenceUid ?? ""),
    element(0x00201040, "LO", ""),
    ...dimensions(uidFromName(`dimensions/${seed}`)),
    element(0x00280002, "US", 1),
    element(0x00280004, "CS", "MONOCHROME2"),
    element(0x00280008, "IS", String(options.frames)),
    element(0x00280010, "US", rows),
    element(0x00280011, "US", columns),
    element(0x00280100, "US", 1),
    element(0x00280101, "US", 1),
    element(0x00280102, "US", 0),
    element(0x00280103, "US", 0),
    element(0x00282110, "CS", "00"),
    element(0x00620001, "CS", "BINARY"),
    element(0x00620013, "CS", "NO"),
    element(0x00700080, "CS", "SEGMENTATION"),
    element(0x00700081, "LO", description.slice(0, 64)),
    element(0x00700084, "PN", "hounsfield^"),
  ];
}

/** Referenced Series Sequence: every slice, since each may show what is in none. */
function referencedSeries(slices: readonly SliceHeader[]): DicomElement {
  const seen = new Map(slices.map((slice) => [slice.sopInstanceUid, slice]));
  const instances = sequenceElement(0x0008114a, [...seen.values()].map(referenceOf));
  const uid = element(0x0020000e, "UI", slices[0].seriesInstanceUid ?? "");
  return sequenceElement(0x00081115, [[instances, uid]]);
}

function referenceOf({ sopClassUid = "", sopInstanceUid = "" }: SliceHeader): DicomElement[] {
  return [element(0x00081150, "UI", sopClassUid), element(0x00081155, "UI", sopInstanceUid)];
}

/** Frames are by segment, then by position (PS3.3 C.7.6.17). */
function dimensions(uid: string): DicomElement[] {
  const organization = element(0x00209164, "UI", uid);
  const index = (pointer: number, group: number, label: string) => [
    organization,
    element(0x00209165, "AT", pointer),
    element(0x00209167, "AT", group),
    element(0x00209421, "LO", label),
  ];
  return [
    sequenceElement(0x00209221, [[organization]]),
    sequenceElement(0x00209222, [
      index(0x0062000b, 0x0062000a, "Referenced Segment Number"),
      index(0x00200032, 0x00209113, "Image Position (Patient)"),
    ]),
  ];
}

/** Segment Sequence, numbered from 1 in the order given (PS3.3 C.8.20.4). */
export function segmentElements(segments: readonly Segment[], algorithm: string): DicomElement {
  return sequenceElement(
    0x00620002,
    segments.map(
      ({ name, category = anatomicalStructure, type = anatomicalStructure, modifier, color }, i) => [
        code(0x00620003, category),
        element(0x00620004, "US", i + 1),
        element(0x00620005, "LO", name.slice(0, 64)),
        element(0x00620008, "CS", "AUTOMATIC"),
        element(0x00620009, "LO", algorithm.slice(0, 64)),
        ...(color ? [element(0x0062000d, "US", cieLab(color))] : []),
        code(0x0062000f, type, modifier ? [code(0x00620011, modifier)] : []),
      ],
    ),
  );
}

/** Shared and per-frame functional groups (PS3.3 C.7.6.16). */
export function frameElements({ grid, slices }: Series, frames: readonly SegmentFrame[]): DicomElement[] {
  const orientation = [0, 1].flatMap((axis) => [0, 3, 6].map((row) => grid.direction[row + axis]));
  const [sx, sy, sz] = grid.spacingMm;
  const shared = [
    sequenceElement(0x00209116, [[element(0x00200037, "DS", orientation)]]),
    sequenceElement(0x00289110, [
      [
        element(0x00180050, "DS", slices[0].sliceThickness ?? sz),
        element(0x00180088, "DS", sz),
        element(0x00280030, "DS", [sy, sx]),
      ],
    ]),
  ];
  const positions = positionRanks(frames);
  const perFrame = frames.map(({ segment, z }) => [
    sequenceElement(0x00089124, [[sourceImage(slices[z]), derivation]]),
    sequenceElement(0x00209111, [[element(0x00209157, "UL", [segment + 1, positions.get(z) ?? 1])]]),
    sequenceElement(0x00209113, [[element(0x00200032, "DS", positionOf(grid, z))]]),
    sequenceElement(0x0062000a, [[element(0x0062000b, "US", segment + 1)]]),
  ]);
  return [sequenceElement(0x52009229, [shared]), sequenceElement(0x52009230, perFrame)];
}

const derivation = code(0x00089215, { value: "113076", scheme: "DCM", meaning: "Segmentation" });
const purpose: CodedConcept = {
  value: "121322",
  scheme: "DCM",
  meaning: "Source image for image processing operation",
};

function sourceImage(slice: SliceHeader): DicomElement {
  const frame = slice.frame === undefined ? [] : [element(0x00081160, "IS", String(slice.frame + 1))];
  return sequenceElement(0x00082112, [[...referenceOf(slice), ...frame, code(0x0040a170, purpose)]]);
}

/** Dimension index values count from 1, without gaps. */
function positionRanks(frames: readonly SegmentFrame[]): ReadonlyMap<number, number> {
  const all = [...new Set(frames.map(({ z }) => z))].sort((a, b) => a - b);
  return new Map(all.map((z, i) => [z, i + 1]));
}

function positionOf(grid: Grid, z: number): number[] {
  return [...positionMm(grid, [0, 0, z])];
}

/** Of bytes, in two halves (FNV-1a), for a UID that is the content's. */
function hash(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < bytes.length; i++) {
    a = Math.imul(a ^ bytes[i], 0x01000193);
    b = Math.imul(b ^ bytes[i], 0x85ebca6b) + i;
  }
  return `${a >>> 0}.${b >>> 0}`;
}
