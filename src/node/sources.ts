import fs, { type Dirent } from "node:fs";
import { basename, join } from "node:path";
import type { ByteSource } from "../core/byte_source.js";
import { mapConcurrent } from "../core/map_concurrent.js";
import { checkArgument, checkOptions } from "../core/options.js";
import { text } from "../core/rules.js";
import { type FolderOptions, folderRules, orIoError, unlessUnreadable } from "../sources/unreadable.js";
import { createFileAccess, type FileAccess } from "./file_access.js";

/** Files looked at together: far under any limit on open files. */
const STATS_AT_ONCE = 16;

/**
 * Only in Node: the files of a folder and all folders in it, or one file. Sorted by name; names are relative
 * to the folder, with "/". Links are followed, each folder and file is taken once however many links lead to
 * it, and what is no file (pipes, devices) is left out. No file is opened here, and none is held open between
 * reads. Progress stage: "files".
 * @throws HounsfieldError `io` naming the path that could not be read; in a page always, for it has no file
 * system
 */
export async function folderSources(path: string, options: FolderOptions = {}): Promise<ByteSource[]> {
  checkArgument("folderSources", "path", path, text);
  return filesOfFolder(path, checkOptions("folderSources", options, folderRules));
}

/** What folderSources does with options that have been checked, which may be more than its own. */
export async function filesOfFolder(path: string, options: FolderOptions): Promise<ByteSource[]> {
  const { signal, onProgress } = options;
  const stat = await orIoError(path, fs.promises.stat(path));
  if (stat.isFile()) return [fileSource(path, basename(path), stat.size)];
  const files = await filesBelow(path, options);
  const access = createFileAccess();
  let done = 0;
  const sources = await mapConcurrent(files, STATS_AT_ONCE, async (file) => {
    signal?.throwIfAborted();
    const source = await unlessUnreadable(options, readableFile(file, access, options));
    onProgress?.({ stage: "files", done: ++done, total: files.length });
    return source ?? [];
  });
  return sources.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Whether a file may be read is asked only where those that may not are told apart: the question costs as
 * much as its size.
 */
async function readableFile(
  { path, name }: FoundFile,
  access: FileAccess,
  { onUnreadable }: FolderOptions,
): Promise<ByteSource> {
  const { size } = await orIoError(path, access.stat(path));
  if (onUnreadable) await orIoError(path, fs.promises.access(path, fs.constants.R_OK));
  return fileSource(path, name, size, access);
}

/** Links come after all else, so that what is met twice keeps the name it really has. */
async function filesBelow(path: string, options: FolderOptions): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  const fileLinks: FoundFile[] = [];
  const folders: FoundFile[] = [{ path, name: "" }];
  const folderLinks: FoundFile[] = [];
  const visited = new Set<string>();
  for (let folder: FoundFile | undefined; (folder = folders.pop() ?? folderLinks.shift()); ) {
    options.signal?.throwIfAborted();
    const inside = await unlessUnreadable(options, entriesOf(folder.path, visited));
    for (const entry of inside ?? []) {
      const found = { path: join(folder.path, entry.name), name: folder.name + entry.name };
      const kind = await unlessUnreadable(options, kindOf(entry, found.path));
      const isLink = entry.isSymbolicLink();
      if (kind === "file") (isLink ? fileLinks : files).push(found);
      if (kind === "folder") (isLink ? folderLinks : folders).push({ ...found, name: `${found.name}/` });
    }
  }
  return [...files, ...(await linkedElsewhere(fileLinks, files))];
}

/** None for a folder that was visited by another path: loops of links end here. */
async function entriesOf(folder: string, visited: Set<string>): Promise<Dirent[]> {
  const real = await orIoError(folder, fs.promises.realpath(folder));
  if (visited.has(real)) return [];
  visited.add(real);
  return sortedEntries(folder);
}

interface FoundFile {
  readonly path: string;
  readonly name: string;
}

/** By name, so that of several links to one thing the same is always taken. */
async function sortedEntries(folder: string): Promise<Dirent[]> {
  const entries = await orIoError(folder, fs.promises.readdir(folder, { withFileTypes: true }));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function kindOf(entry: Dirent, path: string): Promise<"folder" | "file" | "other"> {
  const what = entry.isSymbolicLink() ? await orIoError(path, fs.promises.stat(path)) : entry;
  return what.isDirectory() ? "folder" : what.isFile() ? "file" : "other";
}

/**
 * Of linked files those that are not in the folder anyway, each once: a second path to a file is no second
 * slice.
 */
async function linkedElsewhere(
  links: readonly FoundFile[],
  found: readonly FoundFile[],
): Promise<FoundFile[]> {
  if (links.length === 0) return [];
  const realPath = (file: FoundFile) => orIoError(file.path, fs.promises.realpath(file.path));
  const taken = new Set(await mapConcurrent(found, STATS_AT_ONCE, realPath));
  const targets = await mapConcurrent(links, STATS_AT_ONCE, realPath);
  return links.filter((_, i) => {
    const isNew = !taken.has(targets[i]);
    taken.add(targets[i]);
    return isNew;
  });
}

/**
 * A file of known size, opened for each read. Files of one folder share their `access`, which finds out how
 * slow they are.
 */
export function fileSource(
  path: string,
  name: string,
  size: number,
  access = createFileAccess(),
): ByteSource {
  return { name, size, read: (start, end) => orIoError(path, access.read(path, start, Math.min(end, size))) };
}
