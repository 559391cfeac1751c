import { HounsfieldError } from "../core/errors.js";
import { type Extent, findCodestream } from "./jpeg_2000_boxes.js";

/** What a JPEG 2000 code stream says of itself (T.800 Annex A), checked, and all its tile-parts found to be there. */
export interface Codestream extends Extent {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  readonly signed: boolean;
  /** Blocks are coded by the high-throughput coder of Part 15 (T.814). */
  readonly highThroughput: boolean;
}

const SIZ = 0xff51;
const COD = 0xff52;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;

/**
 * Reads the main header and follows the tile-parts by their lengths, which the decoders themselves do not all do: one of them takes what is
 * missing for zeros. `end` of the result is the end of the last tile-part: EOC is not included, and may lack.
 * @throws HounsfieldError `truncated` or `decode-failed` with the offset in `bytes`, `unsupported-image` for color
 */
export function readCodestream(bytes: Uint8Array): Codestream {
  const { start, end } = findCodestream(bytes);
  const reader: Reader = { view: new DataView(bytes.buffer, bytes.byteOffset, end), end };
  if (u16(reader, start) !== 0xff4f) throw failed("the code stream does not begin with SOC", start);
  if (u16(reader, start + 2) !== SIZ) throw failed("the code stream does not begin with SOC and SIZ", start);
  const size = parseSize(reader, start + 2);
  const { highThroughput, tilesAt } = passMainHeader(reader, start + 2);
  const { rows, columns, precision, signed } = size;
  return {
    start,
    end: passTileParts(reader, tilesAt, size.tiles),
    rows,
    columns,
    precision,
    signed,
    highThroughput,
  };
}

interface Reader {
  readonly view: DataView;
  readonly end: number;
}

interface Size extends Pick<Codestream, "rows" | "columns" | "precision" | "signed"> {
  readonly tiles: number;
}

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

/** Passes the marker segments from SIZ to the first SOT; COD, which must be among them, tells the block coder. */
function passMainHeader(
  reader: Reader,
  siz: number,
): { readonly highThroughput: boolean; readonly tilesAt: number } {
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

/** Follows the tile-parts (T.800 A.4.2), of which every tile must have one; returns the end of the last. */
function passTileParts(reader: Reader, tilesAt: number, tiles: number): number {
  const seen = new Set<number>();
  let at = tilesAt;
  while (!isEnd(reader, at)) {
    if (u16(reader, at) !== SOT) throw failed(`SOT or EOC expected, got ${hex(u16(reader, at))}`, at);
    const [tile, length] = [u16(reader, at + 4), u32(reader, at + 6)];
    if (tile >= tiles) throw failed(`a part of tile ${tile}, the image has ${tiles}`, at);
    seen.add(tile);
    if (length === 0) {
      // To the end of the code stream: EOC alone shows that it is all there.
      at = lastEoc(reader, at + 12);
      break;
    }
    if (length < 14) throw failed(`a tile-part of ${length} bytes`, at);
    if (at + length > reader.end) {
      throw truncated(`a tile-part of ${length} bytes has ${reader.end - at}`, reader.end);
    }
    checkTileHeader(reader, at + 12, at + length);
    at += length;
  }
  if (seen.size < tiles)
    throw truncated(`${seen.size} of ${tiles} tiles are there`, Math.min(at, reader.end));
  return at;
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
