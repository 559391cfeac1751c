import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { errorOf, HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { type DataElement, ITEM_HEADER_BYTES, isKnownVr, tagAt } from "../syntax/elements.js";
import { type DicomDataSet, READ } from "../syntax/read_data_set.js";
import { type LenientDataSet, readLeniently, readTail } from "../syntax/read_lenient.js";
import { TAG } from "../syntax/tags.js";
import { type DataSet, textOf, textsOf, unsignedOf } from "../syntax/values.js";
import { packedBytes, unpackedSource } from "./packed_samples.js";
import { endOfFragments, settleEncapsulation } from "./repair_pixel_data.js";
import { repairValues } from "./repair_values.js";
import { objectName } from "./sop_class.js";

/**
 * The second look at a file that the plain way refused: it is read leniently, values of which nothing depends
 * are set right, and what stands behind the pixel data counts. Each rule that was needed is a diagnostic
 * (docs/sources.md).
 * @param refusal of the plain way; thrown where the second look sees no more
 * @throws HounsfieldError with Series Instance UID, Modality, SOP Class UID and Image Type where the header
 * had them; `unsupported-image` for what is no image by its SOP Class, however damaged it is, with the damage
 * as its cause
 */
export async function readRepaired<Result>(
  source: ByteSource,
  refusal: HounsfieldError,
  make: (head: DicomDataSet) => Promise<Result>,
): Promise<Result> {
  let head: LenientDataSet;
  try {
    head = await readLeniently(source);
  } catch (error) {
    throw isHounsfieldError(error, "io", "limit-exceeded") ? error : refusal;
  }
  const data: DataSet = { file: source.name, elements: head.elements };
  let isRepaired = true;
  try {
    if (head.stop) throw head.stop;
    const better = await repaired(head, data);
    isRepaired = better.diagnostics.length > 0 && !goesBeyondFile(head);
    return await make(better);
  } catch (thrown) {
    // Where nothing was repaired, what the plain way said is so.
    const error = isRepaired || !isHounsfieldError(thrown) ? thrown : refusal;
    if (!isHounsfieldError(error)) throw error;
    const isCut = !isHounsfieldError(error, "unsupported-image") ? undefined : cutImage(head, data);
    throw identified(noImage(data, error) ?? isCut ?? withDamage(error, refusal), data);
  }
}

function goesBeyondFile({ source, pixelData }: LenientDataSet): boolean {
  return pixelData !== undefined && pixelData.offset + pixelData.length > source.size;
}

async function repaired(head: LenientDataSet, data: DataSet): Promise<DicomDataSet> {
  const { source, encoding, pixelData } = head;
  if (!pixelData) return head;
  const settled = await settleEncapsulation(head, pixelData);
  const elements = new Map(head.elements);
  const diagnostics: Diagnostic[] = [...head.diagnostics, ...settled.diagnostics];
  const note = (code: string, message: string, severity: Diagnostic["severity"] = "warning") =>
    diagnostics.push({ severity, code, message, files: [source.name] });
  const end = settled.isEncapsulated
    ? await endOfFragments(source, pixelData.offset)
    : pixelData.offset + pixelData.length;
  if (end !== undefined && end <= source.size) {
    const tail = await readTail(source, end, encoding);
    const behind = [...tail.elements].filter(([tag]) => READ.has(tag) && !elements.has(tag));
    for (const [tag, element] of behind) elements.set(tag, element);
    if (behind.length > 0)
      note(
        "elements-behind-pixels",
        "elements that describe the image stand behind its pixel data; they were read",
      );
    // Behind compressed data anything may follow, as it is not looked for elsewhere.
    if (!settled.isEncapsulated) await checkTail(head, data, pixelData, tail, note);
  }
  const unpacked = settled.isEncapsulated ? undefined : unpackedOf(head, pixelData, elements, note);
  const values = repairValues({ file: source.name, elements }, (unpacked?.pixelData ?? pixelData).length);
  const repairs = { elements: values.elements, diagnostics: [...diagnostics, ...values.diagnostics] };
  const better = { ...head, ...settled, ...unpacked, ...repairs };
  if (!settled.isEncapsulated) noteMoreFrames(better, note);
  return { ...better, diagnostics: [...diagnostics, ...values.diagnostics] };
}

/**
 * Samples of 12 bits packed without gaps (PS3.5 D.2 before 1996), where the pixel data have just that length.
 */
function unpackedOf(
  { source, encoding }: LenientDataSet,
  pixelData: DataElement,
  elements: Map<number, DataElement>,
  note: Note,
): Pick<DicomDataSet, "source" | "pixelData"> | undefined {
  const allocated = elements.get(TAG.BitsAllocated);
  const data = { file: source.name, elements };
  if (!allocated || encoding.bigEndian || unsignedOf(data, TAG.BitsAllocated) !== PACKED_BITS)
    return undefined;
  const samples = (8 * frameBytes(data)) / PACKED_BITS;
  const bytes = packedBytes(samples);
  if (pixelData.length !== bytes && pixelData.length !== bytes + (bytes % 2)) return undefined;
  elements.set(TAG.BitsAllocated, { ...allocated, vr: "US", length: 2, value: Uint8Array.of(16, 0) });
  note("samples-packed", "samples of 12 bits are packed without gaps; they were taken apart");
  return {
    source: unpackedSource(source, pixelData, samples),
    pixelData: { ...pixelData, length: 2 * samples },
  };
}

const PACKED_BITS = 12;

/** A frame or more behind those that Number of Frames states may be slices that it forgot. */
function noteMoreFrames({ source, elements, pixelData }: DicomDataSet, note: Note): void {
  const data = { file: source.name, elements };
  const needed = frameBytes(data);
  const one = needed / Math.max(1, Number(textOf(data, TAG.NumberOfFrames) ?? 1) || 1);
  if (!pixelData || needed === 0 || pixelData.length < needed + one) return;
  const more = Math.floor((pixelData.length - needed) / one);
  const frames = more === 1 ? "one frame" : `${more} frames`;
  note("pixel-data-longer", `pixel data hold ${frames} more than Number of Frames says; those are not read`);
}

/** Of the data set, else of the file meta information, which a DICOMDIR alone has (PS3.10 7.1). */
function sopClassOf(data: DataSet): string | undefined {
  return textOf(data, TAG.SOPClassUID) ?? textOf(data, TAG.MediaStorageSOPClassUID);
}

type Note = (code: string, message: string) => void;

/**
 * Bytes behind uncompressed pixel data that are no element say nothing of the pixel data where these have
 * exactly the length that the frames take (PS3.5 8.1.1); where they have another, or an element of the tail
 * is cut, they do.
 */
async function checkTail(
  { source }: LenientDataSet,
  data: DataSet,
  pixelData: DataElement,
  tail: Awaited<ReturnType<typeof readTail>>,
  note: Note,
): Promise<void> {
  const left = source.size - tail.at;
  // As block devices append them; fewer than an element takes may have come in between.
  if (left === 0 || (left >= ITEM_HEADER_BYTES && (await isZeros(source, tail.at)))) return;
  const needed = frameBytes(data);
  const isExact = pixelData.length === needed || pixelData.length === needed + (needed % 2);
  const at = await readExactly(source, tail.at, Math.min(source.size, tail.at + 8));
  const isElement =
    at.length === 8 && isKnownVr(String.fromCharCode(at[4], at[5])) && tagAt(at, 0) > pixelData.tag;
  if (tail.cut && (isElement || tail.at > pixelData.offset + pixelData.length)) throw tail.cut;
  if (!isExact) {
    const message = `${source.name}: ${left} bytes from byte ${tail.at} on are no element, and pixel data have ${pixelData.length} bytes where the frames need ${needed}`;
    throw new HounsfieldError("malformed-dicom", message, { file: source.name, offset: tail.at });
  }
  if (await isFile(source, tail.at)) {
    note(
      "file-behind-pixels",
      "another DICOM file begins behind the pixel data, and is not read: take them apart",
    );
    return;
  }
  note("tail-ignored", "bytes behind the pixel data belong to no element; the pixel data are whole");
}

/** Preamble and prefix, as files that were joined have (PS3.10 7.1). */
async function isFile(source: ByteSource, at: number): Promise<boolean> {
  const bytes = await readExactly(source, Math.min(at + 128, source.size), Math.min(at + 132, source.size));
  return String.fromCharCode(...bytes) === "DICM";
}

function frameBytes(data: DataSet): number {
  const of = (tag: number) => unsignedOf(data, tag) ?? 0;
  const frames = Math.max(1, Math.trunc(Number(textOf(data, TAG.NumberOfFrames) ?? 1)) || 1);
  const samples = of(TAG.SamplesPerPixel) || 1;
  return (of(TAG.Rows) * of(TAG.Columns) * samples * of(TAG.BitsAllocated) * frames) / 8;
}

async function isZeros(source: ByteSource, from: number): Promise<boolean> {
  const bytes = await readExactly(source, from, Math.min(source.size, from + 65536));
  return bytes.every((byte) => byte === 0);
}

/**
 * What the SOP Class says is no image is set aside by name, however damaged it is: no slice is lost with it.
 */
function noImage(data: DataSet, damage: HounsfieldError): HounsfieldError | undefined {
  const name = objectName(sopClassOf(data));
  if (!name || data.elements.has(TAG.Rows)) return undefined;
  if (isHounsfieldError(damage, "unsupported-image")) return undefined;
  const message = `${data.file}: is a ${name} and no image, and damaged`;
  return new HounsfieldError("unsupported-image", message, { file: data.file }, damage);
}

/** Image storage of modalities whose images are read here (PS3.4 B.5). */
const IMAGES = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(1|2|3|4|6|7|12|13|14|20|128|130)(\.|$)/;

/** Objects of no patient, which have no series: hanging protocols, palettes, implants (PS3.4 GG.3). */
const WITHOUT_SERIES = /^1\.2\.840\.10008\.5\.1\.4\.(?!1\.1(\.|$))\d/;

/**
 * Without pixel data, what does not say that it is something else may be a slice that is cut, or that lost
 * its pixels. An unknown SOP Class says it with a Series Instance UID, which every other object has (PS3.3
 * C.7.3.1, Type 1): without one the class itself may be cut.
 */
function cutImage({ pixelData }: LenientDataSet, data: DataSet): HounsfieldError | undefined {
  const { file, elements } = data;
  const uid = sopClassOf(data);
  const modality = textOf(data, TAG.Modality);
  const isOther =
    uid === undefined
      ? /^(SR|PR|KO|RT.*|DOC|REG|SEG|FID|PLAN)$/.test(modality ?? "")
      : !IMAGES.test(uid) && (elements.has(TAG.SeriesInstanceUID) || WITHOUT_SERIES.test(uid));
  if (pixelData || isOther || objectName(uid) || elements.has(TAG.DirectoryRecordSequence)) return undefined;
  const isImage = uid !== undefined && IMAGES.test(uid);
  const what = isImage ? "it is an image by its SOP Class" : "nothing in it says that it is no image";
  const message = `${file}: ends without pixel data, and ${what}: it is cut, or a header without its image`;
  return new HounsfieldError("truncated", message, { file, tag: "(7FE0,0010)" });
}

function withDamage(error: HounsfieldError, damage: HounsfieldError): HounsfieldError {
  if (!isHounsfieldError(error, "unsupported-image") || isHounsfieldError(damage, "unsupported-image"))
    return error;
  return errorOf(error.code, error.message, error.fields, damage);
}

/** With what tells which series the file is of: nothing of it names the patient. */
function identified(error: HounsfieldError, data: DataSet): HounsfieldError {
  const identity = {
    seriesInstanceUid: textOf(data, TAG.SeriesInstanceUID),
    modality: textOf(data, TAG.Modality),
    sopClassUid: sopClassOf(data),
    imageType: textsOf(data, TAG.ImageType).join("\\") || undefined,
  };
  const known = Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined));
  return errorOf(error.code, error.message, { ...error.fields, ...known }, error.cause);
}
