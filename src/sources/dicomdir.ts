import type { Element } from "dicom-parser";
import { HounsfieldError } from "../core/errors.js";
import { decodeText } from "../dicom/character_set.js";
import { readHead } from "../dicom/head.js";
import type { ByteSource } from "../dicom/slice.js";

const DIRECTORY_RECORD_SEQUENCE = "x00041220";
const REFERENCED_FILE_ID = "x00041500";
const SPECIFIC_CHARACTER_SET = "x00080005";

/** Whether a file of this name is a DICOMDIR, which has this one name everywhere (PS3.10 8.6). */
export function isDicomdirName(name: string): boolean {
  return /(^|[/\\])DICOMDIR$/i.test(name);
}

/**
 * The files that a DICOMDIR lists (PS3.3 F.3, PS3.10 8), each as the parts of its path below the DICOMDIR's own folder, each once.
 * @throws HounsfieldError `malformed-dicom` where it lists no files, or one outside its folder; what readHead throws
 */
export async function dicomdirFiles(source: ByteSource): Promise<readonly (readonly string[])[]> {
  const { elements } = await readHead(source);
  const records = elements.get(DIRECTORY_RECORD_SEQUENCE)?.items;
  if (!records) {
    const message = `${source.name}: lists no files, so it is no DICOMDIR`;
    throw new HounsfieldError("malformed-dicom", message, { file: source.name, tag: "(0004,1220)" });
  }
  const files = new Map<string, readonly string[]>();
  for (const record of records) {
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

function referencedFile(record: Element): readonly string[] {
  const data = record.dataSet;
  const id = data?.elements[REFERENCED_FILE_ID];
  if (!data || !id) return [];
  const bytes = data.byteArray.subarray(id.dataOffset, id.dataOffset + id.length);
  const characterSets = data.string(SPECIFIC_CHARACTER_SET)?.split("\\") ?? [];
  const parts = decodeText(bytes, characterSets).split("\\");
  return parts.map((part) => part.replace(/[\0 ]+$/g, "").trimStart()).filter((part) => part !== "");
}
