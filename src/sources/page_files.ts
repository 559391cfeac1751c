import type { ByteSource } from "../core/byte_source.js";
import { mapConcurrent } from "../core/map_concurrent.js";
import { checkOptions, invalidOption } from "../core/options.js";
import type { DirectoryHandle, DroppedItem, FileHandle, PlatformFile } from "../core/platform.js";
import { controlRules } from "../core/rules.js";
import { type FolderOptions, folderRules, orIoError, unlessUnreadable } from "./unreadable.js";

const FILES_AT_ONCE = 16;

/**
 * Files that a person chose, such as `input.files` (null there means none), or `File` objects of Node. Names
 * are relative to the folder where a folder was chosen.
 */
export function fileSources(files: Iterable<PlatformFile> | ArrayLike<PlatformFile> | null): ByteSource[] {
  return listOf("fileSources", "files", files ?? [], isFile, "files, such as input.files").map((file) =>
    fileSource(file, file.webkitRelativePath || file.name),
  );
}

/**
 * What was dropped on a page, folders with all that is in them. Call it in the drop handler itself: the items
 * are gone once the event is over.
 * @throws HounsfieldError `io` naming what could not be read
 */
export async function droppedSources(
  items: Iterable<DroppedItem> | ArrayLike<DroppedItem>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ByteSource[]> {
  const { signal } = checkOptions("droppedSources", options, { signal: controlRules.signal });
  const dropped = listOf("droppedSources", "items", items, isItem, "items, such as event.dataTransfer.items");
  const entries: FileSystemEntry[] = [];
  for (const item of dropped) {
    const entry = item.kind === "file" ? item.webkitGetAsEntry() : null;
    if (entry) entries.push(entry);
  }
  const sources: ByteSource[] = [];
  for (const entry of entries) await collectEntry(entry, sources, signal);
  return sources.sort(byName);
}

/**
 * All files of a folder that was opened by the File System API, by their paths in it. @throws HounsfieldError
 * `io`
 */
export async function directorySources(
  directory: DirectoryHandle,
  options: FolderOptions = {},
): Promise<ByteSource[]> {
  const isFolder =
    typeof directory === "object" && typeof directory?.values === "function" && "name" in directory;
  if (!isFolder)
    throw invalidOption("directorySources", "directory", directory, "a FileSystemDirectoryHandle");
  return filesOfDirectory(directory, checkOptions("directorySources", options, folderRules));
}

/** What directorySources does with options that have been checked, which may be more than its own. */
export async function filesOfDirectory(
  directory: DirectoryHandle,
  options: FolderOptions,
): Promise<ByteSource[]> {
  const sources: ByteSource[] = [];
  await collectDirectory(directory, "", sources, options);
  return sources.sort(byName);
}

/** A file that was opened by the File System API. @throws HounsfieldError `io` */
export async function fileHandleSource(handle: FileHandle): Promise<ByteSource> {
  return fileSource(await orIoError(handle.name, handle.getFile()), handle.name);
}

/** By what is used of one: it may be another window's. */
function isFile(value: unknown): boolean {
  const { name, size, slice } = (value ?? {}) as Partial<File>;
  return typeof name === "string" && typeof size === "number" && typeof slice === "function";
}

function isItem(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value;
}

/**
 * Any list as an array, each of its items `fits`.
 * @throws HounsfieldError `invalid-option`
 */
function listOf<T>(
  of: string,
  name: string,
  list: Iterable<T> | ArrayLike<T>,
  fits: (item: unknown) => boolean,
  accepted: string,
): T[] {
  const isList = typeof list === "object" && list !== null && (Symbol.iterator in list || "length" in list);
  const items = isList ? Array.from(list) : undefined;
  if (items?.every(fits)) return items;
  throw invalidOption(of, name, list, accepted);
}

function fileSource(file: File, name: string): ByteSource {
  return {
    name,
    size: file.size,
    read: async (start, end) => new Uint8Array(await orIoError(name, file.slice(start, end).arrayBuffer())),
  };
}

async function collectEntry(
  entry: FileSystemEntry,
  sources: ByteSource[],
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const name = entry.fullPath.replace(/^\//, "");
  if (isFileEntry(entry)) {
    const file = await orIoError(name, new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
    sources.push(fileSource(file, name));
  } else if (isDirectoryEntry(entry)) {
    const reader = entry.createReader();
    // A reader gives its entries in portions (100 in Chromium) and none when there are no more.
    for (;;) {
      const portion = new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      const entries = await orIoError(name, portion);
      if (entries.length === 0) return;
      await mapConcurrent(entries, FILES_AT_ONCE, (inner) => collectEntry(inner, sources, signal));
    }
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectoryEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

async function collectDirectory(
  directory: FileSystemDirectoryHandle,
  prefix: string,
  sources: ByteSource[],
  options: FolderOptions,
): Promise<void> {
  const listing = orIoError(prefix || directory.name, handlesOf(directory));
  const handles = (await unlessUnreadable(options, listing)) ?? [];
  options.signal?.throwIfAborted();
  await mapConcurrent(handles, FILES_AT_ONCE, async (handle) => {
    const name = prefix + handle.name;
    if (isDirectoryHandle(handle)) return collectDirectory(handle, `${name}/`, sources, options);
    if (!isFileHandle(handle)) return;
    const file = await unlessUnreadable(options, orIoError(name, handle.getFile()));
    if (file) sources.push(fileSource(file, name));
  });
}

async function handlesOf(directory: FileSystemDirectoryHandle): Promise<FileSystemHandle[]> {
  const handles: FileSystemHandle[] = [];
  for await (const handle of directory.values()) handles.push(handle);
  return handles;
}

function isFileHandle(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === "file";
}

function isDirectoryHandle(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === "directory";
}

function byName(a: ByteSource, b: ByteSource): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
