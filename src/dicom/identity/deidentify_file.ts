import type { DataElement } from "../syntax/elements.js";
import { itemElements } from "../syntax/parse_elements.js";
import type { Encoding } from "../syntax/transfer_syntax.js";
import { uidFromName } from "../syntax/uid_from_name.js";
import { encodeElement, joinBytes } from "../syntax/write_element.js";
import { type ProfileAttribute, type ProfileOptions, treatmentOf } from "./attribute_rules.js";
import { identifyingWords } from "./audit_identity.js";
import { encodeInPlace, encodeItem, rawElement } from "./encode_element.js";
import { dummyText, profileCodes, shiftedDate } from "./replacement_values.js";
import { elementText, everyElement, type WholeHeader } from "./whole_header.js";

/** What replaces identity: the same for all files of a patient. */
export interface Pseudonyms {
  /** In place of Patient ID and Patient's Name. */
  readonly patientId: string;
  /** Days that dates are moved by, where they are. */
  readonly shiftDays: number;
  /** A new UID for an old one: the same for the same. */
  uid(old: string): string;
}

export interface Deidentification {
  readonly table: ReadonlyMap<number, ProfileAttribute>;
  readonly options: ProfileOptions;
  readonly pseudonyms: Pseudonyms;
  /** In place of the SOP Instance UID of a file that has none. */
  readonly fallbackUid: string;
}

const TAGS = {
  sopClassUid: 0x00080016,
  sopInstanceUid: 0x00080018,
  patientName: 0x00100010,
  patientId: 0x00100020,
  patientBirthDate: 0x00100030,
  patientAge: 0x00101010,
} as const;
const ADDED: readonly number[] = [
  ...[TAGS.sopInstanceUid, TAGS.patientName, TAGS.patientId, TAGS.patientBirthDate],
  ...[0x00120062, 0x00120063, 0x00120064, 0x00280303],
];

/**
 * A file without what identifies its patient (PS3.15 E.1, table E.1-1): a new preamble and file meta
 * information, the data set in its transfer syntax, Pixel Data byte for byte, nothing behind them. The data
 * set of a deflated file is to be deflated by the caller, from `dataSetAt` on. Kept free text that has a word
 * of a name, an ID or an institution of its header goes too.
 * @returns the file, and where its data set begins
 */
export function deidentifiedFile(
  header: WholeHeader,
  settings: Deidentification,
): { readonly bytes: Uint8Array; readonly dataSetAt: number } {
  const { bytes, elements, encoding, pixelData } = header;
  const { options, pseudonyms, fallbackUid } = settings;
  const texts = textsOf(elements);
  const sopClassUid = texts.get(TAGS.sopClassUid) ?? "";
  const oldUid = texts.get(TAGS.sopInstanceUid);
  const instanceUid = oldUid ? pseudonyms.uid(oldUid) : fallbackUid;
  const rewriting: Rewriting = {
    ...settings,
    bytes,
    words: identifyingWords(goneTexts(texts, settings)),
    isEnhanced: sopClassUid.startsWith("1.2.840.10008.5.1.4.1.1.2.1"),
  };
  const added = addedElements(instanceUid, pseudonyms, options, encoding);
  const kept = rewritten(elements, encoding, rewriting);
  const body = [...kept, ...added].sort(([a], [b]) => a - b).map(([, one]) => one);
  const meta = fileMeta(header, sopClassUid, instanceUid);
  const pixels = pixelData ? [bytes.subarray(...pixelData)] : [];
  return { bytes: joinBytes([meta, ...body, ...pixels]), dataSetAt: meta.length };
}

interface Rewriting extends Deidentification {
  readonly bytes: Uint8Array;
  readonly words: readonly string[];
  readonly isEnhanced: boolean;
}

type Written = readonly [tag: number, bytes: Uint8Array];

/** What is left of these elements, in their order; sequences with all within them. */
function rewritten(elements: Iterable<DataElement>, encoding: Encoding, rewriting: Rewriting): Written[] {
  return [...elements].flatMap((element): Written[] => {
    // Lengths of groups (PS3.5 7.2) would no longer be true.
    if ((element.tag & 0xffff) === 0 || ADDED.includes(element.tag)) return [];
    const bytes = rewrittenElement(element, encoding, rewriting);
    return bytes ? [[element.tag, bytes]] : [];
  });
}

/** Undefined where it goes. */
function rewrittenElement(
  element: DataElement,
  encoding: Encoding,
  rewriting: Rewriting,
): Uint8Array | undefined {
  const { tag, vr, items } = element;
  const { table, options, pseudonyms, isEnhanced } = rewriting;
  const text = elementText(element);
  const written = (value: string) => encodeInPlace(element, value, encoding);
  switch (treatmentOf({ tag, vr, text }, table, options, isEnhanced)) {
    case "remove":
      return undefined;
    case "empty":
      return written("");
    case "dummy":
      return items ? undefined : written(dummyText(vr, text));
    case "uid":
      return written(mappedUids(text ?? "", pseudonyms));
    case "shift-date":
      return written(shiftedDate(vr, text ?? "", pseudonyms.shiftDays));
    case "keep":
      return items
        ? keptSequence(element, items, encoding, rewriting)
        : keptValue(element, text, encoding, rewriting);
  }
}

function keptSequence(
  element: DataElement,
  inner: Encoding,
  outer: Encoding,
  rewriting: Rewriting,
): Uint8Array {
  const items = itemElements(element).map((item) =>
    joinBytes(rewritten(item.values(), inner, rewriting).map(([, one]) => one)),
  );
  return encodeItem(element, items, outer);
}

function keptValue(
  element: DataElement,
  text: string | undefined,
  encoding: Encoding,
  { bytes, words }: Rewriting,
): Uint8Array | undefined {
  if (element.tag === TAGS.patientAge) return encodeInPlace(element, cappedAge(text ?? ""), encoding);
  const lower = text !== undefined && isFreeText(element, text) ? text.toLowerCase() : "";
  return words.some((word) => lower.includes(word)) ? undefined : rawElement(element, bytes, encoding);
}

const FREE_TEXT_VRS = ["LO", "LT", "SH", "ST", "UC", "UT"];
/** Image Type, Modality, Photometric Interpretation, Patient Position: words of the standard's. */
const TERMS: readonly number[] = [0x00080008, 0x00080060, 0x00280004, 0x00185100];

/** What people write: a number, a UID or a code that has an ID's digits in it is none of it. */
function isFreeText({ tag, vr }: DataElement, text: string): boolean {
  if (vr !== undefined && vr !== "UN") return FREE_TEXT_VRS.includes(vr);
  return /[a-z\u0080-\u00ff]{2}/i.test(text) && !TERMS.includes(tag);
}

/** Of the outermost elements the first, else of items. */
function textsOf(elements: readonly DataElement[]): Map<number, string> {
  const texts = new Map<number, string>();
  for (const list of [elements, everyElement(elements)])
    for (const element of list) {
      const text = elementText(element);
      if (text && !texts.has(element.tag)) texts.set(element.tag, text);
    }
  return texts;
}

/** What may stay where it stands may stay elsewhere. */
function goneTexts(texts: ReadonlyMap<number, string>, { table, options }: Deidentification) {
  return new Map([...texts].filter(([tag, text]) => treatmentOf({ tag, text }, table, options) !== "keep"));
}

function mappedUids(text: string, { uid }: Pseudonyms): string {
  return text === ""
    ? ""
    : text
        .split("\\")
        .map((one) => (one === "" ? "" : uid(one)))
        .join("\\");
}

/** Above 89 years few are of one age (45 CFR 164.514(b)(2)(i)(C)). */
function cappedAge(text: string): string {
  return /^(09\d|[1-9]\d\d)Y$/.test(text) ? "090Y" : text;
}

function addedElements(
  instanceUid: string,
  { patientId }: Pseudonyms,
  options: ProfileOptions,
  { explicit, bigEndian }: Encoding,
): Written[] {
  const { method, codes, temporal } = profileCodes(options);
  const written = [
    { tag: TAGS.sopInstanceUid, vr: "UI", value: instanceUid },
    { tag: TAGS.patientName, vr: "PN", value: patientId },
    { tag: TAGS.patientId, vr: "LO", value: patientId },
    // Type 2 (PS3.3 C.7.1.1): there, and empty.
    { tag: TAGS.patientBirthDate, vr: "DA", value: "" },
    { tag: 0x00120062, vr: "CS", value: "YES" },
    { tag: 0x00120063, vr: "LO", value: method },
    codes,
    { tag: 0x00280303, vr: "CS", value: temporal },
  ] as const;
  // A sequence's items are written in explicit VR, little endian: of other data sets it is left out.
  return written
    .filter(({ vr }) => vr !== "SQ" || (explicit && !bigEndian))
    .map((element) => {
      const one: DataElement = { ...element, offset: 0, length: 0, value: new Uint8Array(0) };
      const isPlain = explicit && !bigEndian;
      return [
        element.tag,
        isPlain
          ? encodeElement(element, true)
          : encodeInPlace(one, String(element.value), { explicit, bigEndian }),
      ];
    });
}

/** Preamble and File Meta Information (PS3.10 7.1). */
function fileMeta({ transferSyntax }: WholeHeader, sopClassUid: string, instanceUid: string): Uint8Array {
  const elements = [
    { tag: 0x00020001, vr: "OB", value: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: "UI", value: sopClassUid },
    { tag: 0x00020003, vr: "UI", value: instanceUid },
    { tag: 0x00020010, vr: "UI", value: transferSyntax },
    { tag: 0x00020012, vr: "UI", value: uidFromName("hounsfield implementation") },
    { tag: 0x00020013, vr: "SH", value: "HOUNSFIELD" },
  ] as const;
  const body = joinBytes(elements.map((element) => encodeElement(element, true)));
  const length = encodeElement({ tag: 0x00020000, vr: "UL", value: body.length }, true);
  return joinBytes([new Uint8Array(128), new TextEncoder().encode("DICM"), length, body]);
}
