import { JpegBitWriter } from "../../src/phantom/jpeg_bits.js";
import { type HuffmanSpec, huffmanCodes, optimalHuffmanSpec } from "../../src/phantom/jpeg_huffman.js";
import { acFirst, acRefine, dcFirst, dcRefine, sequential, type Token } from "./dct_tokens.js";

/**
 * One scan of a progressive frame (T.81 B.2.3): coefficients first..last, bits below `high` down to `low`.
 */
export interface ScanPlan {
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

export interface DctImage {
  readonly rows: number;
  readonly columns: number;
  readonly precision: 8 | 12;
  /** Quantized, 64 a block in zigzag order; blocks from left to right, then down. */
  readonly coefficients: Int16Array;
  /** 64 factors in zigzag order. */
  readonly quantization: Uint16Array;
}

export interface DctEncoding {
  /** Marker of the frame: 0xc0, 0xc1 or 0xc2. */
  readonly sof: number;
  /** The scans of a progressive frame. */
  readonly scans?: readonly ScanPlan[];
  /** Blocks between restart markers; 0: none. */
  readonly restartInterval?: number;
  /** 16-bit factors in the DQT segment. */
  readonly wideQuantization?: boolean;
  /** The frame header leaves the number of lines to a DNL marker. */
  readonly lateLineCount?: boolean;
  /** Marker bytes put between SOI and the first segment. */
  readonly extra?: readonly number[];
}

/**
 * A JPEG code stream of exactly these coefficients (T.81 Annexes F and G), with optimal Huffman tables for
 * each scan.
 */
export function encodeDct(image: DctImage, encoding: DctEncoding): Uint8Array<ArrayBuffer> {
  const { rows, columns, precision } = image;
  const { sof, restartInterval = 0 } = encoding;
  const scans = encoding.scans ?? [{ first: 0, last: 63, high: 0, low: 0 }];
  const lines = encoding.lateLineCount ? 0 : rows;
  const parts: ArrayLike<number>[] = [
    [0xff, 0xd8, ...(encoding.extra ?? [])],
    quantizationSegment(image.quantization, encoding.wideQuantization ?? false),
    segment(sof, [precision, ...u16(lines), ...u16(columns), 1, 7, 0x11, 2]),
    restartInterval > 0 ? segment(0xdd, u16(restartInterval)) : [],
  ];
  scans.forEach((scan, index) => {
    parts.push(...scanParts(image, scan, sof === 0xc2, restartInterval));
    if (index === 0 && encoding.lateLineCount) parts.push(segment(0xdc, u16(rows)));
  });
  parts.push([0xff, 0xd9]);
  return joined(parts);
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function u16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function segment(marker: number, body: readonly number[]): number[] {
  return [0xff, marker, ...u16(body.length + 2), ...body];
}

function quantizationSegment(table: Uint16Array, wide: boolean): number[] {
  const factors = wide ? [...table].flatMap(u16) : [...table];
  return segment(0xdb, [wide ? 0x12 : 0x02, ...factors]);
}

function scanParts(
  image: DctImage,
  scan: ScanPlan,
  progressive: boolean,
  interval: number,
): ArrayLike<number>[] {
  const blocks = Array.from({ length: image.coefficients.length / 64 }, (_, i) =>
    image.coefficients.subarray(i * 64, (i + 1) * 64),
  );
  const size = interval || blocks.length;
  const intervals: Token[][] = [];
  for (let at = 0; at < blocks.length; at += size) {
    intervals.push(tokensOf(blocks.slice(at, at + size), scan, progressive));
  }
  const [dc, ac] = [0, 1].map((table) => tableOf(intervals.flat(), table));
  const header = [
    ...(dc ? segment(0xc4, [0x01, ...dc.countPerLength, ...dc.symbols]) : []),
    ...(ac ? segment(0xc4, [0x13, ...ac.countPerLength, ...ac.symbols]) : []),
    ...segment(0xda, [1, 7, 0x13, scan.first, scan.last, (scan.high << 4) | scan.low]),
  ];
  return [header, entropyCoded(intervals, dc, ac)];
}

function tokensOf(blocks: readonly Int16Array[], scan: ScanPlan, progressive: boolean): Token[] {
  if (!progressive) return sequential(blocks);
  const { first, last, high, low } = scan;
  if (first === 0) return high === 0 ? dcFirst(blocks, low) : dcRefine(blocks, low);
  return high === 0 ? acFirst(blocks, first, last, low) : acRefine(blocks, first, last, low);
}

function tableOf(tokens: readonly Token[], table: number): HuffmanSpec | undefined {
  const frequency = new Array<number>(256).fill(0);
  for (const token of tokens) if (token.table === table) frequency[token.symbol]++;
  return frequency.some((n) => n > 0) ? optimalHuffmanSpec(frequency) : undefined;
}

function entropyCoded(
  intervals: readonly (readonly Token[])[],
  dc: HuffmanSpec | undefined,
  ac: HuffmanSpec | undefined,
): Uint8Array {
  const codes = [dc, ac].map((table) => table && huffmanCodes(table));
  const count = intervals.reduce((sum, tokens) => sum + tokens.length, 0);
  const extra = intervals.flat().reduce((sum, token) => sum + token.bits.length, 0);
  const out = new Uint8Array(4 * count + extra + 8 * intervals.length + 16);
  const writer = new JpegBitWriter(out, 0);
  intervals.forEach((tokens, index) => {
    if (index > 0) writer.marker(0xd0 + ((index - 1) & 7));
    for (const { table, symbol, bits } of tokens) {
      if (table !== undefined) writer.put(codes[table]!.code[symbol], codes[table]!.length[symbol]);
      for (const bit of bits) writer.put(bit, 1);
    }
    writer.align();
  });
  return out.subarray(0, writer.position);
}
