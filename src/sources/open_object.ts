import type { ByteSource } from "../core/byte_source.js";
import { checkArgument, checkOptions, type Rule, type RulesOf } from "../core/options.js";
import type { DirectoryHandle, FileHandle, PlatformFile } from "../core/platform.js";
import type { ArchiveOptions } from "./open_archives.js";
import { archiveRules } from "./open_archives.js";
import { fileHandleSource, fileSources, filesOfDirectory } from "./page_files.js";
import { type FolderOptions, folderRules, unlessUnreadable } from "./unreadable.js";
import type { UrlOptions } from "./url.js";
import { urlRules } from "./url.js";

/**
 * What openSources takes: files, handles of the File System API (files and folders), addresses, sources of
 * one's own; in Node also paths of files, folders and DICOMDIRs.
 */
export type OpenableInput = PlatformFile | FileHandle | DirectoryHandle | string | URL | ByteSource;

/** One thing to open, or several, such as `input.files` (null there means none). */
export type OpenableInputs = OpenableInput | Iterable<OpenableInput> | ArrayLike<OpenableInput> | null;

/** Options of openSources. */
export type OpenSourcesOptions = FolderOptions & ArchiveOptions & UrlOptions;

const openRules: RulesOf<OpenSourcesOptions> = { ...folderRules, ...archiveRules, ...urlRules };

export function checkOpenOptions(options: OpenSourcesOptions): OpenSourcesOptions {
  return checkOptions("openSources", options, openRules);
}

/** @throws HounsfieldError `invalid-option` for what none of the readers takes */
export function eachInput(inputs: OpenableInputs): OpenableInput[] {
  if (inputs === null) return [];
  const given = typeof inputs === "object" && isSeveral(inputs) ? Array.from(inputs) : [inputs];
  for (const input of given) checkArgument("openSources", "input", input, inputRule);
  return given as OpenableInput[];
}

const inputRule: Rule = (value) => {
  const isObject = typeof value === "object" && value !== null;
  const isKnown = isObject && ["read", "href", "slice", "getFile", "values"].some((key) => key in value);
  return typeof value === "string" || isKnown
    ? undefined
    : "a file, a handle of a file or folder, an address, a path, or a ByteSource";
};

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
  if (input.kind === "directory") return filesOfDirectory(input, options);
  const source = await unlessUnreadable(options, fileHandleSource(input));
  return source ? [source] : [];
}
