import { crc32 } from "../core/crc_32.js";

/** Code page 437 from 128 on: what a zip's names are in where nothing else is said (APPNOTE D.1). */
const CODE_PAGE_437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Extra field of Info-ZIP with the name in UTF-8: version, CRC-32 of the name it is of, the name. */
const UNICODE_PATH = 0x7075;

/**
 * The name of a zip's member. UTF-8 where the writer says so, or where the bytes are UTF-8, as some write
 * without saying so; else the encoding given, by default code page 437, which the format asks for.
 * @param encoding a label of TextDecoder, such as "gbk" for what Windows in China writes
 */
export function zipName(
  bytes: Uint8Array,
  isUtf8: boolean,
  extras: ReadonlyMap<number, Uint8Array>,
  encoding?: string,
): string {
  const unicode = extras.get(UNICODE_PATH);
  if (unicode && unicode.length > 5 && unicode[0] === 1) {
    const view = new DataView(unicode.buffer, unicode.byteOffset, unicode.byteLength);
    if (view.getUint32(1, true) === crc32(bytes)) return tidy(new TextDecoder().decode(unicode.subarray(5)));
  }
  return isUtf8 ? tidy(new TextDecoder().decode(bytes)) : unmarkedName(bytes, encoding);
}

/** A name of which nothing says how it is encoded: UTF-8 where it can be that. */
export function unmarkedName(bytes: Uint8Array, encoding?: string): string {
  try {
    return tidy(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return tidy(encoding === undefined ? fromCodePage437(bytes) : new TextDecoder(encoding).decode(bytes));
  }
}

function fromCodePage437(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 128],
  ).join("");
}

/**
 * With "/", relative, without what a terminal would obey. Nothing is written by these names, so that ".."
 * does no harm.
 */
function tidy(name: string): string {
  return name
    .replaceAll("\\", "/")
    .replace(/\p{Cc}+/gu, " ")
    .replace(/^(\.?\/+)+/, "");
}
