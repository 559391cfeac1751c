import type { ByteSource } from "../core/byte_source.js";
import { unpackedSources } from "../sources/open_archives.js";
import {
  checkOpenOptions,
  eachInput,
  isText,
  type OpenableInputs,
  type OpenSourcesOptions,
  openObject,
} from "../sources/open_object.js";
import { rangedSources } from "../sources/url.js";

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
  const sources: ByteSource[] = [];
  for (const input of eachInput(inputs)) {
    checked.signal?.throwIfAborted();
    const opened = isText(input) ? await rangedSources([input], checked) : await openObject(input, checked);
    for (const source of opened) sources.push(source);
  }
  return unpackedSources(sources, checked);
}
