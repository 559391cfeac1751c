import { GROUPS, type Group } from "./groups.js";
import type { Exposure, PatientFacts } from "./read_patients.js";
import { meanOf, type Summary, summaryOf } from "./summary.js";

/** One line of the table of patients. */
export interface PatientLine {
  readonly group: "Total" | Group;
  readonly patients: number;
  readonly male: number;
  readonly female: number;
  readonly images: number;
  readonly ageYears?: Summary;
  readonly tubeCurrentMa?: Summary;
  readonly kvp?: Summary;
  readonly exposureTimeMs?: Summary;
  /** Effective: tube current times exposure time over pitch. */
  readonly effectiveMas?: Summary;
  readonly pitch?: Summary;
}

/** What is summed up of each patient, and how. */
export interface PatientNumbers {
  readonly ageYears?: number;
  readonly tubeCurrentMa?: number;
  readonly kvp?: number;
  readonly exposureTimeMs?: number;
  readonly effectiveMas?: number;
  readonly pitch?: number;
}

/**
 * As the authors' script computes: all of the file whose name comes first, a missing pitch is the mean of the
 * others', and of the age its last two digits before the unit.
 */
export function publishedNumbers(patients: readonly PatientFacts[]): PatientNumbers[] {
  const pitches = patients.map(({ first }) => first.pitch).filter((pitch) => pitch !== undefined);
  const meanPitch = pitches.length > 0 ? meanOf(pitches) : undefined;
  return patients.map(({ age, first }) => {
    const exposure = { ...first, pitch: first.pitch ?? meanPitch };
    const digits = age?.slice(1, 3);
    return {
      ...exposure,
      ...(digits && /^\d+$/.test(digits) && { ageYears: Number(digits) }),
      effectiveMas: effectiveMas(exposure),
    };
  });
}

/**
 * Of all slices, as tube current is modulated along the body: means over a patient's slices. Ages in years as
 * they are written; a missing pitch stays missing.
 */
export function sliceNumbers(patients: readonly PatientFacts[]): PatientNumbers[] {
  return patients.map(({ age, slices }) => {
    const mean = (of: (slice: Exposure) => number | undefined) => summaryOf(slices.map(of))?.mean;
    return {
      ageYears: ageYears(age),
      tubeCurrentMa: mean(({ tubeCurrentMa }) => tubeCurrentMa),
      kvp: mean(({ kvp }) => kvp),
      exposureTimeMs: mean(({ exposureTimeMs }) => exposureTimeMs),
      effectiveMas: mean(effectiveMas),
      pitch: mean(({ pitch }) => pitch),
    };
  });
}

function effectiveMas({ tubeCurrentMa, exposureTimeMs, pitch }: Exposure): number | undefined {
  if (tubeCurrentMa === undefined || exposureTimeMs === undefined || !pitch) return undefined;
  return (tubeCurrentMa * exposureTimeMs) / 1000 / pitch;
}

/** Of a Gregorian year. */
const DAYS = 365.2425;
const YEARS: Readonly<Record<string, number>> = { D: 1 / DAYS, W: 7 / DAYS, M: 1 / 12, Y: 1 };

/** Of an Age String (PS3.5 6.2): "057Y", "018M". */
export function ageYears(age: string | undefined): number | undefined {
  const [, count, unit] = /^(\d{1,3})([DWMY])$/i.exec(age?.trim() ?? "") ?? [];
  return count === undefined ? undefined : Number(count) * YEARS[unit.toUpperCase()];
}

/** A line for all, then one for each group that has patients. */
export function patientTable(
  patients: readonly PatientFacts[],
  numbers: readonly PatientNumbers[],
): PatientLine[] {
  const named = ["Total", ...GROUPS] as const;
  return named.flatMap((group) => {
    const rows = patients.flatMap((patient, i) =>
      group === "Total" || patient.group === group ? [{ patient, numbers: numbers[i] }] : [],
    );
    return rows.length > 0 || group === "Total" ? [lineOf(group, rows)] : [];
  });
}

function lineOf(
  group: PatientLine["group"],
  rows: readonly { readonly patient: PatientFacts; readonly numbers: PatientNumbers }[],
): PatientLine {
  const sexed = (sex: string) => rows.filter(({ patient }) => patient.sex === sex).length;
  const names = ["ageYears", "tubeCurrentMa", "kvp", "exposureTimeMs", "effectiveMas", "pitch"] as const;
  const summaries = names.map((name) => [name, summaryOf(rows.map((row) => row.numbers[name]))]);
  return {
    group,
    patients: rows.length,
    male: sexed("M"),
    female: sexed("F"),
    images: rows.reduce((sum, { patient }) => sum + patient.images, 0),
    ...Object.fromEntries(summaries.filter(([, summary]) => summary !== undefined)),
  };
}
