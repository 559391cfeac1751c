import type { ByteSource } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import { isKnownVr, tagAt } from "./elements.js";
import { TAG } from "./tags.js";

/** Bytes needed to tell what a file is: preamble, prefix (PS3.10 7.1) and the header of one element. */
export const RECOGNITION_BYTES = 144;

/**
 * Where the first data element of a DICOM file is, by its content: the name never decides.
 * 132 after the preamble and "DICM"; 0 in a file without them, as old exports and network dumps are.
 * @param head the first RECOGNITION_BYTES of `source`, or all of it if it is shorter
 * @throws HounsfieldError `git-lfs-pointer`; `truncated` for an empty file called .dcm; `not-dicom` for all else
 */
export function firstElementOffset(head: Uint8Array, source: ByteSource): 0 | 132 {
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
  if (startsLikeADataSet(head)) return 0;
  throw new HounsfieldError("not-dicom", `${file}: is not a DICOM file`, { file, got: ascii(head, 0, 4) });
}

/**
 * Group 0002 or 0008 first, with a sane length. A group length or character set is the usual start; element
 * numbers of group 0008 up to 0018 are those that can come first in an image.
 */
function startsLikeADataSet(head: Uint8Array): boolean {
  if (head.length < RECOGNITION_BYTES) return false;
  const tag = tagAt(head, 0);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (tag >>> 16 === 0x0002) return isKnownVr(ascii(head, 4, 6)) && tag <= TAG.TransferSyntaxUID;
  if (tag >>> 16 !== 0x0008 || tag > TAG.SOPInstanceUID) return false;
  if (isKnownVr(ascii(head, 4, 6))) return true;
  const length = view.getUint32(4, true);
  if (length > RECOGNITION_BYTES - 12) return false;
  const next = tagAt(head, 8 + length);
  return next > tag && next < 0x00410000;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
