import type { ByteSource } from "../core/byte_source.js";
import { HounsfieldError } from "../core/errors.js";
import type { FolderOptions } from "../sources/unreadable.js";

/**
 * Only in Node: the files of a folder and all folders in it, or one file. Sorted by name; names are relative
 * to the folder, with "/". Links are followed, each folder and file is taken once however many links lead to
 * it, and what is no file (pipes, devices) is left out. No file is opened here, and none is held open between
 * reads. Progress stage: "files".
 * @throws HounsfieldError `io` naming the path that could not be read; in a page always, for it has no file
 * system
 */
export async function folderSources(path: string, _options: FolderOptions = {}): Promise<ByteSource[]> {
  throw new HounsfieldError(
    "io",
    `folderSources reads the file system, which only Node has: in a page use fileSources, directorySources or openSources for "${path}"`,
    { file: path },
  );
}
