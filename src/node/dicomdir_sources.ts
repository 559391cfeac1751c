import { promises as fs } from "node:fs";
import { join } from "node:path";
import type { ByteSource } from "../core/byte_source.js";
import { HounsfieldError, isHounsfieldError } from "../core/errors.js";
import { mapConcurrent } from "../core/map_concurrent.js";
import { type FolderOptions, orIoError } from "../sources/unreadable.js";
import { fileSource } from "./sources.js";

const FILES_AT_ONCE = 16;
const NAMED_FILES = 5;

/**
 * The files that a DICOMDIR lists, looked for below its folder. A CD shows its upper-case names in lower
 * case, or with ";1" behind them, on some systems: where a part is not there as it is written, one that
 * differs only so is taken. Progress stage: "files".
 * @throws HounsfieldError `io` naming files that are listed but not there
 */
export async function dicomdirSources(
  folder: string,
  files: readonly (readonly string[])[],
  { signal, onProgress, onUnreadable }: FolderOptions = {},
): Promise<ByteSource[]> {
  const listings = new Map<string, Promise<readonly string[]>>();
  let done = 0;
  const sources = await mapConcurrent(files, FILES_AT_ONCE, async (parts) => {
    signal?.throwIfAborted();
    const found = await findFile(folder, parts, listings);
    onProgress?.({ stage: "files", done: ++done, total: files.length });
    return found;
  });
  const missing = files.filter((_, i) => sources[i] === undefined).map((parts) => parts.join("/"));
  if (missing.length > 0) {
    const error = missingFiles(folder, missing, files.length);
    if (!onUnreadable) throw error;
    onUnreadable(error);
  }
  return sources.filter((source) => source !== undefined);
}

async function findFile(
  folder: string,
  parts: readonly string[],
  listings: Map<string, Promise<readonly string[]>>,
): Promise<ByteSource | undefined> {
  const name = parts.join("/");
  try {
    const exact = join(folder, ...parts);
    const stat = await fs.stat(exact).catch(() => undefined);
    if (stat?.isFile()) return fileSource(exact, name, stat.size);
    let path = folder;
    for (const part of parts) {
      const listing = listings.get(path) ?? orIoError(path, fs.readdir(path));
      listings.set(path, listing);
      const entry = (await listing).find((candidate) => plain(candidate) === plain(part));
      if (entry === undefined) return undefined;
      path = join(path, entry);
    }
    return fileSource(path, name, (await orIoError(path, fs.stat(path))).size);
  } catch (error) {
    if (isHounsfieldError(error, "io")) return undefined;
    throw error;
  }
}

/** ISO 9660 names may end with a dot and a version. */
function plain(name: string): string {
  return name.replace(/\.?(;\d+)?$/, "").toLowerCase();
}

function missingFiles(folder: string, missing: readonly string[], listed: number): HounsfieldError {
  const some = `${missing.slice(0, NAMED_FILES).join(", ")}${missing.length > NAMED_FILES ? ", ..." : ""}`;
  const message = `${join(folder, "DICOMDIR")}: ${missing.length} of the ${listed} files it lists are not there: ${some}; give the folder to read what is`;
  return new HounsfieldError("io", message, {
    file: join(folder, "DICOMDIR"),
    got: missing,
    accepted: listed,
  });
}
