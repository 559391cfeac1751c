import { checkHeaders } from "../image/check_header.js";
import type { SliceHeader } from "../image/slice_header.js";

/** Of a number that varies along a scan. */
export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/**
 * How a series was acquired and reconstructed, as its headers say (PS3.3 C.7.5.1, C.8.2.1, C.8.15.3). What no
 * header says is absent. Names no patient.
 */
export interface AcquisitionParameters {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly kvp?: number;
  /** Over the slices: scanners modulate it. */
  readonly tubeCurrentMa?: Spread;
  readonly exposureMas?: Spread;
  readonly exposureTimeMs?: Spread;
  readonly kernel?: string;
  readonly sliceThicknessMm?: number;
  readonly pitch?: number;
  /** "HFS": head first, supine (C.7.3.1.1.2). */
  readonly patientPosition?: string;
}

/**
 * The parameters of a series' slices. Of those that are one number or word for a scan, what most slices say;
 * of several as frequent the first.
 */
export function acquisitionParametersOf(slices: readonly SliceHeader[]): AcquisitionParameters {
  checkHeaders("acquisitionParametersOf", slices);
  const all = {
    manufacturer: usual(slices.map((slice) => slice.manufacturer)),
    model: usual(slices.map((slice) => slice.manufacturerModel)),
    kvp: usual(slices.map((slice) => slice.kvp)),
    tubeCurrentMa: spreadOf(slices.map((slice) => slice.tubeCurrentMa)),
    exposureMas: spreadOf(slices.map((slice) => slice.exposureMas)),
    exposureTimeMs: spreadOf(slices.map((slice) => slice.exposureTimeMs)),
    kernel: usual(slices.map((slice) => slice.convolutionKernel)),
    sliceThicknessMm: usual(slices.map((slice) => slice.sliceThickness)),
    pitch: usual(slices.map((slice) => slice.spiralPitch)),
    patientPosition: usual(slices.map((slice) => slice.patientPosition)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function usual<T>(values: readonly (T | undefined)[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts.keys()].find((value) => counts.get(value) === most);
}

function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const sum = known.reduce((total, value) => total + value, 0);
  const min = known.reduce((least, value) => Math.min(least, value));
  const max = known.reduce((most, value) => Math.max(most, value));
  return { min, mean: sum / known.length, max };
}
