import type { DataElement } from "../syntax/elements.js";
import { formatTag } from "../syntax/tags.js";
import {
  isPrivate,
  type ProfileAttribute,
  type ProfileOptions,
  profileAttributes,
  treatmentOf,
} from "./attribute_rules.js";
import { isDummyText } from "./replacement_values.js";
import { elementText, everyElement, type WholeHeader } from "./whole_header.js";

/** What an attribute says that should not be there. */
export interface IdentityFinding {
  /** "(0010,0020)". */
  readonly tag: string;
  readonly name: string;
  /** What PS3.15 table E.1-1 asks for: "X", "Z/D"; "by its VR" where no row names it. */
  readonly action: string;
  readonly files: number;
  /** The shape of one value: letters are a or A, digits 9. */
  readonly masked: string;
}

/** Beyond single attributes. */
export interface IdentityNote {
  readonly code:
    | "date-in-uid"
    | "serial-in-uid"
    | "id-in-file-name"
    | "burned-in-annotation"
    | "burned-in-unknown"
    | "private-elements"
    | "not-stated-removed"
    | "unreadable";
  readonly message: string;
  readonly files: number;
}

/** Of a study. */
export interface IdentityAudit {
  readonly files: number;
  readonly findings: readonly IdentityFinding[];
  readonly notes: readonly IdentityNote[];
  /** How many attributes are left that each profile asks to be removed or replaced. */
  readonly verdicts: readonly { readonly profile: string; readonly attributes: number }[];
}

/** What is asked for each verdict, from the strictest on. */
export const AUDITED_PROFILES: readonly (readonly [name: string, options: ProfileOptions])[] = [
  ["Basic Profile", {}],
  ["with patient characteristics", { retain: ["patient"] }],
  ["with patient characteristics and dates", { retain: ["patient"], dates: "keep" }],
  [
    "with patient characteristics, dates, device, institution and descriptions",
    { retain: ["patient", "device", "institution", "descriptions"], dates: "keep" },
  ],
];

interface Found {
  readonly row: ProfileAttribute;
  readonly files: Set<string>;
  readonly masked: string;
  readonly profiles: readonly boolean[];
}

/**
 * Collects what identifies somebody from file after file (PS3.15 E.1). UIDs count where they were not made
 * from a random number (2.25, PS3.5 B.2), for those of devices hold serial numbers and dates.
 */
export class IdentityAuditor {
  readonly #table = profileAttributes();
  readonly #found = new Map<number, Found>();
  readonly #notes = new Map<IdentityNote["code"], { message: string; files: Set<string> }>();
  #files = 0;

  add(header: WholeHeader): void {
    this.#files++;
    const texts = new Map<number, string>();
    for (const element of everyElement(header.elements)) {
      const text = elementText(element);
      if (text && !texts.has(element.tag)) texts.set(element.tag, text);
    }
    const pseudonym = pseudonymOf(texts);
    for (const element of everyElement(header.elements)) {
      const text = elementText(element);
      if (text === undefined || (text !== pseudonym && !isDummyText(text)))
        this.#addElement(element, text, header.name);
    }
    this.#addNotes(header, texts);
  }

  /** A file that could not be read whole. */
  addUnreadable(name: string): void {
    this.#files++;
    this.#note("unreadable", "could not be read, so that nothing is known of them", name);
  }

  result(): IdentityAudit {
    const found = [...this.#found.values()].sort((a, b) => a.row.tag - b.row.tag);
    return {
      files: this.#files,
      findings: found.map(({ row, files, masked }) => ({
        tag: formatTag(row.tag),
        name: row.name,
        action: row.action,
        files: files.size,
        masked,
      })),
      notes: [...this.#notes].map(([code, { message, files }]) => ({ code, message, files: files.size })),
      verdicts: AUDITED_PROFILES.map(([profile], i) => ({
        profile,
        attributes: found.filter(({ profiles }) => profiles[i]).length,
      })),
    };
  }

  #addElement(element: DataElement, text: string | undefined, file: string): void {
    const { tag, vr, value } = element;
    // A private block's name is a word of its vendor's; the elements of a block are counted as one note.
    if (isPrivate(tag) || (value.length === 0 && element.length <= 0) || text === "") return;
    const kind = { tag, vr, text };
    const profiles = AUDITED_PROFILES.map(([, options]) => {
      const treatment = treatmentOf(kind, this.#table, options);
      return treatment !== "keep" && !(treatment === "uid" && isAnonymousUid(text));
    });
    if (!profiles[0]) return;
    const known = this.#found.get(tag);
    if (known) {
      known.files.add(file);
      return;
    }
    const row = this.#table.get(tag) ?? {
      tag,
      name: vr === "PN" ? "a person's name" : vr === "UI" ? "a UID" : "a date or time",
      action: "by its VR",
      options: "",
    };
    this.#found.set(tag, { row, files: new Set([file]), masked: text ? maskedText(text) : "", profiles });
  }

  #addNotes({ name, elements }: WholeHeader, texts: ReadonlyMap<number, string>): void {
    // Numbers made at random have any digits in them.
    const uids = [...texts].flatMap(([tag, text]) =>
      isUidTag(tag, text) && !isAnonymousUid(text) ? [text] : [],
    );
    const days = DATE_TAGS.map((tag) => texts.get(tag) ?? "").filter((day) => /^\d{8}$/.test(day));
    if (uids.some((uid) => DATE_IN_UID.test(uid) || holdsDay(uid, days)))
      this.#note("date-in-uid", "have a date inside a UID", name);
    const serial = texts.get(DEVICE_SERIAL_NUMBER) ?? "";
    if (serial.length >= 4 && uids.some((uid) => uid.includes(serial)))
      this.#note("serial-in-uid", "have the device's serial number inside a UID", name);
    if (identifyingWords(texts).some((word) => name.toLowerCase().includes(word)))
      this.#note("id-in-file-name", "are called after a name or an ID of their header", name);
    const burned = texts.get(BURNED_IN_ANNOTATION);
    if (burned === "YES")
      this.#note("burned-in-annotation", "say that text is burned into their pixels", name);
    else if (burned !== "NO")
      this.#note("burned-in-unknown", "do not say whether text is burned into them", name);
    if (elements.some(({ tag }) => isPrivate(tag)))
      this.#note("private-elements", "have private elements, of which nobody knows what they say", name);
    if (texts.get(PATIENT_IDENTITY_REMOVED) !== "YES")
      this.#note("not-stated-removed", "do not say that identity was removed (0012,0062)", name);
  }

  #note(code: IdentityNote["code"], message: string, file: string): void {
    const known = this.#notes.get(code);
    if (known) known.files.add(file);
    else this.#notes.set(code, { message, files: new Set([file]) });
  }
}

/** The name of nobody: the Patient ID too, in a file that says that identity was removed. */
function pseudonymOf(texts: ReadonlyMap<number, string>): string | undefined {
  const name = texts.get(PATIENT_NAME);
  const isRemoved = texts.get(PATIENT_IDENTITY_REMOVED) === "YES";
  return isRemoved && name !== undefined && name === texts.get(PATIENT_ID) ? name : undefined;
}

const PATIENT_NAME = 0x00100010;
const PATIENT_ID = 0x00100020;
const DEVICE_SERIAL_NUMBER = 0x00181000;
const BURNED_IN_ANNOTATION = 0x00280301;
const PATIENT_IDENTITY_REMOVED = 0x00120062;
const DATE_TAGS: readonly number[] = [0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00080012];

/** One of these days, as YYYYMMDD or YYMMDD, in a component long enough for a time beside it. */
function holdsDay(uid: string, days: readonly string[]): boolean {
  const long = uid.split(".").filter((part) => part.length >= 12);
  return days.some((day) => long.some((part) => part.includes(day) || part.includes(day.slice(2))));
}

/** A component that begins with a day of 1990 to 2039. */
const DATE_IN_UID = /(^|\.)\d{0,4}?(199\d|20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d*/;

function isUidTag(tag: number, text: string): boolean {
  return /^[0-2](\.\d+){3,}$/.test(text) && tag !== 0x00080016 && !text.startsWith("1.2.840.10008.");
}

/** Made from a random number, or from another UID as de-identification does. */
function isAnonymousUid(text: string | undefined): boolean {
  return text?.split("\\").every((uid) => uid.startsWith("2.25.")) ?? false;
}

/** Letters and digits by kind; the rest as it is. */
export function maskedText(text: string): string {
  const shape = text
    .replace(/[a-z]/g, "a")
    .replace(/[A-Z]/g, "A")
    .replace(/\d/g, "9")
    .replace(/[^\x20-\x7e]/g, "?");
  return shape.length > 32 ? `${shape.slice(0, 31)}~` : shape;
}

/** Names, IDs and places whose words must not turn up elsewhere. */
const NAMING_TAGS: readonly number[] = [
  ...[0x00100010, 0x00100020, 0x00101000, 0x00101001, 0x00080050, 0x00200010, 0x00080090, 0x00081048],
  ...[0x00081050, 0x00081060, 0x00081070, 0x00080080, 0x00080081, 0x00081010, 0x00181000],
];
/** Shorter ones turn up in any text. */
const WORD_LETTERS = 4;

/**
 * The words of all that names somebody, in lower case. Letters beyond ASCII are bytes here, of whatever
 * character set: all of them count as letters.
 */
export function identifyingWords(texts: ReadonlyMap<number, string>): string[] {
  const words = NAMING_TAGS.flatMap((tag) =>
    (texts.get(tag) ?? "").toLowerCase().split(/[^a-z\d\u0080-\u00ff]+/),
  );
  return [...new Set(words.filter((word) => word.length >= WORD_LETTERS))];
}
