import type { ByteSource } from "../../core/byte_source.js";
import { checkSources } from "../../core/byte_source.js";
import type { Control } from "../../core/control.js";
import { HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { mapConcurrent } from "../../core/map_concurrent.js";
import type { RulesOf } from "../../core/options.js";
import { checkOptions } from "../../core/options.js";
import { controlRules, oneOf } from "../../core/rules.js";
import { parseSlices } from "../image/parse_header.js";
import type { SliceHeader } from "../image/slice_header.js";

/** Files that were looked at and set aside. */
export interface Skipped {
  readonly notDicom: number;
  /** DICOM, but no grayscale image: reports, directories, color, segmentations. */
  readonly notImage: number;
  /** Up to EXAMPLES messages, each with the name of its file. */
  readonly examples: readonly string[];
  /** Why files were set aside, each reason once, the most frequent first. */
  readonly reasons: readonly SkipReason[];
}

/** Why a file is no slice. */
export interface SkipReason {
  /** As "has no pixel data (structured report)". */
  readonly reason: string;
  readonly files: number;
  /** Names of up to EXAMPLES of them. */
  readonly examples: readonly string[];
}

/** What readHeaders gives: the slices that were found, and what was left out. */
export interface HeaderCollection {
  /**
   * In the order of the sources' names, by code unit: the same whatever order they were given or read in.
   * Frames of a multi-frame image follow each other.
   */
  readonly headers: readonly SliceHeader[];
  readonly skipped: Skipped;
  /** Why image files could not be read, by name; empty unless they were to be listed. */
  readonly broken: readonly HounsfieldError[];
}

/** Options of readHeaders. */
export interface ReadHeadersOptions extends Control {
  /**
   * How to treat a corrupt image file (truncated, contradictory, unreadable), or one that is no DICOM and is
   * called like a slice. "refuse" (default): `listSeries` makes no series that it may be of, because a slice
   * would be missing silently, and `readHeaders` rejects. "list": report it in `broken` and continue.
   */
  readonly broken?: "refuse" | "list";
}

/** Enough to keep a disk busy, few enough for any limit on open files. */
const READS_AT_ONCE = 8;
const EXAMPLES = 5;

/**
 * Reads the header of every source; what is no DICOM or no grayscale image is skipped and counted.
 * Progress stage: "headers", in files.
 * @throws HounsfieldError of the first source by name that claims to be an image and is none: `truncated`,
 * `malformed-dicom`, `git-lfs-pointer`, `unsupported-transfer-syntax`, `io`, unless these are listed; the
 * refusal itself when one file alone was given
 */
export async function readHeaders(
  sources: readonly ByteSource[],
  options: ReadHeadersOptions = {},
): Promise<HeaderCollection> {
  checkSources("readHeaders", sources);
  return collectHeaders(sources, checkOptions("readHeaders", options, headerRules));
}

export const headerRules: RulesOf<ReadHeadersOptions> = {
  ...controlRules,
  broken: /* @__PURE__ */ oneOf("refuse", "list"),
};

/**
 * What readHeaders does with options that have been checked, which may be more than its own; and each refusal
 * with the name of its source.
 */
export async function collectHeaders(
  sources: readonly ByteSource[],
  options: ReadHeadersOptions,
): Promise<HeaderCollection & { readonly odd: readonly { name: string; error: HounsfieldError }[] }> {
  const { signal, onProgress } = options;
  const sorted = [...sources].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const total = sorted.length;
  let done = 0;
  const outcomes = await mapConcurrent(sorted, READS_AT_ONCE, async (source) => {
    signal?.throwIfAborted();
    const outcome = await headerOrRefusal(source, total, options);
    done++;
    onProgress?.({ stage: "headers", done, total });
    return outcome;
  });
  const errors = outcomes.filter((outcome) => outcome instanceof HounsfieldError);
  const refusals = errors.filter(isNoImage);
  const notDicom = refusals.filter((refusal) => refusal.code === "not-dicom").length;
  return {
    headers: outcomes.flatMap((outcome) => (outcome instanceof HounsfieldError ? [] : outcome)),
    skipped: {
      notDicom,
      notImage: refusals.length - notDicom,
      examples: refusals.slice(0, EXAMPLES).map((refusal) => refusal.message),
      reasons: reasonsOf(refusals),
    },
    broken: errors.filter((error) => !isNoImage(error)),
    odd: outcomes.flatMap((outcome, i) =>
      outcome instanceof HounsfieldError ? [{ name: sorted[i].name, error: outcome }] : [],
    ),
  };
}

/** What does not even claim to be an image. */
function isNoImage(error: HounsfieldError): boolean {
  return isHounsfieldError(error, "not-dicom", "unsupported-image");
}

/** Messages begin with the file's name; what follows is the reason. */
function reasonsOf(refusals: readonly HounsfieldError[]): SkipReason[] {
  const files = new Map<string, string[]>();
  for (const { message, fields } of refusals) {
    const { file = "" } = fields;
    const reason = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
    const names = files.get(reason);
    if (names) names.push(file);
    else files.set(reason, [file]);
  }
  return [...files]
    .map(([reason, names]) => ({ reason, files: names.length, examples: names.slice(0, EXAMPLES) }))
    .sort((a, b) => b.files - a.files);
}

async function headerOrRefusal(
  source: ByteSource,
  total: number,
  { broken = "refuse" }: ReadHeadersOptions,
): Promise<readonly SliceHeader[] | HounsfieldError> {
  try {
    return await parseSlices(source);
  } catch (error) {
    if (total > 1 && isHounsfieldError(error) && (broken === "list" || isNoImage(error))) return error;
    throw error;
  }
}
