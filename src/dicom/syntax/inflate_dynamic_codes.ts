import { type BlockCodes, CODE_LENGTH_ORDER, type CodeTable, codeTable } from "./inflate_codes.js";
import { broken, type InflateState, takeBits } from "./inflate_state.js";

/** The codes that a block describes itself (RFC 1951 3.2.7). */
export function dynamicCodes(state: InflateState): BlockCodes {
  const literalCount = takeBits(state, 5) + 257;
  const distanceCount = takeBits(state, 5) + 1;
  const lengthCount = takeBits(state, 4) + 4;
  const codeLengths = new Uint8Array(19);
  for (let i = 0; i < lengthCount; i++) codeLengths[CODE_LENGTH_ORDER[i]] = takeBits(state, 3);
  const table = codeTable(codeLengths);
  if (!table) throw broken(state, "code lengths that make no code");
  const lengths = readCodeLengths(state, table, literalCount + distanceCount);
  const literals = codeTable(lengths.subarray(0, literalCount));
  const distances = codeTable(lengths.subarray(literalCount));
  if (!literals || !distances || lengths[256] === 0) throw broken(state, "code lengths that make no code");
  return { literals, distances };
}

function readCodeLengths(state: InflateState, table: CodeTable, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let i = 0; i < count; ) {
    const symbol = takeSymbol(state, table);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    const [base, bits] = [
      [3, 2],
      [3, 3],
      [11, 7],
    ][symbol - 16];
    const repeat = base + takeBits(state, bits);
    if (i + repeat > count || (symbol === 16 && i === 0)) throw broken(state, "code lengths that overrun");
    lengths.fill(symbol === 16 ? lengths[i - 1] : 0, i, i + repeat);
    i += repeat;
  }
  return lengths;
}

/** One code bit by bit: at the end of the input there may be fewer bits than the table looks at. */
function takeSymbol(state: InflateState, { bits, entries }: CodeTable): number {
  for (let length = 1, code = 0; length <= bits; length++) {
    code |= takeBits(state, 1) << (length - 1);
    const entry = entries[code];
    if ((entry & 15) === length) return entry >> 4;
  }
  throw broken(state, "a code that stands for nothing");
}
