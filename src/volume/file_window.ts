import type { VoiWindow } from "../core/voi_window.js";
import type { ProcessingHistory } from "./history.js";

/** What leaves values what they were, or nearly: a window of the file is one of the result too. */
const keepers = [...["loadVolume", "resample", "crop", "pad", "reorient"], ...["gaussian", "median", "clip"]];

/**
 * The source that a volume's values are still those of; undefined for what was computed, or was made by hand.
 */
export function valuesSource(history: ProcessingHistory): ProcessingHistory["source"] {
  let at: ProcessingHistory | undefined = history;
  while (at && keepers.includes(at.operation)) {
    if (at.source) return at.source;
    [at] = at.inputs;
  }
  return undefined;
}

/** The window of the files that a volume is of. */
export function fileWindow({ history }: { readonly history: ProcessingHistory }): VoiWindow | undefined {
  return valuesSource(history)?.window;
}
