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
  numberOfFrames: 0x00280008,
} as const;
const ADDED: readonly number[] = [
  ...[TAGS.sopInstanceUid, TAGS.patientName, TAGS.patientId, TAGS.patientBirthDate],
  ...[0x00120062, 0x00120063, 0x00120064, 0x00280303],
];

/**
 * A file without what identifies its patient (PS3.15 E.1, table E.1-1): a new preamble and file meta
 * information, the data set in its transfer syntax, Pixel Data byte for byte, nothing behind them. The data
 * set of a deflated file is to be deflated by the caller (`deflatedAt`). Kept text that has a word of a name,
 * an ID or an institution of its header goes too.
 * @returns the file, and where its data set begins
 */
export function deidentifiedFile(
  header: WholeHeader,
  { table, options, pseudonyms, fallbackUid }: Deidentification,
): { readonly bytes: Uint8Array; readonly dataSetAt: number } {
  const { bytes, elements, encoding, pixelData } = header;
  const texts = textsOf(elements);
  const words = identifyingWords(texts);
  const isEnhanced = texts.get(TAGS.sopClassUid)?.startsWith("1.2.840.10008.5.1.4.1.1.2.1") ?? false;
  const instanceUid = texts.get(TAGS.sopInstanceUid)
    ? pseudonyms.uid(texts.get(TAGS.sopInstanceUid)!)
    : fallbackUid;
  const rewrite = (list: Iterable<DataElement>): [tag: number, bytes: Uint8Array][] =>
    [...list].flatMap((element): [number, Uint8Array][] => {
      const { tag, vr } = element;
      // Lengths of groups (PS3.5 7.2) would no longer be true.
      if ((tag & 0xffff) === 0 || ADDED.includes(tag)) return [];
      const text = elementText(element);
      const treatment = treatmentOf({ tag, vr, text }, table, options, isEnhanced);
      const written = (value: string) => encodeInPlace(element, value, encoding);
      switch (treatment) {
        case "remove":
          return [];
        case "empty":
          return [[tag, written("")]];
        case "dummy":
          return element.items ? [] : [[tag, written(dummyText(vr, text))]];
        case "uid":
          return [[tag, written(mappedUids(text ?? "", pseudonyms))]];
        case "shift-date":
          return [[tag, written(shiftedDate(vr, text ?? "", pseudonyms.shiftDays))]];
        case "keep":
          break;
      }
      if (element.items) {
        const items = itemElements(element).map((item) =>
          joinBytes(rewrite(item.values()).map(([, one]) => one)),
        );
        return [[tag, encodeItem(element, items, encoding)]];
      }
      if (tag === TAGS.patientAge) return [[tag, written(cappedAge(text ?? ""))]];
      const lower = text?.toLowerCase();
      if (lower && words.some((word) => lower.includes(word))) return [];
      return [[tag, rawElement(element, bytes, encoding)]];
    });
  const added = addedElements(instanceUid, pseudonyms, options, encoding);
  const body = [...rewrite(elements), ...added].sort(([a], [b]) => a - b).map(([, one]) => one);
  const meta = fileMeta(header, texts.get(TAGS.sopClassUid) ?? "", instanceUid);
  const pixels = pixelData ? [bytes.subarray(...pixelData)] : [];
  return { bytes: joinBytes([meta, ...body, ...pixels]), dataSetAt: meta.length };
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
): [tag: number, bytes: Uint8Array][] {
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
