/**
 * A Huffman table as DHT gives it: how many codes of 1 to 16 bits there are, and the symbols in the order of
 * their codes.
 */
export interface HuffmanTable {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}
