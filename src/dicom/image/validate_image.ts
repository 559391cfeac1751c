import { HounsfieldError } from "../../core/errors.js";
import type { DataElement } from "../syntax/elements.js";
import { checkTail, type DicomDataSet } from "../syntax/read_data_set.js";
import { formatTag, TAG } from "../syntax/tags.js";
import { isNative } from "../syntax/transfer_syntax.js";
import { countOf, type DataSet, textOf, unsignedOf } from "../syntax/values.js";
import { nativeFrameBytes } from "./native_frame.js";
import type { ImageHeader } from "./slice_header.js";
import { hasRowsWithoutPixels, objectName } from "./sop_class.js";

const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

/**
 * The pixel data of a grayscale image.
 * @throws HounsfieldError `unsupported-image` where there is none; `truncated` where all but the pixels of
 * one is there
 */
export function refuseOtherPixelData(head: DicomDataSet, data: DataSet): DataElement {
  const { file } = data;
  if (!head.pixelData) throw withoutPixelData(data);
  if (head.pixelData.tag === TAG.PixelData) return head.pixelData;
  const message = `${file}: has floating-point pixel data; only integer gray values are read`;
  throw new HounsfieldError("unsupported-image", message, { file, tag: formatTag(head.pixelData.tag) });
}

/** A file cut between two elements still reads well: that it is an image is told by what describes one. */
function withoutPixelData(data: DataSet): HounsfieldError {
  const fields = { file: data.file, tag: formatTag(TAG.PixelData) };
  const sopClass = textOf(data, TAG.SOPClassUID) ?? textOf(data, TAG.MediaStorageSOPClassUID);
  const name = objectName(sopClass);
  const isImage = data.elements.has(TAG.Rows) || sopClass === CT_IMAGE_STORAGE;
  if (isImage && !hasRowsWithoutPixels(sopClass))
    return new HounsfieldError(
      "truncated",
      `${data.file}: is an image, but ends before its pixel data`,
      fields,
    );
  const modality = textOf(data, TAG.Modality);
  const what = [name && `is a ${name}`, modality && `modality ${modality}`].filter(Boolean).join(", ");
  const message = `${data.file}: has no pixel data${what ? ` (${what})` : ""}`;
  return new HounsfieldError("unsupported-image", message, fields);
}

type ImageFields = Pick<
  ImageHeader,
  | "numberOfFrames"
  | "rows"
  | "columns"
  | "samplesPerPixel"
  | "photometricInterpretation"
  | "bitsAllocated"
  | "bitsStored"
  | "highBit"
  | "pixelRepresentation"
>;

/**
 * The Image Pixel module (PS3.3 C.7.6.3), checked against itself. BitsStored defaults to BitsAllocated and
 * HighBit to BitsStored - 1, which is what the standard asks them to be; sign and size of a sample have no
 * safe default.
 * @throws HounsfieldError `malformed-dicom`, `unsupported-image`
 */
export function checkImage(data: DataSet): ImageFields {
  const photometricInterpretation = textOf(data, TAG.PhotometricInterpretation) ?? "MONOCHROME2";
  const samplesPerPixel = unsignedOf(data, TAG.SamplesPerPixel) ?? 1;
  refuseColor(data, photometricInterpretation, samplesPerPixel);
  const rows = required(data, TAG.Rows, (n) => n >= 1 && n <= 65535, "1 to 65535");
  const columns = required(data, TAG.Columns, (n) => n >= 1 && n <= 65535, "1 to 65535");
  const bitsAllocated = required(data, TAG.BitsAllocated, (n) => [1, 8, 16, 32].includes(n), "8, 16 or 32");
  if (bitsAllocated === 1) {
    const message = `${data.file}: is a segmentation of 1 bit a pixel, no grayscale image`;
    throw new HounsfieldError("unsupported-image", message, {
      file: data.file,
      tag: formatTag(TAG.BitsAllocated),
    });
  }
  const bitsStored = optional(
    data,
    TAG.BitsStored,
    bitsAllocated,
    (n) => n >= 1 && n <= bitsAllocated,
    bitsAllocated,
  );
  const holds = (n: number) => n >= bitsStored - 1 && n < bitsAllocated;
  const highBit = optional(data, TAG.HighBit, bitsStored - 1, holds, bitsAllocated - 1);
  const representation = required(data, TAG.PixelRepresentation, (n) => n === 0 || n === 1, "0 or 1");
  return {
    numberOfFrames: countOf(data, TAG.NumberOfFrames) ?? 1,
    rows,
    columns,
    samplesPerPixel,
    photometricInterpretation,
    bitsAllocated,
    bitsStored,
    highBit,
    pixelRepresentation: representation === 1 ? 1 : 0,
  };
}

function refuseColor(data: DataSet, photometric: string, samples: number): void {
  const gray = photometric === "MONOCHROME1" || photometric === "MONOCHROME2";
  const fields = { file: data.file, tag: formatTag(TAG.PhotometricInterpretation), got: photometric };
  if (/^(RGB|HSV|ARGB|CMYK|YBR_.*|XYB|PALETTE COLOR)$/.test(photometric)) {
    const message = `${data.file}: is a color image (${photometric}); only grayscale images are read`;
    throw new HounsfieldError("unsupported-image", message, fields);
  }
  if (gray && samples === 1) return;
  const accepted = "MONOCHROME1 or MONOCHROME2 with 1 sample per pixel";
  const message = `${data.file}: is ${photometric} with ${samples} samples per pixel; accepted is ${accepted}`;
  throw new HounsfieldError("malformed-dicom", message, { ...fields, accepted });
}

function required(data: DataSet, tag: number, accepts: (n: number) => boolean, accepted: string): number {
  const number = unsignedOf(data, tag);
  if (number !== undefined && accepts(number)) return number;
  const message = `${data.file}: ${formatTag(tag)} is ${number ?? "missing"}; accepted is ${accepted}`;
  throw new HounsfieldError("malformed-dicom", message, {
    file: data.file,
    tag: formatTag(tag),
    got: number,
    accepted,
  });
}

function optional(
  data: DataSet,
  tag: number,
  otherwise: number,
  accepts: (n: number) => boolean,
  most: number,
): number {
  return data.elements.get(tag)?.value.length ? required(data, tag, accepts, `at most ${most}`) : otherwise;
}

/**
 * Whether the element can hold the frames: exactly known for uncompressed data (PS3.5 8.1.1), for the rest
 * only that length and transfer syntax agree (PS3.5 A.4). More bytes than needed are padding.
 * @throws HounsfieldError `malformed-dicom`, `truncated`, `unsupported-transfer-syntax`
 */
export async function checkPixelDataLength(header: ImageHeader, head: DicomDataSet): Promise<void> {
  const { source, transferSyntax, pixelData, numberOfFrames } = header;
  const native = isNative(transferSyntax);
  if (native === pixelData.encapsulated) throw wrongEncapsulation(header);
  if (!native) {
    // The end of compressed pixel data is not looked for in a header; only a CT that lacks its rescale may
    // have it there.
    if (!head.isLenient && lacksRescale(head)) throw wrongPixelData(header, "may stand before a rescale");
    return;
  }
  const frameBytes = nativeFrameBytes(header);
  const needed = frameBytes * numberOfFrames;
  if (pixelData.length < needed) {
    throw wrongPixelData(
      header,
      `have ${pixelData.length} bytes, but the frames need ${needed}`,
      pixelData.length,
      needed,
    );
  }
  const end = pixelData.offset + pixelData.length;
  if (end > source.size) {
    const message = `${source.name}: pixel data go on to byte ${end}, but the file ends at byte ${source.size}`;
    throw new HounsfieldError("truncated", message, {
      file: source.name,
      offset: source.size,
      accepted: end,
    });
  }
  if (head.isLenient) return;
  const isOdd = pixelData.length >= needed + frameBytes || (await checkTail(source, end, head.encoding));
  if (isOdd) throw wrongPixelData(header, "are longer, or are followed by what is looked at again");
}

function lacksRescale({ source, elements }: DicomDataSet): boolean {
  const isElsewhere = [TAG.RescaleSlope, TAG.ModalityLUTSequence, TAG.SharedFunctionalGroupsSequence].some(
    (tag) => elements.has(tag),
  );
  return !isElsewhere && textOf({ file: source.name, elements }, TAG.Modality) === "CT";
}

function wrongEncapsulation(header: ImageHeader): HounsfieldError {
  const { source, transferSyntax, pixelData } = header;
  const compressed = /^1\.2\.840\.10008\.1\.2\.(4\..*|5|1\.98)$/.test(transferSyntax);
  if (isNative(transferSyntax) || compressed) {
    const length = pixelData.encapsulated ? "an undefined length" : "a defined length";
    return wrongPixelData(
      header,
      `have ${length}, which transfer syntax ${transferSyntax} does not allow`,
      pixelData.length,
    );
  }
  const message = `${source.name}: transfer syntax ${transferSyntax} is not supported`;
  return new HounsfieldError("unsupported-transfer-syntax", message, { file: source.name, transferSyntax });
}

function wrongPixelData(header: ImageHeader, what: string, got?: number, accepted?: number): HounsfieldError {
  const { name } = header.source;
  const tag = formatTag(TAG.PixelData);
  const fields = {
    file: name,
    tag,
    offset: header.pixelData.offset,
    transferSyntax: header.transferSyntax,
    got,
    accepted,
  };
  return new HounsfieldError("malformed-dicom", `${name}: pixel data ${what}`, fields);
}
