import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import dicomParser from "dicom-parser";
import type { FrameDescription } from "../../src/decode/frame.js";

/** One file's pixel data, joined from its fragments, and what its header says of a frame. For tests of the decoders alone. */
export interface EncodedImage {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly frame: FrameDescription;
  readonly slope: number;
  readonly intercept: number;
}

export function readEncodedImage(file: string): EncodedImage {
  const dataSet = dicomParser.parseDicom(readFileSync(file));
  const element = dataSet.elements.x7fe00010;
  const number = (tag: string) => dataSet.uint16(tag) ?? 0;
  const bitsStored = number("x00280101");
  const frame: FrameDescription = {
    transferSyntax: dataSet.string("x00020010") ?? "",
    rows: number("x00280010"),
    columns: number("x00280011"),
    samplesPerPixel: number("x00280002"),
    bitsAllocated: number("x00280100"),
    bitsStored,
    highBit: dataSet.uint16("x00280102") ?? bitsStored - 1,
    pixelRepresentation: number("x00280103") === 1 ? 1 : 0,
  };
  const bytes = element.encapsulatedPixelData
    ? dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, 0, element.fragments!.length)
    : dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  const slope = Number(dataSet.string("x00281053") ?? 1);
  const intercept = Number(dataSet.string("x00281052") ?? 0);
  return { file, bytes: Uint8Array.from(bytes), frame, slope, intercept };
}

/** Files of a folder that end in ".dcm", sorted by name. */
export function dicomFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".dcm"));
  return names.sort().map((name) => path.join(folder, name));
}
