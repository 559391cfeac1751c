/**
 * A JPEG Huffman table as a DHT segment holds it: codes of each length 1..16, and the symbols in order of
 * code.
 */
export interface HuffmanSpec {
  readonly countPerLength: readonly number[];
  readonly symbols: readonly number[];
}

/** The code word of each symbol, right-aligned, and its length in bits (0: no code). */
export interface HuffmanCodes {
  readonly code: Uint32Array;
  readonly length: Uint8Array;
}

const MAX_CODE_LENGTH = 16;

/**
 * Lengths of the optimal code for symbols 0..n-1 of these frequencies, none over 16 bits and no code word all
 * ones (ITU-T T.81 Annex K.2, figures K.1 to K.4).
 */
export function optimalHuffmanSpec(frequency: readonly number[]): HuffmanSpec {
  const lengths = codeLengths(frequency);
  const countPerLength = limitLengths(lengths);
  const symbols = frequency
    .map((count, symbol) => ({ count, symbol, length: lengths[symbol] }))
    .filter((entry) => entry.count > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
    .map((entry) => entry.symbol);
  return { countPerLength, symbols };
}

/** Figure K.1: merges the two rarest trees until one is left; the last entry is the reserved code point. */
function codeLengths(frequency: readonly number[]): number[] {
  const weight = [...frequency, 1];
  const length = weight.map(() => 0);
  let trees = weight.map((_, symbol) => symbol).filter((symbol) => weight[symbol] > 0);
  const members = weight.map((_, symbol) => [symbol]);
  while (trees.length > 1) {
    // Of equal weights the larger symbol goes first, so that the reserved one gets a longest code.
    trees.sort((a, b) => weight[b] - weight[a] || a - b);
    const rarest = trees[trees.length - 1];
    const next = trees[trees.length - 2];
    weight[next] += weight[rarest];
    members[next] = members[next].concat(members[rarest]);
    for (const symbol of members[next]) length[symbol]++;
    trees = trees.slice(0, -1);
  }
  return length;
}

/**
 * Figures K.2 and K.3: moves pairs of codes up to length 16 and drops the reserved one, the last of the
 * longest.
 */
function limitLengths(lengths: readonly number[]): number[] {
  const bits = new Array<number>(Math.max(MAX_CODE_LENGTH, ...lengths) + 1).fill(0);
  for (const length of lengths) if (length > 0) bits[length]++;
  for (let i = bits.length - 1; i > MAX_CODE_LENGTH; i--) {
    while (bits[i] > 0) {
      let j = i - 2;
      while (bits[j] === 0) j--;
      bits[i] -= 2;
      bits[i - 1]++;
      bits[j + 1] += 2;
      bits[j]--;
    }
  }
  let longest = MAX_CODE_LENGTH;
  while (bits[longest] === 0) longest--;
  bits[longest]--;
  return bits.slice(1, MAX_CODE_LENGTH + 1);
}

/** Code words in increasing order within and over the lengths (T.81 Annex C). */
export function huffmanCodes(spec: HuffmanSpec): HuffmanCodes {
  // Symbols are bytes.
  const codes = { code: new Uint32Array(256), length: new Uint8Array(256) };
  let next = 0;
  let at = 0;
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    for (let n = 0; n < spec.countPerLength[length - 1]; n++) {
      const symbol = spec.symbols[at++];
      codes.code[symbol] = next++;
      codes.length[symbol] = length;
    }
    next *= 2;
  }
  return codes;
}
