import type { Vec3 } from "../core/grid.js";
import { checkImage, checkPixelDataLength, refuseOtherPixelData } from "./check_image.js";
import type { DataElement } from "./elements.js";
import { type Head, readHead } from "./head.js";
import type { ByteSource, Extent, ImageHeader, PixelDataLocation, SliceHeader } from "./slice.js";
import { TAG } from "./tags.js";
import {
  type DataSet,
  decimalOf,
  decimalsOf,
  looseDecimalOf,
  looseIntegerOf,
  signedByOf,
  textOf,
  textsOf,
} from "./values.js";

/**
 * Reads the header of one image; only its head is read from `source`, never its pixels.
 * Tolerated: no preamble, no file meta information (the encoding is then seen from the bytes), empty UIDs, missing
 * attributes that follow from others (BitsStored, HighBit). No patient's name or identity is read.
 * @throws HounsfieldError
 *   `not-dicom`, `git-lfs-pointer`;
 *   `truncated` when the header or uncompressed pixel data go beyond the end of the file;
 *   `malformed-dicom` when elements break the standard or contradict each other;
 *   `unsupported-image` when it is DICOM but no grey-scale image (report, color, segmentation, float);
 *   `unsupported-transfer-syntax` when not even the header can be read; `limit-exceeded`; `io`
 */
export async function parseSlice(source: ByteSource): Promise<SliceHeader> {
  const { image, data } = await readImage(source);
  return {
    ...image,
    ...identityOf(data),
    ...geometryOf(data),
    ...valuesOf(data, image.pixelRepresentation),
  };
}

/**
 * Reads what it takes to decode an image and nothing else: a position that is no number does not matter here.
 * @throws HounsfieldError as parseSlice, but only of what it reads
 */
export async function parseImage(source: ByteSource): Promise<ImageHeader> {
  return (await readImage(source)).image;
}

async function readImage(source: ByteSource): Promise<{ image: ImageHeader; data: DataSet }> {
  const head = await readHead(source);
  const data: DataSet = { file: source.name, elements: head.elements };
  const pixelData = refuseOtherPixelData(head, data);
  const fields = checkImage(data);
  const image: ImageHeader = {
    source: head.source,
    transferSyntax: head.transferSyntax,
    ...fields,
    pixelData: locationOf(head, pixelData, fields.bitsAllocated),
    ...(head.diagnostics.length > 0 && { diagnostics: head.diagnostics }),
  };
  await checkPixelDataLength(image, head.encoding);
  return { image, data };
}

function locationOf(head: Head, pixelData: DataElement, bitsAllocated: number): PixelDataLocation {
  const { offset, length, vr } = pixelData;
  const encapsulated = length === -1;
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

function identityOf(data: DataSet) {
  return {
    studyInstanceUid: textOf(data, TAG.StudyInstanceUID),
    seriesInstanceUid: textOf(data, TAG.SeriesInstanceUID),
    sopInstanceUid: textOf(data, TAG.SOPInstanceUID),
    sopClassUid: textOf(data, TAG.SOPClassUID),
    frameOfReferenceUid: textOf(data, TAG.FrameOfReferenceUID),
    modality: textOf(data, TAG.Modality),
    imageType: textsOf(data, TAG.ImageType),
    seriesNumber: looseIntegerOf(data, TAG.SeriesNumber),
    seriesDescription: textOf(data, TAG.SeriesDescription),
    acquisitionNumber: looseIntegerOf(data, TAG.AcquisitionNumber),
    instanceNumber: looseIntegerOf(data, TAG.InstanceNumber),
    convolutionKernel: textOf(data, TAG.ConvolutionKernel),
    patientPosition: textOf(data, TAG.PatientPosition),
  };
}

function geometryOf(data: DataSet) {
  const spacing = decimalsOf(data, TAG.PixelSpacing, 2);
  const position = decimalsOf(data, TAG.ImagePositionPatient, 3);
  return {
    pixelSpacing: spacing && ([spacing[0], spacing[1]] as const),
    imageOrientationPatient: decimalsOf(data, TAG.ImageOrientationPatient, 6),
    imagePositionPatient: position && ([position[0], position[1], position[2]] satisfies Vec3),
    sliceLocation: decimalOf(data, TAG.SliceLocation),
    sliceThickness: looseDecimalOf(data, TAG.SliceThickness),
    spacingBetweenSlices: looseDecimalOf(data, TAG.SpacingBetweenSlices),
    gantryDetectorTilt: looseDecimalOf(data, TAG.GantryDetectorTilt),
  };
}

function valuesOf(data: DataSet, pixelRepresentation: 0 | 1) {
  return {
    rescaleSlope: decimalOf(data, TAG.RescaleSlope),
    rescaleIntercept: decimalOf(data, TAG.RescaleIntercept),
    rescaleType: textOf(data, TAG.RescaleType),
    hasModalityLut: data.elements.has(TAG.ModalityLUTSequence) || undefined,
    pixelPaddingValue: signedByOf(data, TAG.PixelPaddingValue, pixelRepresentation),
  };
}
