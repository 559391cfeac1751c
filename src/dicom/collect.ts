import type { Control } from "../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import { mapBounded } from "./bounded.js";
import { parseSlice } from "./parse.js";
import type { ByteSource, SliceHeader } from "./slice.js";

/** Files that were looked at and set aside. */
export interface Skipped {
  readonly notDicom: number;
  /** DICOM, but no grey-scale image: reports, directories, color, segmentations. */
  readonly notImage: number;
  /** Up to EXAMPLES messages, each with the name of its file. */
  readonly examples: readonly string[];
}

export interface Collection {
  /** In the order of the sources' names, by code unit: the same whatever order they were given or read in. */
  readonly headers: readonly SliceHeader[];
  readonly skipped: Skipped;
}

/** Enough to keep a disk busy, few enough for any limit on open files. */
const READS_AT_ONCE = 8;
const EXAMPLES = 5;

/**
 * Reads the header of every source; what is no DICOM or no grey-scale image is skipped and counted.
 * Progress stage: "headers", in files.
 * @throws HounsfieldError of the first source by name that claims to be an image and is none: `truncated`,
 *   `malformed-dicom`, `git-lfs-pointer`, `unsupported-transfer-syntax`, `io`; the refusal itself when one file alone was given
 */
export async function collectSlices(
  sources: readonly ByteSource[],
  control: Control = {},
): Promise<Collection> {
  const sorted = [...sources].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const total = sorted.length;
  let done = 0;
  const outcomes = await mapBounded(sorted, READS_AT_ONCE, async (source) => {
    control.signal?.throwIfAborted();
    const outcome = await headerOrRefusal(source, total);
    control.onProgress?.({ stage: "headers", done: ++done, total });
    return outcome;
  });
  const refusals = outcomes.filter((outcome) => outcome instanceof HounsfieldError);
  const notDicom = refusals.filter((refusal) => refusal.code === "not-dicom").length;
  return {
    headers: outcomes.filter((outcome): outcome is SliceHeader => !(outcome instanceof HounsfieldError)),
    skipped: {
      notDicom,
      notImage: refusals.length - notDicom,
      examples: refusals.slice(0, EXAMPLES).map((refusal) => refusal.message),
    },
  };
}

async function headerOrRefusal(source: ByteSource, total: number): Promise<SliceHeader | HounsfieldError> {
  try {
    return await parseSlice(source);
  } catch (error) {
    if (total > 1 && isHounsfieldError(error, "not-dicom", "unsupported-image")) return error;
    throw error;
  }
}
