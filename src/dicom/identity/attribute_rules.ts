import { PROFILE_TABLE } from "./profile_attributes.js";

/** What is done to an element so that it identifies nobody. */
export type Treatment = "keep" | "remove" | "empty" | "dummy" | "uid" | "shift-date";

/** What may stay beyond the Basic Profile (PS3.15 E.3). */
export interface ProfileOptions {
  /** "remove" by default; "shift" moves all of a patient by the same days; "keep" keeps them. */
  readonly dates?: "remove" | "shift" | "keep";
  readonly retain?: readonly Retained[];
}

/** Options of the profile: characteristics are age, sex, size, weight and the like. */
export type Retained = "patient" | "device" | "institution" | "descriptions";
export const RETAINED = ["patient", "device", "institution", "descriptions"] as const;

/** A row of PS3.15 table E.1-1. */
export interface ProfileAttribute {
  readonly tag: number;
  readonly name: string;
  /** "X", "Z", "D", "U", or several: "X/Z/D". */
  readonly action: string;
  readonly options: string;
}

/** What a rule is asked of. */
export interface ElementKind {
  readonly tag: number;
  /** Undefined in implicit VR. */
  readonly vr?: string;
  /** Of text; undefined for all else. */
  readonly text?: string;
}

const OPTION_LETTERS: Readonly<Record<Retained, string>> = {
  patient: "p",
  device: "v",
  institution: "i",
  descriptions: "t",
};

/** The table by tag. */
export function profileAttributes(): ReadonlyMap<number, ProfileAttribute> {
  const rows = PROFILE_TABLE.trim().split("\n");
  return new Map(
    rows.map((row) => {
      const [, hex, action, options, name] = /^(\w{8}) (\S+) (\S+) (.+)$/.exec(row)!;
      const tag = Number.parseInt(hex, 16);
      return [tag, { tag, name, action, options }];
    }),
  );
}

/** Private attributes have an odd group (PS3.5 7.8). */
export function isPrivate(tag: number): boolean {
  return (tag >>> 16) % 2 === 1;
}

/** Curves, and overlays, whose pixels may be writing. */
function isGraphics(tag: number): boolean {
  const group = tag >>> 24;
  return group === 0x50 || group === 0x60;
}

/**
 * What the profile with these options asks to be done to an element. Beyond the table: whatever is a person's
 * name, a date or an instance's UID by its VR, or where there is none by its looks, though no row names it.
 * @param isEnhanced a multi-frame object, whose modules want values where others may go without
 */
export function treatmentOf(
  element: ElementKind,
  table: ReadonlyMap<number, ProfileAttribute>,
  { dates = "remove", retain = [] }: ProfileOptions,
  isEnhanced = false,
): Treatment {
  const { tag } = element;
  if (isPrivate(tag) || isGraphics(tag)) return "remove";
  const row = table.get(tag);
  if (!row) return unlistedTreatment(element, dates);
  const isRetained = retain.some((option) => row.options.includes(OPTION_LETTERS[option]));
  if (row.options.includes("d") && dates !== "remove") return dates === "keep" ? "keep" : "shift-date";
  if (isRetained) return row.action === "U" ? "uid" : "keep";
  const actions = row.action.split("/");
  if (actions.includes("U")) return actions.length === 1 ? "uid" : "keep";
  if (isEnhanced && actions.includes("D")) return "dummy";
  return { X: "remove", Z: "empty", D: "dummy" }[actions[0]] as Treatment;
}

const DATE_VRS: readonly (string | undefined)[] = ["DA", "DT", "TM"];
/** UIDs of the standard itself: classes, syntaxes, templates (PS3.6 A). */
const STANDARD_UID = /^1\.2\.840\.10008\./;
/** What kind of object is meant, also by a vendor's UID: SOP classes, coding schemes, mapping resources. */
const CLASS_UIDS: readonly number[] = [
  ...[0x00080016, 0x0008001a, 0x0008001b, 0x0008010c, 0x0008010d, 0x00080117, 0x00080118],
  ...[0x00081150, 0x0008115a, 0x00081196, 0x00041510, 0x0004151a, 0x00400420],
];
const UID = /^[0-2](\.\d+){3,}$/;
const DATE = /^(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])(\d{6}(\.\d+)?)?$/;

function unlistedTreatment(
  { tag, vr: written, text = "" }: ElementKind,
  dates: ProfileOptions["dates"],
): Treatment {
  // Unknown (UN) says no more than none does (PS3.5 6.2.2).
  const vr = written === "UN" ? undefined : written;
  const isDate = DATE_VRS.includes(vr) || (vr === undefined && DATE.test(text));
  if (isDate) return dates === "keep" ? "keep" : dates === "shift" ? "shift-date" : "remove";
  if (vr === "PN") return "remove";
  const isUid = vr === "UI" || (vr === undefined && UID.test(text));
  return isUid && !STANDARD_UID.test(text) && !CLASS_UIDS.includes(tag) ? "uid" : "keep";
}
