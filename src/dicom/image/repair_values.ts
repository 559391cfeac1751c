import type { Diagnostic } from "../../core/diagnostic.js";
import { isHounsfieldError } from "../../core/errors.js";
import type { DataElement } from "../syntax/elements.js";
import { formatTag, TAG } from "../syntax/tags.js";
import { type DataSet, decimalsOf, itemsOf, textOf, textsOf, unsignedOf } from "../syntax/values.js";
import { modalityLutOf } from "./modality_lut.js";
import { VOI_LUT_SEQUENCE } from "./voi_window.js";

// Values that the plain reading refuses, where one meaning is left: set right, or left out where nothing
// depends on them.

/** Decimal attributes that are read strictly, and how many numbers each has. */
const DECIMALS: readonly (readonly [tag: number, count: number])[] = [
  [TAG.PixelSpacing, 2],
  [TAG.ImagePositionPatient, 3],
  [TAG.ImageOrientationPatient, 6],
  [TAG.SliceLocation, 1],
  [TAG.RescaleSlope, 1],
  [TAG.RescaleIntercept, 1],
];

/** @param pixelBytes of the pixel data as declared; -1: undefined */
export function repairValues(data: DataSet, pixelBytes: number) {
  const elements = new Map(data.elements);
  const diagnostics: Diagnostic[] = [];
  const note = (code: string, message: string) =>
    diagnostics.push({ severity: "warning", code, message, files: [data.file] });
  for (const [tag, count] of DECIMALS) once({ file: data.file, elements }, tag, count, note);
  dropSliceLocation(data.file, elements, note);
  settlePhotometric({ file: data.file, elements }, elements, note);
  settleFrames({ file: data.file, elements }, elements, pixelBytes, note);
  assumeSign(elements, note);
  dropUnusedLut({ file: data.file, elements }, elements, note);
  dropVoiLut({ file: data.file, elements }, elements, note);
  return { elements, diagnostics };
}

type Note = (code: string, message: string) => void;

/**
 * All values given again, the same numbers each time, or followed by an empty one: once is meant.
 */
function once(
  data: DataSet & { readonly elements: Map<number, DataElement> },
  tag: number,
  count: number,
  note: Note,
): void {
  const texts = textsOf(data, tag);
  if (texts.length <= count) return;
  const first = texts.slice(0, count);
  const isSame = (text: string, i: number) => text !== "" && Number(text) === Number(first[i % count]);
  const isRepeated = texts.length % count === 0 && texts.every(isSame);
  const isFollowedByNone =
    first.every((text) => text !== "") && texts.slice(count).every((text) => text === "");
  if (!isRepeated && !isFollowedByNone) return;
  data.elements.set(tag, withText(data.elements.get(tag)!, first.join("\\")));
  if (isRepeated)
    note(
      "value-repeated",
      `${formatTag(tag)} has its value several times, the same each time; it counts once`,
    );
  else
    note("value-followed-by-none", `${formatTag(tag)} has an empty value behind its own, which is not used`);
}

/**
 * Photometric Interpretation is a Code String, in upper case and of one word for gray values
 * (PS3.3 C.7.6.3.1.2).
 */
function settlePhotometric(data: DataSet, elements: Map<number, DataElement>, note: Note): void {
  const text = textOf(data, TAG.PhotometricInterpretation);
  const meant = text?.toUpperCase().replaceAll(/[ _-]/g, "");
  if (meant === undefined || meant === text || !/^MONOCHROME[12]$/.test(meant)) return;
  const element = elements.get(TAG.PhotometricInterpretation)!;
  elements.set(TAG.PhotometricInterpretation, withText(element, meant));
  note("photometric-odd", `Photometric Interpretation is not written as PS3.3 has it; taken as ${meant}`);
}

/**
 * Slice Location is optional and of free origin (PS3.3 C.7.6.2.1.2): what is no number says nothing, and
 * positions decide.
 */
function dropSliceLocation(file: string, elements: Map<number, DataElement>, note: Note): void {
  if (!isRefused(() => decimalsOf({ file, elements }, TAG.SliceLocation, 1))) return;
  elements.delete(TAG.SliceLocation);
  note("slice-location-unreadable", "Slice Location is no number, and is not used");
}

/**
 * Number of Frames is an Integer String of at least 1 (PS3.3 C.7.6.6). A whole number written with decimals
 * is that number; less than 1 is one frame, as an image has one at least, where the pixel data do not have
 * the length of several.
 */
function settleFrames(
  data: DataSet,
  elements: Map<number, DataElement>,
  pixelBytes: number,
  note: Note,
): void {
  const text = textOf(data, TAG.NumberOfFrames);
  if (text === undefined || /^\+?\d*[1-9]\d*$/.test(text)) return;
  const number = /^[+-]?\d{1,9}(\.0*)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isInteger(number)) return;
  const of = (tag: number) => unsignedOf(data, tag) ?? 0;
  const frameBytes = (of(TAG.Rows) * of(TAG.Columns) * of(TAG.BitsAllocated)) / 8;
  if (number < 1 && (pixelBytes >= 2 * frameBytes || data.elements.has(TAG.PerFrameFunctionalGroupsSequence)))
    return;
  const meant = Math.max(1, number);
  elements.set(TAG.NumberOfFrames, withText(elements.get(TAG.NumberOfFrames)!, String(meant)));
  const as = number < 1 ? "1, as the pixel data are of one frame" : "that whole number";
  note(
    "frame-count-odd",
    `Number of Frames is no whole number of at least 1 as it is written; taken as ${as}`,
  );
}

/**
 * Without a sign, stored values are taken as unsigned, unless an attribute whose VR follows the sign is
 * written as a signed one.
 */
function assumeSign(elements: Map<number, DataElement>, note: Note): void {
  if (elements.get(TAG.PixelRepresentation)?.value.length) return;
  const isSigned = SIGNED_LIKE_PIXELS.some((tag) => elements.get(tag)?.vr === "SS");
  const value = Uint8Array.of(isSigned ? 1 : 0, 0);
  elements.set(TAG.PixelRepresentation, {
    tag: TAG.PixelRepresentation,
    vr: "US",
    offset: 0,
    length: 2,
    value,
  });
  const why = isSigned ? "signed, as others of its attributes are" : "unsigned";
  note("pixel-representation-missing", `Pixel Representation is missing; stored values are taken as ${why}`);
}

/**
 * Smallest and Largest Image Pixel Value, Pixel Padding Value and its limit: US or SS by Pixel Representation
 * (PS3.6).
 */
const SIGNED_LIKE_PIXELS = [0x00280106, 0x00280107, TAG.PixelPaddingValue, TAG.PixelPaddingRangeLimit];

/** Beside a rescale a Modality LUT does not count (PS3.3 C.11.1), so that it need not be whole. */
function dropUnusedLut(data: DataSet, elements: Map<number, DataElement>, note: Note): void {
  if (!elements.has(TAG.RescaleSlope)) return;
  if (!isRefused(() => itemsOf(data, TAG.ModalityLUTSequence) && modalityLutOf(data, 0))) return;
  elements.delete(TAG.ModalityLUTSequence);
  note("modality-lut-ignored", "slope and intercept hold, and a Modality LUT that cannot be read is ignored");
}

/** Nothing is refused for its window (docs/series.md). */
function dropVoiLut(data: DataSet, elements: Map<number, DataElement>, note: Note): void {
  if (!isRefused(() => itemsOf(data, VOI_LUT_SEQUENCE))) return;
  elements.delete(VOI_LUT_SEQUENCE);
  note("voi-lut-unreadable", "its VOI LUT cannot be read, and is not used");
}

function isRefused(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (isHounsfieldError(error)) return true;
    throw error;
  }
}

function withText(element: DataElement, text: string): DataElement {
  return { ...element, value: new TextEncoder().encode(text) };
}
