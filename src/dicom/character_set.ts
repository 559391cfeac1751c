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

/**
 * Text in a data set's character set. With several terms (code extensions) the last one known decides, which reads
 * ASCII and that set; bytes it does not know become U+FFFD. Without a term the bytes should be ASCII: UTF-8 covers it.
 */
export function decodeText(bytes: Uint8Array, specificCharacterSets: readonly string[]): string {
  const terms = specificCharacterSets.map(
    (term) => DECODERS[term] ?? DECODERS[term.replace("ISO 2022 IR", "ISO_IR")],
  );
  const label = terms.filter((decoder) => decoder !== undefined).at(-1) ?? "utf-8";
  return new TextDecoder(label).decode(bytes);
}
