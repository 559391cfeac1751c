import type { ByteSource } from "../core/byte_source.js";
import { HounsfieldError } from "../core/errors.js";
import { readUntilPixelData } from "../dicom/syntax/read_data_set.js";
import { TAG } from "../dicom/syntax/tags.js";
import { type DataSet, itemsOf, textsOf } from "../dicom/syntax/values.js";

/** Whether a file of this name is a DICOMDIR, which has this one name everywhere (PS3.10 8.6). */
export function isDicomdirName(name: string): boolean {
  return /(^|[/\\])DICOMDIR$/i.test(name);
}

/**
 * The files that a DICOMDIR lists (PS3.3 F.3, PS3.10 8), each as the parts of its path below the DICOMDIR's
 * own folder, each once.
 * @throws HounsfieldError `malformed-dicom` where it lists no files, or one outside its folder; what readHead
 * throws
 */
export async function dicomdirFiles(source: ByteSource): Promise<readonly (readonly string[])[]> {
  const { elements } = await readUntilPixelData(source);
  if (!elements.has(TAG.DirectoryRecordSequence)) {
    const message = `${source.name}: lists no files, so it is no DICOMDIR`;
    throw new HounsfieldError("malformed-dicom", message, { file: source.name, tag: "(0004,1220)" });
  }
  const files = new Map<string, readonly string[]>();
  for (const record of itemsOf({ file: source.name, elements }, TAG.DirectoryRecordSequence)) {
    const parts = referencedFile(record);
    if (parts.length === 0) continue;
    if (parts.some((part) => part === ".." || /[/:\0]/.test(part))) {
      const message = `${source.name}: lists a file outside its folder`;
      throw new HounsfieldError("malformed-dicom", message, {
        file: source.name,
        tag: "(0004,1500)",
        got: parts,
      });
    }
    files.set(parts.join("\\"), parts);
  }
  return [...files.values()];
}

function referencedFile(record: DataSet): readonly string[] {
  return textsOf(record, TAG.ReferencedFileID).filter((part) => part !== "");
}
