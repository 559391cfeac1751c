import type { HuffmanTable } from "../jpeg/huffman_table.js";
import { type Segment, segmentError } from "../jpeg/markers.js";

/**
 * Tables of a DQT segment (T.81 B.2.4.1), 64 factors each in zigzag order, into `tables` by their numbers.
 */
export function readQuantization(segment: Segment, tables: Map<number, Uint16Array>): void {
  const b = segment.bytes;
  for (let at = 0; at < b.length; ) {
    const [width, id] = [(b[at] >> 4) + 1, b[at] & 15];
    at++;
    if (width > 2 || id > 3) throw segmentError(segment, `a quantization table of type ${b[at - 1]}`);
    if (at + 64 * width > b.length) throw segmentError(segment, "a quantization table is cut short");
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++, at += width) table[k] = width === 2 ? (b[at] << 8) | b[at + 1] : b[at];
    if (table.includes(0)) throw segmentError(segment, "a quantization table holds the factor 0");
    tables.set(id, table);
  }
}

/** Tables of a DHT segment (T.81 B.2.4.2) into those of their class, by their numbers. */
export function readHuffmanTables(
  segment: Segment,
  dc: Map<number, HuffmanTable>,
  ac: Map<number, HuffmanTable>,
): void {
  const b = segment.bytes;
  for (let at = 0; at < b.length; ) {
    if (at + 17 > b.length) throw segmentError(segment, "a Huffman table is cut short");
    const [kind, id] = [b[at] >> 4, b[at] & 15];
    if (kind > 1 || id > 3) throw segmentError(segment, `a Huffman table of type ${b[at]}`);
    const counts = b.slice(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    at += 17;
    if (total > 256 || at + total > b.length) {
      throw segmentError(
        segment,
        `a Huffman table declares ${total} symbols, ${b.length - at} bytes are left`,
      );
    }
    const table = { counts, symbols: b.slice(at, at + total) };
    checkHuffman(segment, table, kind === 0);
    (kind === 0 ? dc : ac).set(id, table);
    at += total;
  }
}

/** A prefix code (T.81 Annex C); no difference of DC coefficients has more than 15 bits (table F.6). */
function checkHuffman(segment: Segment, table: HuffmanTable, isDc: boolean): void {
  let free = 1;
  for (const count of table.counts) {
    free = free * 2 - count;
    if (free < 0) throw segmentError(segment, "a Huffman table has more codes than their lengths allow");
  }
  const wrong = isDc ? table.symbols.find((symbol) => symbol > 15) : undefined;
  if (wrong !== undefined) throw segmentError(segment, `a DC Huffman table holds category ${wrong}`);
}
