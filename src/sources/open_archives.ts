import type { ByteSource } from "../core/byte_source.js";
import { checkSources, readExactly } from "../core/byte_source.js";
import { isHounsfieldError } from "../core/errors.js";
import { checkOptions, type RulesOf } from "../core/options.js";
import { controlRules, count } from "../core/rules.js";
import type { GunzipOptions } from "./gunzip.js";
import { isTarHeader, TAR_BLOCK_BYTES } from "./tar_header.js";

/** Options of openArchives. */
export interface ArchiveOptions extends GunzipOptions {
  /**
   * What zip names are in that do not say it and are not UTF-8: a label of TextDecoder, such as "gbk"; code
   * page 437 where left out.
   */
  readonly fileNameEncoding?: string;
}

type Kind = "zip" | "tar" | "gzip";

const ARCHIVE_NAME = /\.(zip|tar|tgz|tar\.gz|dcm\.gz)$/i;
/** Its reader unpacks it. */
const PACKED_IMAGE = /\.nii\.gz$/i;

/**
 * The same sources with each zip, tar and gzip file replaced by what is in it, as "archive/member"; an
 * archive inside an archive stays as it is. A source that is alone is known by its content; among others only
 * those that are called like archives are looked at, so that a folder of 10,000 slices is not read twice; one
 * of them that cannot be opened stays, as a source whose `read` rejects with the reason. Progress stages:
 * "archive", "unpack", in bytes.
 * @throws HounsfieldError of a source that is alone: `malformed-archive`, `unsupported-archive`,
 * `limit-exceeded`, `truncated`; `io`
 */
export async function openArchives(
  sources: readonly ByteSource[],
  options: ArchiveOptions = {},
): Promise<ByteSource[]> {
  checkSources("openArchives", sources);
  return unpackedSources(sources, checkOptions("openArchives", options, archiveRules));
}

export const archiveRules: RulesOf<ArchiveOptions> = {
  ...controlRules,
  fileNameEncoding: (value) => (isEncoding(value) ? undefined : "a label of TextDecoder"),
  maxUnpackedBytes: count,
};

function isEncoding(label: unknown): boolean {
  try {
    return typeof label === "string" && new TextDecoder(label) !== undefined;
  } catch {
    return false;
  }
}

/** What openArchives does with options that have been checked, which may be more than its own. */
export async function unpackedSources(
  sources: readonly ByteSource[],
  options: ArchiveOptions,
): Promise<ByteSource[]> {
  const opened: ByteSource[] = [];
  for (const source of sources) {
    const isCandidate =
      ARCHIVE_NAME.test(source.name) || (sources.length === 1 && !PACKED_IMAGE.test(source.name));
    const kind = isCandidate ? await kindOf(source) : undefined;
    options.signal?.throwIfAborted();
    // Not push(...): an archive may hold more members than a call takes arguments.
    for (const inner of kind === undefined ? [source] : await opening(source, kind, options, sources.length))
      opened.push(inner);
  }
  return opened;
}

/**
 * An archive that cannot be opened blocks no other source: in its place stands one that cannot be read, for
 * the same reason, so that whoever reads it learns what may be missing.
 */
async function opening(
  source: ByteSource,
  kind: Kind,
  options: ArchiveOptions,
  given: number,
): Promise<readonly ByteSource[]> {
  try {
    return await openArchive(source, kind, options);
  } catch (error) {
    if (given === 1 || !isHounsfieldError(error)) throw error;
    return [{ ...source, read: () => Promise.reject(error), take: undefined }];
  }
}

/** Readers are loaded when the first archive is met: pages that open none do not carry them. */
async function openArchive(
  source: ByteSource,
  kind: Kind,
  options: ArchiveOptions,
): Promise<readonly ByteSource[]> {
  if (kind === "zip") {
    const { zipSources } = await import("./zip.js");
    return zipSources(source, options.fileNameEncoding);
  }
  const { tarSources } = await import("./tar.js");
  if (kind === "tar") return tarSources(source, options);
  const { gunzipped } = await import("./gunzip.js");
  const inner = await gunzipped(source, source.name, options);
  if ((await kindOf(inner)) === "tar") return tarSources(inner, options);
  return [{ ...inner, name: source.name.replace(/\.gz$/i, "") }];
}

async function kindOf(source: ByteSource): Promise<Kind | undefined> {
  const head = await readExactly(source, 0, Math.min(source.size, TAR_BLOCK_BYTES));
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  // A DICOM file may have anything in its preamble.
  if (String.fromCharCode(...head.subarray(128, 132)) === "DICM") return undefined;
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return "zip";
  if (starts(0x1f, 0x8b, 8)) return "gzip";
  return isTarHeader(head) ? "tar" : undefined;
}
