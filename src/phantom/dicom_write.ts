import { HounsfieldError } from "../core/errors.js";
import { uidFromName } from "../dicom/syntax/uid_from_name.js";
import {
  type DicomElement,
  encodeElement,
  implicitHeader,
  joinBytes,
  undefinedLengthHeader,
} from "../dicom/syntax/write_element.js";

/** The transfer syntaxes written here (DICOM PS3.6 A.1). */
export const TRANSFER_SYNTAX = {
  implicitLittleEndian: "1.2.840.10008.1.2",
  explicitLittleEndian: "1.2.840.10008.1.2.1",
  /** JPEG Lossless, process 14, any predictor. */
  jpegLossless: "1.2.840.10008.1.2.4.57",
  /** JPEG Lossless, process 14, predictor 1. */
  jpegLosslessSv1: "1.2.840.10008.1.2.4.70",
} as const;

export interface DicomObject {
  /** Native for the two little endian ones, encapsulated for every other. */
  readonly transferSyntax: string;
  /**
   * In any order, without File Meta Information and Pixel Data; SOP Class and SOP Instance UID among them.
   */
  readonly elements: readonly DicomElement[];
}

/**
 * Native pixel data as little-endian words of Bits Allocated 16 (OW), frames one after the other; or for an
 * encapsulated transfer syntax the compressed frames, each of which becomes one fragment. `undefined` writes
 * no Pixel Data element.
 */
export type PixelDataToWrite = Uint16Array | Int16Array | readonly Uint8Array[] | undefined;

const SOP_CLASS_UID = 0x00080016;
const SOP_INSTANCE_UID = 0x00080018;
const PIXEL_DATA = 0x7fe00010;
const ITEM = 0xfffee000;
const SEQUENCE_DELIMITER = 0xfffee0dd;

/**
 * A DICOM file (PS3.10 7): preamble, File Meta Information, the data set by ascending tag, Pixel Data.
 * @throws HounsfieldError `invalid-option` where the pixel data do not suit the transfer syntax or the SOP
 * UIDs are missing
 */
export function writeDicom(object: DicomObject, pixelData: PixelDataToWrite): Uint8Array<ArrayBuffer> {
  const { transferSyntax } = object;
  const isNative =
    transferSyntax === TRANSFER_SYNTAX.implicitLittleEndian ||
    transferSyntax === TRANSFER_SYNTAX.explicitLittleEndian;
  const explicitVr = transferSyntax !== TRANSFER_SYNTAX.implicitLittleEndian;
  const elements = [...object.elements].sort((a, b) => a.tag - b.tag);
  const isWords = pixelData instanceof Uint16Array || pixelData instanceof Int16Array;
  if (pixelData !== undefined && isWords !== isNative) {
    throw new HounsfieldError(
      "invalid-option",
      `DICOM writer: ${isWords ? "native" : "compressed"} pixel data in transfer syntax ${transferSyntax}`,
      { transferSyntax },
    );
  }
  const pixels = isWords ? nativePixels(pixelData, explicitVr) : encapsulatedPixels(pixelData);
  return joinBytes([
    ...fileMeta(elements, transferSyntax),
    ...elements.map((element) => encodeElement(element, explicitVr)),
    ...pixels,
  ]);
}

/** Preamble, prefix and group 0002, which is always explicit little endian (PS3.10 7.1). */
function fileMeta(elements: readonly DicomElement[], transferSyntax: string): Uint8Array[] {
  const meta: DicomElement[] = [
    { tag: 0x00020001, vr: "OB", value: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: "UI", value: required(elements, SOP_CLASS_UID) },
    { tag: 0x00020003, vr: "UI", value: required(elements, SOP_INSTANCE_UID) },
    { tag: 0x00020010, vr: "UI", value: transferSyntax },
    { tag: 0x00020012, vr: "UI", value: uidFromName("hounsfield implementation") },
    { tag: 0x00020013, vr: "SH", value: "HOUNSFIELD" },
  ];
  const group = joinBytes(meta.map((element) => encodeElement(element, true)));
  const prefix = new Uint8Array(132);
  prefix.set(new TextEncoder().encode("DICM"), 128);
  return [prefix, encodeElement({ tag: 0x00020000, vr: "UL", value: group.length }, true), group];
}

function required(elements: readonly DicomElement[], tag: number): DicomElement["value"] {
  const element = elements.find((one) => one.tag === tag);
  if (element) return element.value;
  throw new HounsfieldError("invalid-option", "DICOM writer: SOP Class UID or SOP Instance UID is missing", {
    tag: `(${(tag >>> 16).toString(16).padStart(4, "0")},${(tag & 0xffff).toString(16).padStart(4, "0")})`,
  });
}

function nativePixels(words: Uint16Array | Int16Array, explicitVr: boolean): Uint8Array[] {
  const bytes = new DataView(new ArrayBuffer(words.length * 2));
  for (let i = 0; i < words.length; i++) bytes.setUint16(i * 2, words[i], true);
  return [encodeElement({ tag: PIXEL_DATA, vr: "OW", value: new Uint8Array(bytes.buffer) }, explicitVr)];
}

/** An empty Basic Offset Table, a fragment for each frame, the delimiter (PS3.5 A.4). */
function encapsulatedPixels(frames: readonly Uint8Array[] | undefined): Uint8Array[] {
  if (frames === undefined) return [];
  const parts = [undefinedLengthHeader(PIXEL_DATA, "OB"), implicitHeader(ITEM, 0)];
  for (const frame of frames) {
    const padding = frame.length % 2;
    parts.push(implicitHeader(ITEM, frame.length + padding), frame, new Uint8Array(padding));
  }
  return [...parts, implicitHeader(SEQUENCE_DELIMITER, 0)];
}
