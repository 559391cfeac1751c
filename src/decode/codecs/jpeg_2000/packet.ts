import { HounsfieldError } from "../../../core/errors.js";
import type { Coding } from "./coding.js";
import { type ByteSource, type PacketBits, readPacketBits } from "./packet_bits.js";
import type { Packet } from "./packet_order.js";
import { isBelow, leafValue } from "./tag_tree.js";
import type { CodeBlock, PrecinctBand, Segment } from "./tile_grid.js";

/** Bits of the code-block style. */
const BYPASS = 1;
const TERMINATE_ALL = 4;
const HIGH_THROUGHPUT = 64;
/** 37 bit planes by 3 passes, less the two the first has not, and room for the placeholders of Part 15. */
const MAX_PASSES = 164;
const MAX_LENGTH_BITS = 32;

/**
 * Reads one packet (T.800 B.9 and B.10): its header from `header`, which may be `body` itself, and adds the
 * places of the bytes in `body` to the segments of the code-blocks it includes.
 * @throws HounsfieldError `truncated` or `decode-failed` with the offset; `unsupported-image` for blocks of
 * high throughput in several layers
 */
export function readPacket(
  { layer, precinct }: Packet,
  coding: Coding,
  header: ByteSource,
  body: ByteSource,
): void {
  skipMarker(body, 0x91, 6);
  const reader = readPacketBits(header);
  const lengths: (readonly [Segment, number])[] = [];
  if (reader.bit()) {
    for (const band of precinct.bands) {
      for (const block of band.blocks) lengths.push(...readBlock(block, band, layer, coding, reader, header));
    }
  }
  reader.align();
  skipMarker(header, 0x92, 2);
  for (const [segment, length] of lengths) {
    if (body.at + length > body.end) {
      const message = `JPEG 2000: a code-block has ${length} bytes where ${body.end - body.at} are left`;
      throw new HounsfieldError("truncated", message, { offset: body.at });
    }
    segment.pieces.push({ offset: body.at, length });
    body.at += length;
  }
  precinct.nextLayer = layer + 1;
}

/**
 * SOP or EPH, where they are. No header begins like them: a first byte of 0xff has a 0 behind it.
 */
function skipMarker(source: ByteSource, low: number, size: number): void {
  const { bytes, at, end } = source;
  if (at + size <= end && bytes[at] === 0xff && bytes[at + 1] === low) source.at += size;
}

function readBlock(
  block: CodeBlock,
  band: PrecinctBand,
  layer: number,
  coding: Coding,
  reader: PacketBits,
  { at: offset }: ByteSource,
): (readonly [Segment, number])[] {
  const { column, row } = block;
  const isNew = block.zeroPlanes < 0;
  if (!(isNew ? isBelow(band.inclusion, column, row, layer + 1, reader.bit) : reader.bit())) return [];
  if (isNew) block.zeroPlanes = readZeroPlanes(block, band, reader, offset);
  const passes = readPasses(reader);
  while (reader.bit()) block.lengthBits++;
  if (block.passes + passes > MAX_PASSES || block.lengthBits > MAX_LENGTH_BITS) {
    const message = `JPEG 2000: a code-block of ${block.passes + passes} passes and ${block.lengthBits} bits`;
    throw new HounsfieldError("decode-failed", message, { offset });
  }
  if ((coding.style & HIGH_THROUGHPUT) === 0) return readLengths(block, passes, coding.style, reader);
  if (isNew) return readThroughputLengths(block, passes, reader);
  const message = "JPEG 2000: code-blocks of high throughput in several layers";
  throw new HounsfieldError("unsupported-image", message, { offset });
}

function readZeroPlanes({ column, row }: CodeBlock, band: PrecinctBand, reader: PacketBits, offset: number) {
  for (let planes = 0; planes < 75; planes++) {
    if (isBelow(band.planes, column, row, planes + 1, reader.bit)) return leafValue(band.planes, column, row);
  }
  throw new HounsfieldError("decode-failed", "JPEG 2000: more than 74 planes without a bit", { offset });
}

/** T.800 table B.4. */
function readPasses({ bit, bits }: PacketBits): number {
  if (!bit()) return 1;
  if (!bit()) return 2;
  const few = bits(2);
  if (few < 3) return 3 + few;
  const more = bits(5);
  return more < 31 ? 6 + more : 37 + bits(7);
}

/** A length for each segment the passes lie in (T.800 B.10.7). */
function readLengths(block: CodeBlock, passes: number, style: number, { bits }: PacketBits) {
  const lengths: (readonly [Segment, number])[] = [];
  for (let left = passes; left > 0; ) {
    const segment = openSegment(block, style);
    const count = Math.min(left, mostPasses(block.segments, style) - segment.passes);
    segment.passes += count;
    block.passes += count;
    left -= count;
    lengths.push([segment, bits(block.lengthBits + Math.floor(Math.log2(count)))] as const);
  }
  return lengths;
}

function openSegment({ segments }: CodeBlock, style: number): Segment {
  const last = segments.at(-1);
  if (last && last.passes < mostPasses(segments, style)) return last;
  return addSegment(segments);
}

/** How many passes the last segment may have: with bypass 10, then 2 raw and 1 coded in turn. */
function mostPasses(segments: readonly Segment[], style: number): number {
  if (style & TERMINATE_ALL) return 1;
  if (!(style & BYPASS)) return MAX_PASSES;
  if (segments.length === 1) return 10;
  return segments.length % 2 === 0 ? 2 : 1;
}

/**
 * Blocks of T.814 have two segments: the cleanup pass with the placeholders before it, each of which stands
 * for three passes and one more zero plane, and the refinement passes.
 */
function readThroughputLengths(block: CodeBlock, passes: number, { bits }: PacketBits) {
  const placeholders = Math.floor((passes - 1) / 3);
  const cleanup = 3 * placeholders + 1;
  const refinement = passes - cleanup;
  block.zeroPlanes += placeholders;
  block.passes = 1 + refinement;
  const lengths: (readonly [Segment, number])[] = [];
  for (const [count, coded] of [
    [cleanup, 1],
    [refinement, refinement],
  ]) {
    if (count === 0) continue;
    const segment = addSegment(block.segments);
    segment.passes = coded;
    lengths.push([segment, bits(block.lengthBits + Math.floor(Math.log2(count)))] as const);
  }
  return lengths;
}

function addSegment(segments: Segment[]): Segment {
  const segment = { passes: 0, pieces: [] };
  segments.push(segment);
  return segment;
}
