/** Defined terms of Specific Character Set (PS3.3 C.12.1.1.2) by the label of the decoder that reads them. */
const DECODERS: Readonly<Record<string, string>> = {
  "ISO_IR 100": "iso-8859-1",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 148": "iso-8859-9",
  "ISO_IR 203": "iso-8859-15",
  "ISO_IR 13": "shift_jis",
  "ISO_IR 166": "windows-874",
  "ISO_IR 192": "utf-8",
  "ISO 2022 IR 58": "gb18030",
  "ISO 2022 IR 87": "iso-2022-jp",
  "ISO 2022 IR 149": "euc-kr",
  "ISO 2022 IR 159": "iso-2022-jp",
  GB18030: "gb18030",
  GBK: "gbk",
};

export const ESCAPE = 0x1b;

/** Reads text with code extensions, whose first set has the decoder `initial`: code_extensions.ts. */
export type DecodeExtended = (bytes: Uint8Array, initial: string) => string;

/** As many values as a call takes arguments, and no attribute that is read here is longer. */
const LONGEST_PLAIN = 256;

/**
 * Text in a data set's character set, code extensions included (PS3.5 6.1.2.5): an escape sequence says what
 * the bytes behind it are. Where several terms are given and no sequence is met, though the first term is
 * ASCII, the last one known is meant, as some writers leave the sequences out. Bytes that a set does not have
 * become U+FFFD. Without a term the bytes should be ASCII: UTF-8 covers it.
 */
export function decodeText(
  bytes: Uint8Array,
  specificCharacterSets: readonly string[],
  decodeExtended?: DecodeExtended,
): string {
  const plain = asciiText(bytes);
  if (plain !== undefined) return plain;
  const [first, ...others] = specificCharacterSets.map(decoderOf);
  if (decodeExtended && bytes.includes(ESCAPE)) return decodeExtended(bytes, first ?? "utf-8");
  const last = others.filter((decoder) => decoder !== undefined).at(-1);
  return new TextDecoder(first ?? last ?? "utf-8").decode(bytes);
}

/**
 * Nearly all texts, which are ASCII in every set here: making a decoder for each is what listing 10,000 files
 * would spend much of its time on.
 */
export function asciiText(bytes: Uint8Array): string | undefined {
  if (bytes.length > LONGEST_PLAIN) return undefined;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 127 || bytes[i] === ESCAPE) return undefined;
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

function decoderOf(term: string): string | undefined {
  return DECODERS[term] ?? DECODERS[term.replace("ISO 2022 IR", "ISO_IR")];
}
