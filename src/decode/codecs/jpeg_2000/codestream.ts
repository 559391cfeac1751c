import { HounsfieldError } from "../../../core/errors.js";
import { type Extent, findCodestream } from "./boxes.js";

/** What a JPEG 2000 code stream says of itself (T.800 Annex A), checked. */
export interface Codestream extends Extent {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  readonly signed: boolean;
  /** Blocks are coded by the high-throughput coder of Part 15 (T.814). */
  readonly highThroughput: boolean;
  readonly tiles: number;
  /** Offset of the first tile-part. */
  readonly tilesAt: number;
}

const SIZ = 0xff51;
const COD = 0xff52;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;

/**
 * Finds the code stream in the bytes of a frame and reads its main header.
 * @throws HounsfieldError `truncated` or `decode-failed` with the offset in `bytes`, `unsupported-image` for
 * color
 */
export function readCodestream(bytes: Uint8Array): Codestream {
  const extent = findCodestream(bytes);
  const reader = readerOf(bytes, extent);
  const { start } = extent;
  if (u16(reader, start) !== 0xff4f || u16(reader, start + 2) !== SIZ) {
    throw failed("the code stream does not begin with SOC and SIZ", start);
  }
  return { ...extent, ...parseSize(reader, start + 2), ...passMainHeader(reader, start + 2) };
}

/**
 * Follows the tile-parts (T.800 A.4.2) by their lengths, which the decoders themselves do not all do: one of
 * them takes what is missing for zeros. Every tile must have a part. Returns the end of the last one: EOC
 * comes behind it, or may lack where the lengths tell all.
 * @throws HounsfieldError `truncated` or `decode-failed` with the offset in `bytes`
 */
export function endOfTileParts(bytes: Uint8Array, codestream: Codestream): number {
  const reader = readerOf(bytes, codestream);
  const { tiles, tilesAt } = codestream;
  const seen = new Set<number>();
  let at = tilesAt;
  while (!isEnd(reader, at)) {
    const part = parseTilePart(reader, at, tiles);
    seen.add(part.tile);
    at = part.end;
  }
  if (seen.size < tiles)
    throw truncated(`${seen.size} of ${tiles} tiles are there`, Math.min(at, reader.end));
  return at;
}

function readerOf(bytes: Uint8Array, { end }: Extent): Reader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, end), end };
}

interface Reader {
  readonly view: DataView;
  readonly end: number;
}

type Size = Pick<Codestream, "rows" | "columns" | "precision" | "signed" | "tiles">;

/** SIZ (T.800 A.5.1) of one component that is not subsampled. */
function parseSize(reader: Reader, marker: number): Size {
  const at = marker + 4;
  if (u16(reader, marker + 2) < 41) throw failed("the SIZ segment is too short", marker);
  const [right, bottom, left, top, tileWidth, tileHeight, tileLeft, tileTop] = Array.from(
    { length: 8 },
    (_, i) => u32(reader, at + 2 + i * 4),
  );
  const components = u16(reader, at + 34);
  if (components !== 1) {
    const message = `JPEG 2000 with ${components} components: color images are not supported`;
    throw new HounsfieldError("unsupported-image", message, { offset: marker, got: components, accepted: 1 });
  }
  const [depth, stepX, stepY] = [u8(reader, at + 36), u8(reader, at + 37), u8(reader, at + 38)];
  if (right <= left || bottom <= top) throw failed("the image has no samples", marker);
  if (stepX !== 1 || stepY !== 1) throw failed(`samples ${stepX} x ${stepY} points apart`, marker);
  if (tileWidth === 0 || tileHeight === 0 || tileLeft > left || tileTop > top) {
    throw failed("tiles that do not cover the image", marker);
  }
  const tiles = Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((bottom - tileTop) / tileHeight);
  if (tiles > 65535) throw failed(`${tiles} tiles, 65535 are the most`, marker);
  return {
    rows: bottom - top,
    columns: right - left,
    precision: (depth & 127) + 1,
    signed: depth >> 7 === 1,
    tiles,
  };
}

/**
 * Passes the marker segments from SIZ to the first SOT; COD, which must be among them, tells the block coder.
 */
function passMainHeader(reader: Reader, siz: number): Pick<Codestream, "highThroughput" | "tilesAt"> {
  let highThroughput: boolean | undefined;
  let at = siz;
  for (let marker = u16(reader, at); marker !== SOT; marker = u16(reader, at)) {
    if (marker < 0xff50 || marker > 0xff6f) throw failed(`${hex(marker)} stands in the main header`, at);
    const length = u16(reader, at + 2);
    if (length < 2) throw failed(`marker ${hex(marker)} has length ${length}`, at);
    // Code-block style (T.800 table A.19), bit 6 by T.814.
    if (marker === COD) highThroughput = (u8(reader, at + 12) & 0x40) !== 0;
    at += 2 + length;
  }
  if (highThroughput === undefined) throw failed("the main header has no COD segment", at);
  return { highThroughput, tilesAt: at };
}

/**
 * The tile-part at `at`: whose it is, and where it ends. A length of 0 means at EOC, which alone then shows
 * that it is all there.
 */
function parseTilePart(
  reader: Reader,
  at: number,
  tiles: number,
): { readonly tile: number; readonly end: number } {
  if (u16(reader, at) !== SOT) throw failed(`SOT or EOC expected, got ${hex(u16(reader, at))}`, at);
  const [tile, length] = [u16(reader, at + 4), u32(reader, at + 6)];
  if (tile >= tiles) throw failed(`a part of tile ${tile}, the image has ${tiles}`, at);
  if (length > 0 && length < 14) throw failed(`a tile-part of ${length} bytes`, at);
  if (at + length > reader.end) {
    throw truncated(`a tile-part of ${length} bytes has ${reader.end - at}`, reader.end);
  }
  const end = length > 0 ? at + length : lastEoc(reader, at + 12);
  checkTileHeader(reader, at + 12, end);
  return { tile, end };
}

/** The marker segments of a tile-part up to SOD lie within it. */
function checkTileHeader(reader: Reader, start: number, end: number): void {
  let at = start;
  while (u16(reader, at) !== SOD) {
    at += 2 + Math.max(2, u16(reader, at + 2));
    if (at + 2 > end) throw failed("a tile-part has no SOD marker", start);
  }
}

/** EOC, or nothing but bytes that pad a fragment. */
function isEnd({ view, end }: Reader, at: number): boolean {
  if (at + 2 <= end && view.getUint16(at) === EOC) return true;
  for (let i = at; i < end; i++) if (view.getUint8(i) !== 0) return false;
  return true;
}

function lastEoc({ view, end }: Reader, start: number): number {
  let at = end;
  while (at > start && view.getUint8(at - 1) === 0) at--;
  if (at - 2 >= start && view.getUint16(at - 2) === EOC) return at - 2;
  throw truncated("the code stream ends without EOC", end);
}

function u8({ view, end }: Reader, at: number): number {
  if (at + 1 > end) throw truncated("the code stream ends within its headers", end);
  return view.getUint8(at);
}

function u16({ view, end }: Reader, at: number): number {
  if (at + 2 > end) throw truncated("the code stream ends within its headers", end);
  return view.getUint16(at);
}

function u32({ view, end }: Reader, at: number): number {
  if (at + 4 > end) throw truncated("the code stream ends within its headers", end);
  return view.getUint32(at);
}

function failed(what: string, offset: number): HounsfieldError {
  return new HounsfieldError("decode-failed", `JPEG 2000: ${what}`, { offset });
}

function truncated(what: string, offset: number): HounsfieldError {
  return new HounsfieldError("truncated", `JPEG 2000: ${what}`, { offset });
}

function hex(marker: number): string {
  return marker.toString(16).toUpperCase().padStart(4, "0");
}
