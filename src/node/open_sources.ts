import { promises as fs } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ByteSource } from "../core/byte_source.js";
import { dicomdirFiles, isDicomdirName } from "../sources/dicomdir.js";
import { unpackedSources } from "../sources/open_archives.js";
import {
  checkOpenOptions,
  eachInput,
  isText,
  type OpenableInputs,
  type OpenSourcesOptions,
  openObject,
} from "../sources/open_object.js";
import { orIoError } from "../sources/unreadable.js";
import { rangedSources } from "../sources/url.js";
import { detachedVoxels } from "./detached_voxels.js";
import { dicomdirSources } from "./dicomdir_sources.js";
import { fileSource, filesOfFolder } from "./sources.js";

/**
 * Whatever a person has, as sources, with what is in zip, tar and tar.gz archives in place of them. In a
 * page: files, handles of the File System API and http(s) addresses; items of a drop are taken by
 * droppedSources, whose sources can be given here. In Node: also paths of files, folders and DICOMDIRs (the
 * files it lists). Of one folder or archive, names are relative to it; where several paths are given in Node,
 * names begin with what was given. Progress stages: "files", and "archive" and "unpack" in bytes.
 * @throws HounsfieldError `io`, and what folderSources, openArchives and urlSources throw
 */
export async function openSources(
  inputs: OpenableInputs,
  options: OpenSourcesOptions = {},
): Promise<ByteSource[]> {
  const checked = checkOpenOptions(options);
  const opening = eachInput(inputs);
  const sources: ByteSource[] = [];
  for (const input of opening) {
    checked.signal?.throwIfAborted();
    const { prefix, sources: opened } = isText(input)
      ? await openInput(input, checked)
      : { prefix: "", sources: await unpackedSources(await openObject(input, checked), checked) };
    const before = opening.length === 1 ? "" : prefix;
    for (const source of opened)
      sources.push(before === "" ? source : { ...source, name: before + source.name });
  }
  return sources;
}

export interface OpenedInput {
  readonly sources: readonly ByteSource[];
  /**
   * Before a source's name it makes the path that a person would type; empty for addresses, which names begin
   * with.
   */
  readonly prefix: string;
}

/** What a path or an address leads to. */
export async function openInput(input: string | URL, options: OpenSourcesOptions = {}): Promise<OpenedInput> {
  const text = String(input);
  if (/^https?:\/\//i.test(text)) return { sources: await openUrl(new URL(text), options), prefix: "" };
  const path = /^file:\/\//i.test(text) ? fileURLToPath(text) : text;
  const stat = await orIoError(path, fs.stat(path));
  if (stat.isDirectory()) {
    const sources = await unpackedSources(await filesOfFolder(path, options), options);
    return { sources, prefix: `${path.replace(/[/\\]+$/, "")}/` };
  }
  const prefix = path.slice(0, path.length - basename(path).length);
  const file = fileSource(path, basename(path), stat.size);
  const voxels = await detachedVoxels(path, file);
  if (voxels.length > 0) return { sources: [file, ...voxels], prefix };
  if (!isDicomdirName(path)) return { sources: await unpackedSources([file], options), prefix };
  return { sources: await dicomdirSources(dirname(path), await dicomdirFiles(file), options), prefix };
}

async function openUrl(url: URL, options: OpenSourcesOptions): Promise<ByteSource[]> {
  const [source] = await rangedSources([url], options);
  if (!isDicomdirName(url.pathname)) return unpackedSources([source], options);
  const files = await dicomdirFiles(source);
  const addresses = files.map((parts) => new URL(parts.map(encodeURIComponent).join("/"), url));
  return rangedSources(addresses, options);
}
