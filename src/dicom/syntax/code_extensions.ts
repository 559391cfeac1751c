/** What the bytes below 128 are: ASCII or nearly so, or pairs of one of the two sets of Kanji. */
type LowSet = "single" | "kanji" | "supplementary-kanji";

/**
 * Escape sequences of PS3.3 tables C.12-3 and C.12-4, without their ESC: what they make of the low bytes, or
 * by which decoder the high ones are read.
 */
const SEQUENCES: readonly (readonly [sequence: string, set: { low: LowSet } | { high: string }])[] = [
  ["(B", { low: "single" }],
  ["(J", { low: "single" }],
  ["$B", { low: "kanji" }],
  ["$@", { low: "kanji" }],
  ["$(D", { low: "supplementary-kanji" }],
  [")I", { high: "shift_jis" }],
  ["$)C", { high: "euc-kr" }],
  ["$)A", { high: "gb18030" }],
  ["-A", { high: "iso-8859-1" }],
  ["-B", { high: "iso-8859-2" }],
  ["-C", { high: "iso-8859-3" }],
  ["-D", { high: "iso-8859-4" }],
  ["-L", { high: "iso-8859-5" }],
  ["-G", { high: "iso-8859-6" }],
  ["-F", { high: "iso-8859-7" }],
  ["-H", { high: "iso-8859-8" }],
  ["-M", { high: "iso-8859-9" }],
  ["-b", { high: "iso-8859-15" }],
  ["-T", { high: "windows-874" }],
];

const ESCAPE = 0x1b;
/**
 * At these the sets of the first term are in use again (PS3.5 6.1.2.5.3): value, component and group
 * delimiters, and line ends.
 */
const DELIMITERS: ReadonlySet<number> = new Set([0x5c, 0x5e, 0x3d, 0x0a, 0x0c, 0x0d, 0x09]);

/**
 * Text with code extensions by ISO 2022 (PS3.5 6.1.2.5). A sequence that is not in the tables is left out,
 * and changes nothing.
 * @param initial the decoder of the first Specific Character Set
 */
export function decodeExtended(bytes: Uint8Array, initial: string): string {
  let text = "";
  let low: LowSet = "single";
  let high = initial;
  let start = 0;
  const flush = (end: number) => {
    text += decodeRun(bytes.subarray(start, end), low, high);
    start = end;
  };
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === ESCAPE) {
      flush(at);
      const [sequence, set] = sequenceAt(bytes, at + 1) ?? ["", {}];
      if ("low" in set) low = set.low;
      if ("high" in set) high = set.high;
      at += 1 + sequence.length;
      start = at;
    } else if (low === "single" && DELIMITERS.has(bytes[at])) {
      flush(at);
      high = initial;
      at++;
    } else at += low === "single" ? 1 : 2;
  }
  flush(bytes.length);
  return text;
}

function sequenceAt(bytes: Uint8Array, at: number) {
  const ahead = String.fromCharCode(...bytes.subarray(at, at + 3));
  return SEQUENCES.find(([sequence]) => ahead.startsWith(sequence));
}

function decodeRun(bytes: Uint8Array, low: LowSet, high: string): string {
  if (low === "single") return new TextDecoder(high).decode(bytes);
  // EUC-JP has both sets, with the high bit set, the supplementary one behind 8F.
  const euc: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    if (low === "supplementary-kanji") euc.push(0x8f);
    euc.push(bytes[at] | 0x80, bytes[at + 1] | 0x80);
  }
  return new TextDecoder("euc-jp").decode(Uint8Array.from(euc));
}
