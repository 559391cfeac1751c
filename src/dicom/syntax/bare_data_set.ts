import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import { ELEMENT_HEADER_BYTES, type ElementHeader, elementHeader, isKnownVr } from "./elements.js";
import type { Encoding } from "./transfer_syntax.js";

/** So many elements in order, of lengths that fit, are no accident. */
const ENOUGH = 4;
/** Without VRs less speaks for it: the first group is one that data sets begin with. */
const LAST_FIRST_GROUP = 0x0028;

/**
 * Whether a file without preamble and prefix, as old exports, network dumps and careless de-identifiers leave
 * it, begins as a data set or as file meta information does: its first elements are walked, whatever they
 * are. Tags ascend (PS3.5 7.1), VRs are of table 6.2-1 or all left out, and no length goes beyond the file.
 */
export async function beginsAsDataSet(start: Uint8Array, source: ByteSource): Promise<boolean> {
  if (start.length < ELEMENT_HEADER_BYTES) return false;
  const explicit = isKnownVr(String.fromCharCode(start[4], start[5]));
  const bigEndian = explicit && start[0] === 0 && start[1] !== 0;
  return walkFirst(start, source, { explicit, bigEndian });
}

async function walkFirst(start: Uint8Array, source: ByteSource, encoding: Encoding): Promise<boolean> {
  let before = -1;
  let at = 0;
  for (let count = 0; count < ENOUGH; count++) {
    const header = await headerAt(start, source, at, encoding);
    if (!header) return count > 1 && at === source.size;
    const { tag, vr, length, valueAt } = header;
    if (tag <= before || tag >>> 16 === 0 || tag >>> 16 >= 0x7fff) return false;
    if (before === -1 && !vr && tag >>> 16 > LAST_FIRST_GROUP) return false;
    // Behind file meta information the data set may be written otherwise.
    if (before >>> 16 === 2 && tag >>> 16 !== 2) return count > 1;
    if (vr !== undefined && !isKnownVr(vr)) return false;
    // A sequence: what is before it, and its own header, have to do.
    if (length < 0) return vr === "SQ" || vr === "UN" || (vr === undefined && count > 0);
    at = valueAt + length;
    if (at > source.size) return false;
    before = tag;
  }
  return true;
}

async function headerAt(
  start: Uint8Array,
  source: ByteSource,
  at: number,
  encoding: Encoding,
): Promise<ElementHeader | undefined> {
  const inside = at + ELEMENT_HEADER_BYTES <= start.length;
  const from = inside ? 0 : at;
  const bytes = inside
    ? start
    : await readExactly(source, at, Math.min(source.size, at + ELEMENT_HEADER_BYTES));
  const header = elementHeader(bytes, at - from, encoding);
  return header && { ...header, valueAt: header.valueAt + from };
}
