import type { ByteSource } from "../core/byte_source.js";
import type { DirectoryHandle, FileHandle, PlatformFile } from "../core/platform.js";
import type { ArchiveOptions } from "./open_archives.js";
import { directorySources, fileHandleSource, fileSources } from "./page_files.js";
import { type FolderOptions, unlessUnreadable } from "./unreadable.js";
import type { UrlOptions } from "./url.js";

/**
 * What openSources takes: files, handles of the File System API (files and folders), addresses, sources of one's own; in Node also paths
 * of files, folders and DICOMDIRs.
 */
export type OpenableInput = PlatformFile | FileHandle | DirectoryHandle | string | URL | ByteSource;

/** One thing to open, or several, such as `input.files` (null there means none). */
export type OpenableInputs = OpenableInput | Iterable<OpenableInput> | ArrayLike<OpenableInput> | null;

/** Options of openSources. */
export type OpenSourcesOptions = FolderOptions & ArchiveOptions & UrlOptions;

export function eachInput(inputs: OpenableInputs): OpenableInput[] {
  if (inputs === null) return [];
  return isSeveral(inputs) ? Array.from(inputs) : [inputs];
}

function isSeveral(
  inputs: OpenableInput | Iterable<OpenableInput> | ArrayLike<OpenableInput>,
): inputs is Exclude<Iterable<OpenableInput> | ArrayLike<OpenableInput>, string> {
  return typeof inputs === "object" && (Symbol.iterator in inputs || "length" in inputs);
}

/** Whether it is a path or an address. */
export function isText(input: OpenableInput): input is string | URL {
  return typeof input === "string" || "href" in input;
}

/** The sources of an object that was given. @throws HounsfieldError `io` */
export async function openObject(
  input: Exclude<OpenableInput, string | URL>,
  options: FolderOptions,
): Promise<readonly ByteSource[]> {
  if ("read" in input) return [input];
  if (!("kind" in input)) return fileSources([input]);
  if (input.kind === "directory") return directorySources(input, options);
  const source = await unlessUnreadable(options, fileHandleSource(input));
  return source ? [source] : [];
}
