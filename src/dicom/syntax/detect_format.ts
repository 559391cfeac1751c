import type { ByteSource } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";

/**
 * Where the first data element of a DICOM file is, by its content: the name never decides.
 * 132 after the preamble and "DICM" (PS3.10 7.1); mostly 0 in a file without them.
 * @param head the first bytes of `source`, at least 144, or all of it if it is shorter
 * @throws HounsfieldError `git-lfs-pointer`; `truncated` for an empty file called .dcm; `not-dicom` for all
 * else
 */
export async function firstElementOffset(head: Uint8Array, source: ByteSource): Promise<number> {
  const file = source.name;
  if (ascii(head, 0, 23) === "version https://git-lfs") {
    const message = `${file}: is a Git LFS pointer, its content was never fetched; run "git lfs pull" where it came from`;
    throw new HounsfieldError("git-lfs-pointer", message, { file });
  }
  // Systems sprinkle folders with empty files, but an empty file called .dcm is an image whose copy failed.
  if (head.length === 0 && /\.dcm$/i.test(file)) {
    throw new HounsfieldError("truncated", `${file}: is empty`, { file, offset: 0, got: 0 });
  }
  if (ascii(head, 128, 132) === "DICM") return 132;
  // Few files are so, and those that are no DICOM.
  const bare = await (await import("./bare_data_set.js")).bareDataSetOffset(head, source);
  if (bare !== undefined) return bare;
  throw new HounsfieldError("not-dicom", `${file}: is not a DICOM file`, { file, got: ascii(head, 0, 4) });
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
