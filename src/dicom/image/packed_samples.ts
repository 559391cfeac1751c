import type { ByteSource } from "../../core/byte_source.js";
import { readExactly } from "../../core/byte_source.js";
import { derivedFrom } from "../../core/derived_source.js";
import type { DataElement } from "../syntax/elements.js";

/**
 * A file whose pixel data are samples of 12 bits, two to three bytes, as Bits Allocated 12 asks for and the
 * standard allowed before 1996 (PS3.5 D.2, the lowest bits first), as one whose samples have 16 bits each.
 * All before the pixel data stays where it is; what is behind them is left out.
 */
export function unpackedSource(source: ByteSource, pixelData: DataElement, samples: number): ByteSource {
  const { offset } = pixelData;
  const size = offset + 2 * samples;
  return derivedFrom(source, {
    name: source.name,
    size,
    async read(start, end) {
      const [from, to] = [Math.min(start, size), Math.min(end, size)];
      const before =
        from < offset ? await readExactly(source, from, Math.min(to, offset)) : new Uint8Array(0);
      if (to <= offset) return before;
      const begin = Math.max(from, offset) - offset;
      const unpacked = await samplesOf(source, offset, begin >> 1, (to - offset + 1) >> 1, samples);
      const wanted = unpacked.subarray(begin & 1, (begin & 1) + to - offset - begin);
      const bytes = new Uint8Array(before.length + wanted.length);
      bytes.set(before);
      bytes.set(wanted, before.length);
      return bytes;
    },
  });
}

/** Bytes that `samples` of 12 bits take. */
export function packedBytes(samples: number): number {
  return Math.ceil((samples * 3) / 2);
}

/** Samples [first, last) as little-endian words. */
async function samplesOf(source: ByteSource, offset: number, first: number, last: number, samples: number) {
  const pair = first >> 1;
  const end = Math.min(packedBytes(samples), 3 * ((last + 1) >> 1));
  const packed = await readExactly(source, offset + 3 * pair, offset + end);
  const bytes = new Uint8Array(2 * (last - first));
  for (let i = first; i < last; i++) {
    const at = 3 * ((i >> 1) - pair);
    const value =
      i % 2 === 0 ? packed[at] + (packed[at + 1] & 15) * 256 : (packed[at + 1] >> 4) + packed[at + 2] * 16;
    bytes[2 * (i - first)] = value & 255;
    bytes[2 * (i - first) + 1] = value >> 8;
  }
  return bytes;
}
