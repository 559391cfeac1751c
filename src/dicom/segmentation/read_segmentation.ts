import { type ByteSource, readExactly, sourceRule } from "../../core/byte_source.js";
import { checkGrid } from "../../core/check_grid.js";
import { HounsfieldError } from "../../core/errors.js";
import type { Grid } from "../../core/grid.js";
import { checkArgument } from "../../core/options.js";
import { frameData, functionalGroupsOf } from "../image/functional_groups.js";
import { readUntilPixelData } from "../syntax/read_data_set.js";
import { TAG } from "../syntax/tags.js";
import {
  countOf,
  type DataSet,
  dataSetOf,
  decimalsOf,
  itemsOf,
  textOf,
  unsignedOf,
} from "../syntax/values.js";
import { sliceOfFrame } from "./frame_place.js";
import type { CodedConcept, Segment } from "./segment.js";

/** A DICOM Segmentation on the grid of a volume. */
export interface LabelsRead {
  /** A label a voxel, dense, z, y, x: the number of its segment, 0 where there is none. */
  readonly labels: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  readonly segments: readonly Segment[];
  /** Of the study that it is of. */
  readonly studyInstanceUid?: string;
  readonly frameOfReferenceUid?: string;
}

/** Segmentation Storage, and Label Map Segmentation Storage. */
const STORAGE = ["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"];

/**
 * Reads a DICOM Segmentation (PS3.3 A.51: binary; A.51 with SegmentationType LABELMAP) onto a grid: each of
 * its frames must be a slice of that grid, which those of `encodeSegmentation` for the same series are.
 * @throws HounsfieldError `unsupported-image` for other objects, fractions, compression, and segments that
 * overlap; `wrong-grid` for frames that are no slices of the grid; `malformed-dicom`, `truncated`,
 * `not-dicom`, `io`; `invalid-option`
 */
export async function readSegmentation(source: ByteSource, grid: Grid): Promise<LabelsRead> {
  checkArgument("readSegmentation", "source", source, sourceRule);
  checkGrid("readSegmentation", "grid", grid);
  const head = await readUntilPixelData(source);
  const data = await dataSetOf(source.name, head.elements);
  const image = segmentationImage(data);
  const { pixelData } = head;
  if (!pixelData || pixelData.length < 0)
    throw refused(
      "unsupported-image",
      data,
      "its pixel data are compressed, or there are none",
      TAG.PixelData,
    );
  const pixels = image.rows * image.columns;
  const bytes = Math.ceil((image.frames * pixels * image.bits) / 8);
  if (pixelData.length < bytes) {
    const message = `${source.name}: ${pixelData.length} bytes of pixel data; ${image.frames} frames take ${bytes}`;
    throw new HounsfieldError("truncated", message, {
      file: source.name,
      got: pixelData.length,
      accepted: bytes,
    });
  }
  const places = placesOf(data, image, grid);
  const held = await readExactly(head.source, pixelData.offset, pixelData.offset + bytes);
  const most = image.segments.reduce((most, { label }) => Math.max(most, label), 0);
  const count = grid.size[0] * grid.size[1] * grid.size[2];
  const labels = most > 255 ? new Uint16Array(count) : new Uint8Array(count);
  for (const [frame, { z, segment }] of places.entries()) {
    const at = frameReaderOf(held, image, frame * pixels);
    for (let i = 0; i < pixels; i++) {
      const value = at(i);
      if (value === 0) continue;
      const label = segment ?? value;
      const old = labels[z * pixels + i];
      if (old !== 0 && old !== label)
        throw refused("unsupported-image", data, `its segments ${old} and ${label} overlap`, 0x00620013);
      labels[z * pixels + i] = label;
    }
  }
  return {
    labels,
    segments: image.segments,
    studyInstanceUid: textOf(data, TAG.StudyInstanceUID),
    frameOfReferenceUid: textOf(data, TAG.FrameOfReferenceUID),
  };
}

interface SegmentationImage {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly bits: 1 | 8 | 16;
  readonly segments: readonly Segment[];
}

function segmentationImage(data: DataSet): SegmentationImage {
  const storage = textOf(data, TAG.SOPClassUID);
  if (storage === undefined || !STORAGE.includes(storage))
    throw refused("unsupported-image", data, "is no DICOM Segmentation", TAG.SOPClassUID, storage);
  const type = textOf(data, 0x00620001);
  const bits = unsignedOf(data, TAG.BitsAllocated);
  const fits = (type === "BINARY" && bits === 1) || (type === "LABELMAP" && (bits === 8 || bits === 16));
  if (!fits || (bits !== 1 && bits !== 8 && bits !== 16))
    throw refused(
      "unsupported-image",
      data,
      `is a segmentation of type ${type} with ${bits} bits`,
      0x00620001,
      type,
    );
  const [rows, columns] = [unsignedOf(data, TAG.Rows), unsignedOf(data, TAG.Columns)];
  const frames = countOf(data, TAG.NumberOfFrames) ?? 1;
  if (!rows || !columns) throw refused("malformed-dicom", data, "has no Rows or Columns", TAG.Rows);
  const segments = itemsOf(data, TAG.SegmentSequence).map((item) => segmentOf(data, item));
  if (segments.length === 0) throw refused("malformed-dicom", data, "has no segments", TAG.SegmentSequence);
  return { rows, columns, frames, bits, segments };
}

function segmentOf(data: DataSet, item: DataSet): Segment {
  const label = unsignedOf(item, 0x00620004);
  if (!label) throw refused("malformed-dicom", data, "has a segment without a number", 0x00620004);
  const [category] = itemsOf(item, 0x00620003);
  const [type] = itemsOf(item, 0x0062000f);
  const [modifier] = type ? itemsOf(type, 0x00620011) : [];
  return {
    label,
    name: textOf(item, 0x00620005) ?? `segment ${label}`,
    ...(category && { category: codeOf(category) }),
    ...(type && { type: codeOf(type) }),
    ...(modifier && { modifier: codeOf(modifier) }),
  };
}

function codeOf(item: DataSet): CodedConcept {
  const [value, scheme, meaning] = [0x00080100, 0x00080102, 0x00080104].map((tag) => textOf(item, tag) ?? "");
  return { value, scheme, meaning };
}

interface FramePlace {
  readonly z: number;
  /** Of a binary one. */
  readonly segment?: number;
}

function placesOf(
  data: DataSet,
  { rows, columns, frames, bits, segments }: SegmentationImage,
  grid: Grid,
): FramePlace[] {
  const groups = functionalGroupsOf(data);
  if (!groups || groups.perFrame.length !== frames)
    throw refused(
      "malformed-dicom",
      data,
      `has ${frames} frames and groups of ${groups?.perFrame.length ?? 0}`,
      TAG.PerFrameFunctionalGroupsSequence,
    );
  const known = new Set(segments.map(({ label }) => label));
  return groups.perFrame.map((own, frame) => {
    const all = frameData(groups, frame, data.file);
    const z = sliceOfFrame(grid, {
      file: data.file,
      frame,
      size: [columns, rows],
      position: decimalsOf(all, TAG.ImagePositionPatient, 3),
      orientation: decimalsOf(all, TAG.ImageOrientationPatient, 6),
      spacing: decimalsOf(all, TAG.PixelSpacing, 2),
    });
    if (bits !== 1) return { z };
    const [identification] = itemsOf(own, 0x0062000a);
    const segment = identification && unsignedOf(identification, 0x0062000b);
    if (segment === undefined || !known.has(segment))
      throw refused(
        "malformed-dicom",
        data,
        `frame ${frame + 1} is of segment ${segment}, which there is none of`,
        0x0062000b,
      );
    return { z, segment };
  });
}

/** The values of a frame that begins at pixel `first` of all. */
function frameReaderOf(bytes: Uint8Array, { bits }: SegmentationImage, first: number): (i: number) => number {
  if (bits === 1) return (i) => (bytes[(first + i) >> 3] >> ((first + i) & 7)) & 1;
  if (bits === 8) return (i) => bytes[first + i];
  return (i) => bytes[2 * (first + i)] + 256 * bytes[2 * (first + i) + 1];
}

function refused(
  code: "unsupported-image" | "malformed-dicom",
  { file }: DataSet,
  what: string,
  tag: number,
  got?: unknown,
): HounsfieldError {
  const digits = tag.toString(16).padStart(8, "0").toUpperCase();
  const fields = { file, tag: `(${digits.slice(0, 4)},${digits.slice(4)})`, got };
  return new HounsfieldError(code, `${file}: ${what}`, fields);
}
