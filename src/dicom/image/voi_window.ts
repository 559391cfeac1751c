import type { VoiWindow } from "../../core/voi_window.js";
import { type DataSet, textsOf } from "../syntax/values.js";
import type { SliceHeader } from "./slice_header.js";

export const VOI_LUT_SEQUENCE = 0x00283010;
const WINDOW_CENTER = 0x00281050;
const WINDOW_WIDTH = 0x00281051;
const WINDOW_CENTER_WIDTH_EXPLANATION = 0x00281055;
const VOI_LUT_FUNCTION = 0x00281056;

/**
 * The windows that an image is to be seen through, in the order of the file (PS3.3 C.11.2): Window Center and
 * Width with their explanations, of which any may be chosen. What gives no window, such as a width of 0, is
 * left out.
 */
export function windowsOf(data: DataSet): readonly VoiWindow[] | undefined {
  const [centers, widths] = [WINDOW_CENTER, WINDOW_WIDTH].map((tag) => textsOf(data, tag).map(Number));
  const explanations = textsOf(data, WINDOW_CENTER_WIDTH_EXPLANATION);
  const [named] = textsOf(data, VOI_LUT_FUNCTION);
  const windows = centers.flatMap((center, i): VoiWindow[] => {
    const window = windowOf(center, widths[i], named, explanations[i]);
    return window ? [window] : [];
  });
  return windows.length > 0 ? windows : undefined;
}

/**
 * One of them, where it is one. LINEAR, which is DICOM's default, takes widths from 1 on (C.11.2.1.2.1):
 * narrower ones are meant as LINEAR_EXACT.
 */
export function windowOf(
  center: number,
  width: number,
  name?: string,
  explanation?: string,
): VoiWindow | undefined {
  if (!Number.isFinite(center) || !(width > 0 && width < Number.POSITIVE_INFINITY)) return undefined;
  const known = name === "SIGMOID" || name === "LINEAR_EXACT" ? name : "LINEAR";
  const voiFunction = known === "LINEAR" && width < 1 ? "LINEAR_EXACT" : known;
  return { centerHu: center, widthHu: width, voiFunction, ...(explanation ? { explanation } : {}) };
}

/**
 * The window of a series: the first one of most slices; of several as frequent, that of the slice nearest to
 * the middle.
 */
export function seriesWindow(headers: readonly SliceHeader[]): VoiWindow | undefined {
  const counts = new Map<string, number>();
  const keyOf = ({ windows }: SliceHeader) => windows && JSON.stringify(windows[0]);
  for (const header of headers) {
    const key = keyOf(header);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  const middle = (headers.length - 1) / 2;
  let best: SliceHeader | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  headers.forEach((header, i) => {
    const key = keyOf(header);
    if (key === undefined || counts.get(key) !== most || Math.abs(i - middle) >= nearest) return;
    nearest = Math.abs(i - middle);
    best = header;
  });
  return best?.windows?.[0];
}
