import type { SliceHeader } from "./slice_header.js";

/** Files that a diagnostic names; the rest are counted. */
const NAMED_FILES = 5;

/** How messages call a slice: its file, and its frame, counted from 1, in a multi-frame image. */
export function sliceName({ source, frame }: SliceHeader): string {
  return frame === undefined ? source.name : `${source.name} frame ${frame + 1}`;
}

/** The names of the first few. */
export function sliceNames(headers: readonly SliceHeader[]): string[] {
  return headers.slice(0, NAMED_FILES).map(sliceName);
}

/** A length for messages: as many digits as matter. */
export function mm(length: number): string {
  return `${Number(length.toFixed(4))} mm`;
}
