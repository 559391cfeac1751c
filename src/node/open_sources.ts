import { promises as fs } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ByteSource } from "../dicom/slice.js";
import { dicomdirFiles, isDicomdirName } from "../sources/dicomdir.js";
import { type ArchiveOptions, openArchives } from "../sources/open_archives.js";
import { type UrlOptions, urlSources } from "../sources/url.js";
import { dicomdirSources } from "./dicomdir_sources.js";
import { type FolderOptions, fileSource, folderSources, orIoError } from "./sources.js";

export type OpenSourcesOptions = FolderOptions & ArchiveOptions & UrlOptions;

/**
 * Whatever a person has, as sources: files, folders, a DICOMDIR (the files it lists), zip, tar and tar.gz archives (what is in them), and http(s)
 * addresses of all these but folders. Of one folder or archive, names are relative to it; where several things are given, names begin with
 * what was given. Progress stages: "files", and "archive" and "unpack" in bytes.
 * @throws HounsfieldError `io`, and what folderSources, openArchives and urlSources throw
 */
export async function openSources(
  inputs: string | URL | Iterable<string | URL>,
  options: OpenSourcesOptions = {},
): Promise<ByteSource[]> {
  const given = typeof inputs === "string" || inputs instanceof URL ? [inputs] : [...inputs];
  const sources: ByteSource[] = [];
  for (const input of given) {
    const { prefix, sources: opened } = await openInput(input, options);
    const before = given.length === 1 ? "" : prefix;
    for (const source of opened) sources.push({ ...source, name: before + source.name });
  }
  return sources;
}

export interface OpenedInput {
  readonly sources: readonly ByteSource[];
  /** Before a source's name it makes the path that a person would type; empty for addresses, which names begin with. */
  readonly prefix: string;
}

/** One of the things that openSources takes. */
export async function openInput(input: string | URL, options: OpenSourcesOptions = {}): Promise<OpenedInput> {
  const text = String(input);
  if (/^https?:\/\//i.test(text)) return { sources: await openUrl(new URL(text), options), prefix: "" };
  const path = /^file:\/\//i.test(text) ? fileURLToPath(text) : text;
  const stat = await orIoError(path, fs.stat(path));
  if (stat.isDirectory()) {
    const sources = await openArchives(await folderSources(path, options), options);
    return { sources, prefix: `${path.replace(/[/\\]+$/, "")}/` };
  }
  const prefix = path.slice(0, path.length - basename(path).length);
  const file = fileSource(path, basename(path), stat.size);
  if (!isDicomdirName(path)) return { sources: await openArchives([file], options), prefix };
  return { sources: await dicomdirSources(dirname(path), await dicomdirFiles(file), options), prefix };
}

async function openUrl(url: URL, options: OpenSourcesOptions): Promise<ByteSource[]> {
  const [source] = await urlSources([url], options);
  if (!isDicomdirName(url.pathname)) return openArchives([source], options);
  const files = await dicomdirFiles(source);
  const addresses = files.map((parts) => new URL(parts.map(encodeURIComponent).join("/"), url));
  return urlSources(addresses, options);
}
