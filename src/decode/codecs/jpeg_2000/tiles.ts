import { HounsfieldError } from "../../../core/errors.js";
import { joinBytes } from "../../../core/join_bytes.js";
import type { Codestream } from "./codestream.js";
import { type Coding, checkCoding, type MarkerSegment, readCoding } from "./coding.js";
import { readPacket } from "./packet.js";
import type { ByteSource } from "./packet_bits.js";
import { packetsInOrder } from "./packet_order.js";
import { type Area, countPrecincts, createTileGrid, type Resolution } from "./tile_grid.js";
import { listTileParts, packedHeaders, readSegments, type TilePart } from "./tile_parts.js";

/** A tile with the places of its code-blocks' bytes, on the reference grid. */
export interface Tile extends Area {
  readonly coding: Coding;
  readonly resolutions: readonly Resolution[];
  /** Bytes of its tile-parts behind its last packet. */
  readonly bytesLeft: number;
}

/**
 * Reads every packet header (tier 2) of a code stream, tile by tile, in the order of their first parts;
 * nothing is decoded. Takes a stream that `endOfTileParts` has passed.
 * @throws HounsfieldError `truncated`, `decode-failed` or `unsupported-image` with the offset in `bytes`
 */
export function* readTiles(bytes: Uint8Array, codestream: Codestream): Generator<Tile> {
  const { start, tilesAt } = codestream;
  const main = readSegments(bytes, start + 2, tilesAt);
  const shared = readCoding(bytes, main, {});
  const parts = listTileParts(bytes, codestream, packedHeaders(bytes, main));
  const byTile = new Map<number, TilePart[]>();
  for (const part of parts) {
    const own = byTile.get(part.tile);
    if (own) own.push(part);
    else byTile.set(part.tile, [part]);
  }
  for (const [index, own] of byTile) {
    yield readTile(bytes, tileArea(bytes, start, index), own, shared);
  }
}

function readTile(bytes: Uint8Array, area: Area, parts: readonly TilePart[], shared: Partial<Coding>): Tile {
  const segments: MarkerSegment[] = parts.flatMap((part) => part.segments);
  const coding = checkCoding(readCoding(bytes, segments, shared), parts[0].at);
  const packed = parts.flatMap((part) => part.headers);
  // Where there are none the headers stand in the body.
  const headers = packed.length > 0 ? joinBytes(packed) : undefined;
  const header: ByteSource | undefined = headers && { bytes: headers, at: 0, end: headers.length };
  const available = parts.reduce((sum, part) => sum + part.end - part.at, headers?.length ?? 0);
  // A packet has a byte at least: what a stream cannot hold is not made room for.
  const packets = countPrecincts(area, coding) * coding.layers;
  if (packets > available) {
    const message = `JPEG 2000: ${packets} packets in ${available} bytes`;
    throw new HounsfieldError("truncated", message, { offset: parts[0].at });
  }
  const resolutions = createTileGrid(area, coding);
  const bytesLeft = readPackets(bytes, parts, header, coding, resolutions);
  return { ...area, coding, resolutions, bytesLeft };
}

function readPackets(
  bytes: Uint8Array,
  parts: readonly TilePart[],
  header: ByteSource | undefined,
  coding: Coding,
  resolutions: readonly Resolution[],
): number {
  let next = 0;
  let body: ByteSource = { bytes, at: 0, end: 0 };
  for (const packet of packetsInOrder(resolutions, coding)) {
    // Packets without a byte in the body may go on where the headers are elsewhere.
    while (body.at === body.end && next < parts.length) {
      body = { bytes, at: parts[next].at, end: parts[next].end };
      next++;
    }
    readPacket(packet, coding, header ?? body, body);
  }
  return parts.slice(next).reduce((sum, { at, end }) => sum + end - at, body.end - body.at);
}

/** T.800 equations B-6 to B-10. */
function tileArea(bytes: Uint8Array, start: number, index: number): Area {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [right, bottom, left, top, width, height, tileLeft, tileTop] = Array.from({ length: 8 }, (_, i) =>
    view.getUint32(start + 8 + 4 * i),
  );
  const across = Math.ceil((right - tileLeft) / width);
  const [x, y] = [tileLeft + (index % across) * width, tileTop + Math.floor(index / across) * height];
  return {
    x0: Math.max(x, left),
    y0: Math.max(y, top),
    x1: Math.min(x + width, right),
    y1: Math.min(y + height, bottom),
  };
}
