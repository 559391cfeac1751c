import { type DicomElement, sequenceElement } from "../syntax/write_element.js";
import type { ProfileOptions, Retained } from "./attribute_rules.js";

const DUMMIES: Readonly<Record<string, string>> = {
  AS: "000Y",
  DA: "19000101",
  DT: "19000101000000",
  TM: "000000",
  DS: "0",
  IS: "0",
};

/** A value that says nothing, for attributes that must have one; without a VR one of the old value's kind. */
export function dummyText(vr: string | undefined, text = ""): string {
  if (vr !== undefined) return DUMMIES[vr] ?? "REMOVED";
  return /^\d{8}$/.test(text) ? DUMMIES.DA : /^[\d.]+$/.test(text) ? "0" : "REMOVED";
}

/** Whether a text is such a value. */
export function isDummyText(text: string): boolean {
  return text === "REMOVED" || Object.values(DUMMIES).includes(text);
}

/** A time without a VR: a date has eight digits. */
const TIME = /^\d{2}(\d{2}){0,2}(\.\d+)?$/;
const DAY_MS = 86_400_000;

/**
 * Dates of a DA or DT value moved by days; a TM value as it is, since whole days do not change it. What is no
 * date becomes empty.
 */
export function shiftedDate(vr: string | undefined, text: string, days: number): string {
  if (vr === "TM" || (vr === undefined && TIME.test(text))) return text;
  return text
    .split("\\")
    .map((one) => {
      const [, year, month, day, rest] = /^(\d{4})(\d{2})(\d{2})(.*)$/.exec(one) ?? [];
      if (year === undefined) return "";
      const at = Date.UTC(Number(year), Number(month) - 1, Number(day)) + days * DAY_MS;
      return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10).replaceAll("-", "") + rest : "";
    })
    .join("\\");
}

/** Codes of the profile and its options (PS3.16 CID 7050). */
const BASIC = ["113100", "Basic Application Confidentiality Profile"] as const;
const RETAINED_CODES: Readonly<Record<Retained, readonly [code: string, meaning: string]>> = {
  patient: ["113108", "Retain Patient Characteristics Option"],
  device: ["113109", "Retain Device Identity Option"],
  institution: ["113112", "Retain Institution Identity Option"],
  descriptions: ["113105", "Clean Descriptors Option"],
};
const DATE_CODES = {
  keep: ["113106", "Retain Longitudinal Temporal Information Full Dates Option"],
  shift: ["113107", "Retain Longitudinal Temporal Information Modified Dates Option"],
} as const;

/** How the file says what was done: De-identification Method, its codes, and what became of dates. */
export function profileCodes({ dates = "remove", retain = [] }: ProfileOptions) {
  const codes = [
    BASIC,
    ...(dates === "remove" ? [] : [DATE_CODES[dates]]),
    ...retain.map((option) => RETAINED_CODES[option]),
  ];
  const items = codes.map(([code, meaning]): DicomElement[] => [
    { tag: 0x00080100, vr: "SH", value: code },
    { tag: 0x00080102, vr: "SH", value: "DCM" },
    { tag: 0x00080104, vr: "LO", value: meaning },
  ]);
  return {
    method: "hounsfield: PS3.15 table E.1-1",
    codes: sequenceElement(0x00120064, items),
    temporal: { keep: "UNMODIFIED", shift: "MODIFIED", remove: "REMOVED" }[dates],
  };
}
