import type { ByteSource, Extent } from "../../core/byte_source.js";
import { sourceRule } from "../../core/byte_source.js";
import { isHounsfieldError } from "../../core/errors.js";
import { checkArgument } from "../../core/options.js";
import type { DataElement } from "../syntax/elements.js";
import { type DicomDataSet, readUntilPixelData } from "../syntax/read_data_set.js";
import { TAG } from "../syntax/tags.js";
import { type DataSet, dataSetOf } from "../syntax/values.js";
import { withSliceFields } from "./slice_fields.js";
import type { ImageHeader, PixelDataLocation, SliceHeader } from "./slice_header.js";
import { checkImage, checkPixelDataLength, refuseOtherPixelData } from "./validate_image.js";
import { VOI_LUT_SEQUENCE } from "./voi_window.js";

/**
 * Reads the header of one image; only its head is read from `source`, never its pixels. Tolerated: no
 * preamble, no file meta information (the encoding is then seen from the bytes), empty UIDs, missing
 * attributes that follow from others (BitsStored, HighBit), and by the rules of docs/sources.md, each with a
 * diagnostic, what departs from the standard where nothing depends on it. No patient's name or identity is
 * read. Errors carry Series Instance UID, Modality and SOP Class UID where the header had them.
 * @throws HounsfieldError
 *   `not-dicom`, `git-lfs-pointer`;
 *   `truncated` when the header or uncompressed pixel data go beyond the end of the file;
 *   `malformed-dicom` when elements break the standard or contradict each other;
 *   `unsupported-image` when it is DICOM but no grayscale image (report, color, segmentation, float);
 *   `unsupported-transfer-syntax` when not even the header can be read; `limit-exceeded`; `io`
 */
export async function parseSlice(source: ByteSource): Promise<SliceHeader> {
  checkArgument("parseSlice", "source", source, sourceRule);
  return readImage(source, (image, data) => withLutWindow(sliceHeader(image, data), data));
}

/**
 * The images of a file: one; or each frame of a multi-frame image whose functional groups (PS3.3 C.7.6.16),
 * or whose Slice Location Vector or Grid Frame Offset Vector (C.7.6.6, C.8.8.3.2), say where its frames lie,
 * in the order of the pixel data, `frame` counting them. A multi-frame image that says nothing of its frames
 * is one header.
 * @throws HounsfieldError as parseSlice; `malformed-dicom` where there are not as many per-frame groups as
 * frames
 */
export async function parseSlices(source: ByteSource): Promise<SliceHeader[]> {
  checkArgument("parseSlices", "source", source, sourceRule);
  return readImage(source, sliceHeaders);
}

async function sliceHeaders(image: ImageHeader, data: DataSet): Promise<SliceHeader[]> {
  const top = await withLutWindow(sliceHeader(image, data), data);
  const hasGroups =
    data.elements.has(TAG.PerFrameFunctionalGroupsSequence) ||
    data.elements.has(TAG.SharedFunctionalGroupsSequence);
  if (image.numberOfFrames === 1 && !hasGroups) return [top];
  // Loaded when a file needs it: single-frame images do not.
  return (await import("./frame_headers.js")).frameHeaders(top, data);
}

/** Of a VOI LUT, where there is no window beside it; its reading is loaded when a file needs it. */
async function withLutWindow(header: SliceHeader, data: DataSet): Promise<SliceHeader> {
  if (header.windows || !data.elements.has(VOI_LUT_SEQUENCE)) return header;
  const window = (await import("./voi_lut.js")).lutWindow(data, header.pixelRepresentation);
  return window ? { ...header, windows: [window] } : header;
}

function sliceHeader(image: ImageHeader, data: DataSet): SliceHeader {
  return withSliceFields(image, data, image.pixelRepresentation);
}

/**
 * Reads what it takes to decode an image and nothing else: a position that is no number does not matter here.
 * @throws HounsfieldError as parseSlice, but only of what it reads
 */
export async function parseImage(source: ByteSource): Promise<ImageHeader> {
  checkArgument("parseImage", "source", source, sourceRule);
  return readImage(source, (image) => image);
}

type Make<Result> = (image: ImageHeader, data: DataSet) => Result | Promise<Result>;

/**
 * By the plain way, which is quick and takes what the standard asks for; what it refuses is looked at again.
 */
async function readImage<Result>(source: ByteSource, make: Make<Result>): Promise<Result> {
  try {
    return await imageOf(await readUntilPixelData(source), make);
  } catch (error) {
    if (!isHounsfieldError(error, ...WORTH_A_SECOND_LOOK)) throw error;
    // Rare, and more code than the plain way.
    const { readRepaired } = await import("./repair_header.js");
    return readRepaired(source, error, (head) => imageOf(head, make));
  }
}

/** Also for which series it is of, where it is refused for good. */
const WORTH_A_SECOND_LOOK = [
  "malformed-dicom",
  "truncated",
  "unsupported-transfer-syntax",
  "unsupported-image",
] as const;

async function imageOf<Result>(head: DicomDataSet, make: Make<Result>): Promise<Result> {
  const { source } = head;
  const data = await dataSetOf(source.name, head.elements);
  const pixelData = refuseOtherPixelData(head, data);
  const fields = checkImage(data);
  const image: ImageHeader = {
    ...fields,
    source: head.source,
    transferSyntax: head.transferSyntax,
    pixelData: locationOf(head, pixelData, fields.bitsAllocated),
    ...(head.diagnostics.length > 0 && { diagnostics: head.diagnostics }),
  };
  await checkPixelDataLength(image, head);
  return make(image, data);
}

function locationOf(head: DicomDataSet, pixelData: DataElement, bitsAllocated: number): PixelDataLocation {
  const { offset, length, vr } = pixelData;
  const encapsulated = length === -1 || head.isEncapsulated === true;
  const swapped = head.encoding.bigEndian && vr === "OW" && bitsAllocated === 8;
  return {
    offset,
    length,
    encapsulated,
    ...(swapped && { swapped }),
    ...(encapsulated && { extendedOffsets: extentOf(head.elements.get(TAG.ExtendedOffsetTable)) }),
  };
}

function extentOf(element: DataElement | undefined): Extent | undefined {
  return element && element.length > 0 ? { offset: element.offset, length: element.length } : undefined;
}
