// What the scans of a JPEG DCT frame say of its blocks, before Huffman coding (T.81 Annexes F and G). Obvious
// rather than fast.

/** A symbol of the DC table (0) or the AC table (1), and the bits behind it; without a table, bits alone. */
export interface Token {
  readonly table?: number;
  readonly symbol: number;
  readonly bits: readonly number[];
}

type Blocks = readonly Int16Array[];

/** F.1.2: differences of DC, runs and values of AC. */
export function sequential(blocks: Blocks): Token[] {
  let before = 0;
  return blocks.flatMap((block) => {
    const tokens = [valueToken(0, 0, block[0] - before)];
    before = block[0];
    let run = 0;
    for (let k = 1; k < 64; k++) {
      if (block[k] === 0) run++;
      else {
        for (; run > 15; run -= 16) tokens.push({ table: 1, symbol: 0xf0, bits: [] });
        tokens.push(valueToken(1, run, block[k]));
        run = 0;
      }
    }
    if (run > 0) tokens.push({ table: 1, symbol: 0, bits: [] });
    return tokens;
  });
}

/** G.1.2.1. DC is shifted, not divided: its low bits are those of the two's complement. */
export function dcFirst(blocks: Blocks, low: number): Token[] {
  let before = 0;
  return blocks.map((block) => {
    const value = block[0] >> low;
    const token = valueToken(0, 0, value - before);
    before = value;
    return token;
  });
}

export function dcRefine(blocks: Blocks, low: number): Token[] {
  return blocks.map((block) => ({ symbol: 0, bits: [(block[0] >> low) & 1] }));
}

/** G.1.2.2: as sequential AC, of magnitudes shifted down; ends of several bands in a row are one symbol. */
export function acFirst(blocks: Blocks, first: number, last: number, low: number): Token[] {
  const tokens: Token[] = [];
  let ended = 0;
  for (const block of blocks) {
    let run = 0;
    for (let k = first; k <= last; k++) {
      const value = Math.trunc(block[k] / 2 ** low);
      if (value === 0) run++;
      else {
        tokens.push(...endToken(ended, []));
        ended = 0;
        for (; run > 15; run -= 16) tokens.push({ table: 1, symbol: 0xf0, bits: [] });
        tokens.push(valueToken(1, run, value));
        run = 0;
      }
    }
    if (run > 0) ended++;
    if (ended === 32767) {
      tokens.push(...endToken(ended, []));
      ended = 0;
    }
  }
  return [...tokens, ...endToken(ended, [])];
}

/** G.1.2.3: new coefficients are 1 or -1; those already known get a correction bit as the run passes them. */
export function acRefine(blocks: Blocks, first: number, last: number, low: number): Token[] {
  const tokens: Token[] = [];
  let ended = 0;
  let endedBits: number[] = [];
  for (const block of blocks) {
    const magnitude = (k: number) => Math.abs(block[k]) >> low;
    let lastNew = first - 1;
    for (let k = first; k <= last; k++) if (magnitude(k) === 1) lastNew = k;
    let run = 0;
    let bits: number[] = [];
    for (let k = first; k <= last; k++) {
      if (magnitude(k) > 1) {
        bits.push(magnitude(k) & 1);
        continue;
      }
      if (magnitude(k) === 0) run++;
      if (k > lastNew || (magnitude(k) === 0 && run < 16)) continue;
      tokens.push(...endToken(ended, endedBits));
      [ended, endedBits] = [0, []];
      if (magnitude(k) === 0) tokens.push({ table: 1, symbol: 0xf0, bits });
      else tokens.push({ table: 1, symbol: (run << 4) | 1, bits: [block[k] > 0 ? 1 : 0, ...bits] });
      [run, bits] = [0, []];
    }
    if (run > 0 || bits.length > 0) {
      ended++;
      endedBits.push(...bits);
    }
    if (ended === 32767) {
      tokens.push(...endToken(ended, endedBits));
      [ended, endedBits] = [0, []];
    }
  }
  return [...tokens, ...endToken(ended, endedBits)];
}

function valueToken(table: number, run: number, value: number): Token {
  const size = 32 - Math.clz32(Math.abs(value));
  return { table, symbol: (run << 4) | size, bits: bitsOf(value < 0 ? value - 1 : value, size) };
}

/** The end of `count` bands, with the correction bits of their coefficients. */
function endToken(count: number, corrections: readonly number[]): Token[] {
  if (count === 0) return [];
  const exponent = 31 - Math.clz32(count);
  return [{ table: 1, symbol: exponent << 4, bits: [...bitsOf(count, exponent), ...corrections] }];
}

function bitsOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (value >> (count - 1 - i)) & 1);
}
