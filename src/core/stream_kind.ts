/** What a code stream says of itself: how it is coded, and the bits of its samples. */
export interface StreamKind {
  /** A transfer syntax of streams of its kind. */
  readonly transferSyntax: string;
  /** Of a sample; absent for RLE, which has none. */
  readonly precision?: number;
}

const SYNTAX = "1.2.840.10008.1.2";
/** By the frame header's marker (T.81 table B.1, T.87 C.1.1). */
const FRAMES: Readonly<Record<number, string>> = {
  192: `${SYNTAX}.4.50`,
  193: `${SYNTAX}.4.51`,
  194: `${SYNTAX}.4.55`,
  195: `${SYNTAX}.4.57`,
  247: `${SYNTAX}.4.81`,
};

/**
 * The kind of a code stream by its first bytes, up to its frame header; undefined where it is none that is
 * known.
 */
export function kindOfStream(bytes: Uint8Array): StreamKind | undefined {
  const at = (i: number) => bytes[i] ?? 0;
  if (at(0) === 0xff && at(1) === 0xd8) return jpegKind(bytes);
  // SOC and SIZ (T.800 A.4.1); CAP says that it is high throughput (T.814 A.2).
  if (at(0) === 0xff && at(1) === 0x4f && at(2) === 0xff && at(3) === 0x51) {
    const next = 4 + at(4) * 256 + at(5);
    const isHighThroughput = at(next) === 0xff && at(next + 1) === 0x50;
    const transferSyntax = `${SYNTAX}.4.${isHighThroughput ? "203" : "91"}`;
    return { transferSyntax, precision: (at(42) & 127) + 1 };
  }
  // A header of RLE: up to 15 segments, the first at byte 64 (PS3.5 G.5).
  const isRle = at(0) >= 1 && at(0) <= 15 && at(1) + at(2) + at(3) === 0 && at(4) === 64;
  if (isRle && at(5) + at(6) + at(7) === 0) return { transferSyntax: `${SYNTAX}.5` };
  return undefined;
}

export function syntaxOfStream(bytes: Uint8Array): string | undefined {
  return kindOfStream(bytes)?.transferSyntax;
}

/** Marker segments up to the frame header, each with its length (T.81 B.1.1.4). */
function jpegKind(bytes: Uint8Array): StreamKind | undefined {
  for (let at = 2; at + 5 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    const transferSyntax = FRAMES[marker];
    if (transferSyntax) return { transferSyntax, precision: bytes[at + 4] };
    at += marker === 0xff ? 1 : 2 + bytes[at + 2] * 256 + bytes[at + 3];
  }
  return undefined;
}
