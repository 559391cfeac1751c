/** Flags of a member's header (RFC 1952 2.3.1). */
const CHECKED = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;

/** What a writer may put into one: an extra field of 64 KiB, a name and a comment. */
export const MOST_HEADER_BYTES = 256 * 1024;
/** CRC-32 and length of what the member holds. */
export const TRAILER_BYTES = 8;

/**
 * How long the header is that `bytes` begin with: "short" where they end inside it, "none" where they do not
 * begin with one.
 */
export function gzipHeaderBytes(bytes: Uint8Array): number | "short" | "none" {
  const isOne = [0x1f, 0x8b, 8].every((byte, i) => bytes.length <= i || bytes[i] === byte);
  if (!isOne || (bytes.length > 3 && (bytes[3] & RESERVED) !== 0)) return "none";
  if (bytes.length < 10) return "short";
  const flags = bytes[3];
  let at = 10;
  if (flags & EXTRA) {
    if (bytes.length < at + 2) return "short";
    at += 2 + (bytes[at] | (bytes[at + 1] << 8));
  }
  for (const flag of [NAME, COMMENT]) {
    if (!(flags & flag)) continue;
    const end = at < bytes.length ? bytes.indexOf(0, at) : -1;
    if (end < 0) return "short";
    at = end + 1;
  }
  if (flags & CHECKED) at += 2;
  return at <= bytes.length ? at : "short";
}
