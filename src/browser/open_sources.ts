import type { Control } from "../core/control.js";
import type { ByteSource } from "../dicom/slice.js";
import { type ArchiveOptions, openArchives } from "../sources/open_archives.js";
import { type UrlOptions, urlSources } from "../sources/url.js";
import { directorySources, fileHandleSource, fileSources } from "./sources.js";

/** What a page can be given: files, handles of the File System API (files and folders), addresses, sources of its own. */
export type OpenableInput =
  | File
  | FileSystemFileHandle
  | FileSystemDirectoryHandle
  | string
  | URL
  | ByteSource;

/**
 * Whatever a page was given, as sources, with what is in zip, tar and tar.gz archives in place of them. Items of a drop are taken by
 * droppedSources, whose sources can be given here. Progress stages: "archive", "unpack", in bytes.
 * @throws HounsfieldError `io`, and what openArchives and urlSources throw
 */
export async function openSources(
  inputs: Iterable<OpenableInput>,
  options: ArchiveOptions & UrlOptions & Control = {},
): Promise<ByteSource[]> {
  const sources: ByteSource[] = [];
  for (const input of inputs) {
    options.signal?.throwIfAborted();
    for (const source of await openOne(input, options)) sources.push(source);
  }
  return openArchives(sources, options);
}

async function openOne(input: OpenableInput, options: UrlOptions): Promise<readonly ByteSource[]> {
  if (typeof input === "string" || input instanceof URL) return urlSources([input], options);
  if (input instanceof File) return fileSources([input]);
  if (!("kind" in input)) return [input];
  return input.kind === "directory" ? directorySources(input, options) : [await fileHandleSource(input)];
}
