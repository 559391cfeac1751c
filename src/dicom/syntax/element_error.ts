import { HounsfieldError } from "../../core/errors.js";
import { formatTag } from "./tags.js";

/** No element, or no item, where there must be one: lengths before it are wrong, or bytes are lost. */
export class ElementParseError extends Error {
  override readonly name = "BrokenElement";

  /** @param at where, in the bytes that were read */
  constructor(
    readonly at: number,
    readonly why: keyof typeof reasons,
    readonly tag: number,
  ) {
    super(why);
  }
}

const reasons = {
  "no-vr": "has no valid value representation; a length before it is wrong",
  "no-item":
    "stands where an item of a sequence must begin or end; the sequence is not closed or breaks its own lengths",
  "too-long": "goes beyond the item that it is in; the sequence breaks its own lengths",
  "too-deep": "is nested too deeply",
} as const;

/** @param offset where the bytes that were read begin in the file */
export function elementParseError(
  { at, why, tag }: ElementParseError,
  file: string,
  offset: number,
): HounsfieldError {
  const fields = { file, tag: formatTag(tag), offset: offset + at };
  const message = `${file}: element ${fields.tag} at byte ${fields.offset} ${reasons[why]}`;
  return new HounsfieldError("malformed-dicom", message, fields);
}
