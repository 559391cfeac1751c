import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import {
  ELEMENT_HEADER_BYTES,
  type ElementHeader,
  elementHeader,
  ITEM,
  isKnownVr,
  SEQUENCE_DELIMITER,
  tagAt,
} from "./elements.js";
import type { Encoding } from "./transfer_syntax.js";

/** So many elements in order, of lengths that fit, are no accident. */
const ENOUGH = 4;
/** Without VRs less speaks for it: the first group is one that data sets begin with. */
const LAST_FIRST_GROUP = 0x0028;

/** Group 0000, which commands of the network have, begins with its length, four bytes of UL (PS3.7 E.1). */
const COMMAND_GROUP_LENGTH = 0;

/**
 * Where the first element is of a file without "DICM" at byte 128, as old exports, network dumps and careless
 * de-identifiers leave it: at its first byte; behind a preamble of zeros without the prefix; or behind the
 * prefix without a preamble. Its first elements are walked, whatever they are: tags ascend (PS3.5 7.1), VRs
 * are of table 6.2-1 or all left out, and no length goes beyond the file.
 * @returns undefined where none is
 */
export async function bareDataSetOffset(start: Uint8Array, source: ByteSource): Promise<number | undefined> {
  const places = [0];
  if (start.length > PREAMBLE_BYTES && start.subarray(0, PREAMBLE_BYTES).every((byte) => byte === 0))
    places.push(PREAMBLE_BYTES);
  if (String.fromCharCode(...start.subarray(0, 4)) === "DICM") places.push(4);
  for (const at of places) if (await beginsAsDataSet(start, source, at)) return at;
  return undefined;
}

const PREAMBLE_BYTES = 128;

async function beginsAsDataSet(start: Uint8Array, source: ByteSource, from: number): Promise<boolean> {
  if (start.length < from + ELEMENT_HEADER_BYTES) return false;
  const explicit = isKnownVr(String.fromCharCode(start[from + 4], start[from + 5]));
  const bigEndian = explicit && start[from] === 0 && start[from + 1] !== 0;
  return walkFirst(start, source, from, { explicit, bigEndian });
}

async function walkFirst(
  start: Uint8Array,
  source: ByteSource,
  from: number,
  encoding: Encoding,
): Promise<boolean> {
  let before = -1;
  let at = from;
  for (let count = 0; count < ENOUGH; count++) {
    const header = await headerAt(start, source, at, encoding);
    if (!header) return count > 1 && at === source.size;
    const { tag, vr, length, valueAt } = header;
    if (tag <= before || tag >>> 16 >= 0x7fff) return false;
    if (before === -1 && tag >>> 16 === 0 && (tag !== COMMAND_GROUP_LENGTH || length !== 4)) return false;
    if (before === -1 && !vr && tag >>> 16 > LAST_FIRST_GROUP) return false;
    // Behind file meta information the data set may be written otherwise.
    if (before >>> 16 === 2 && tag >>> 16 !== 2) return count > 1;
    if (vr !== undefined && !isKnownVr(vr)) return false;
    if (length < 0) {
      // A sequence: what is before it, and its own header, have to do; or what it begins with.
      if (vr !== undefined) return vr === "SQ" || vr === "UN";
      return count > 0 || valueAt + 4 > start.length || isItemTag(tagAt(start, valueAt));
    }
    at = valueAt + length;
    if (at > source.size) return false;
    before = tag;
  }
  return true;
}

function isItemTag(tag: number): boolean {
  return tag === ITEM || tag === SEQUENCE_DELIMITER;
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
