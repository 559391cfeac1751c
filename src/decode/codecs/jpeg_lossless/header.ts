import { HounsfieldError } from "../../../core/errors.js";
import type { HuffmanTable } from "../jpeg/huffman_table.js";
import {
  jpegError,
  markerName,
  nextMarker,
  requireLength,
  type Segment,
  segmentAfter,
  segmentError,
} from "../jpeg/markers.js";

/**
 * What the headers of a JPEG Lossless frame say (ITU-T T.81 B.2), checked: every field is within what Annex H
 * allows.
 */
export interface JpegLosslessHeader {
  /** Bits of a sample, 2 to 16. */
  readonly precision: number;
  /** Lines; 0: a DNL marker after the scan tells. */
  readonly rows: number;
  readonly columns: number;
  /** 1 to 7, table H.1. */
  readonly predictor: number;
  readonly pointTransform: number;
  /** Samples between restart markers; 0: there are none. */
  readonly restartInterval: number;
  readonly table: HuffmanTable;
  /** Offset of the first entropy-coded byte. */
  readonly scanOffset: number;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOF3 = 0xc3;
const DHT = 0xc4;
const SOS = 0xda;
const DRI = 0xdd;

/** Frames that are JPEG, but not this process (T.81 table B.1; F7 is JPEG-LS, T.87). */
const OTHER_FRAMES: ReadonlyMap<number, string> = new Map([
  [0xc0, "baseline DCT (SOF0)"],
  [0xc1, "extended sequential DCT (SOF1)"],
  [0xc2, "progressive DCT (SOF2)"],
  [0xc5, "differential sequential DCT (SOF5)"],
  [0xc6, "differential progressive DCT (SOF6)"],
  [0xc7, "differential lossless (SOF7)"],
  [0xc9, "arithmetic sequential DCT (SOF9)"],
  [0xca, "arithmetic progressive DCT (SOF10)"],
  [0xcb, "arithmetic lossless (SOF11)"],
  [0xcd, "arithmetic differential sequential DCT (SOF13)"],
  [0xce, "arithmetic differential progressive DCT (SOF14)"],
  [0xcf, "arithmetic differential lossless (SOF15)"],
  [0xf7, "JPEG-LS (SOF55)"],
]);

/** Marker segments without meaning for the decoded values: DAC, DQT, application data, JPGn, comments. */
function isSkipped(marker: number): boolean {
  return (
    marker === 0xcc ||
    marker === 0xdb ||
    (marker >= 0xe0 && marker <= 0xef) ||
    (marker >= 0xf0 && marker <= 0xfe)
  );
}

/**
 * Reads the markers from SOI to the first scan.
 * @throws HounsfieldError `decode-failed` or `truncated` with the byte offset, `unsupported-image` for
 * several components.
 */
export function parseJpegLosslessHeader(bytes: Uint8Array): JpegLosslessHeader {
  if (bytes.length < 2 || bytes[0] !== 0xff || bytes[1] !== SOI) {
    throw jpegError(
      bytes.length < 2 ? "truncated" : "decode-failed",
      "no JPEG code stream: it lacks the SOI marker",
      0,
    );
  }
  const tables = new Map<number, HuffmanTable>();
  let sof: FrameHeader | undefined;
  let restartInterval = 0;
  let offset = 2;
  for (;;) {
    const marker = nextMarker(bytes, offset);
    offset = marker.end;
    if (marker.code === EOI || marker.code === SOI || (marker.code >= 0xd0 && marker.code <= 0xd7)) {
      throw jpegError(
        "decode-failed",
        `JPEG marker ${markerName(marker.code)} stands before any scan`,
        marker.start,
      );
    }
    const segment = segmentAfter(bytes, marker);
    const other = OTHER_FRAMES.get(marker.code);
    if (other)
      throw jpegError("decode-failed", `the code stream is ${other}, not JPEG Lossless (SOF3)`, marker.start);
    if (marker.code === SOF3) sof = parseFrame(segment);
    else if (marker.code === DHT) parseTables(segment, tables);
    else if (marker.code === DRI) restartInterval = parseRestartInterval(segment);
    else if (marker.code === SOS) return parseScan(segment, sof, tables, restartInterval);
    else if (!isSkipped(marker.code)) {
      throw jpegError("decode-failed", `unknown JPEG marker ${markerName(marker.code)}`, marker.start);
    }
    offset = segment.end;
  }
}

interface FrameHeader {
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly component: number;
}

function parseFrame(segment: Segment): FrameHeader {
  const b = segment.bytes;
  requireLength(segment, 6);
  const components = b[5];
  if (components !== 1) {
    const message = `JPEG Lossless with ${components} components: color images are not supported`;
    throw new HounsfieldError("unsupported-image", message, {
      offset: segment.start,
      got: components,
      accepted: 1,
    });
  }
  requireLength(segment, 9);
  const precision = b[0];
  const columns = (b[3] << 8) | b[4];
  if (precision < 2 || precision > 16)
    throw segmentError(segment, `sample precision ${precision} is not 2 to 16`);
  if (columns === 0) throw segmentError(segment, "the frame has no columns");
  return { precision, rows: (b[1] << 8) | b[2], columns, component: b[6] };
}

function parseTables(segment: Segment, tables: Map<number, HuffmanTable>): void {
  const b = segment.bytes;
  for (let at = 0; at < b.length; ) {
    if (at + 17 > b.length) throw segmentError(segment, "a Huffman table is cut short");
    const id = b[at];
    const counts = b.slice(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    at += 17;
    if (at + total > b.length)
      throw segmentError(segment, `a Huffman table declares ${total} symbols, too many for its segment`);
    tables.set(id, { counts, symbols: b.slice(at, at + total) });
    at += total;
  }
}

function parseRestartInterval(segment: Segment): number {
  requireLength(segment, 2);
  return (segment.bytes[0] << 8) | segment.bytes[1];
}

function parseScan(
  segment: Segment,
  frame: FrameHeader | undefined,
  tables: ReadonlyMap<number, HuffmanTable>,
  restartInterval: number,
): JpegLosslessHeader {
  const b = segment.bytes;
  if (!frame) throw segmentError(segment, "the scan comes before the frame header");
  requireLength(segment, 6);
  if (b[0] !== 1) throw segmentError(segment, `the scan has ${b[0]} components, the frame 1`);
  if (b[1] !== frame.component)
    throw segmentError(segment, `the scan is of component ${b[1]}, the frame of ${frame.component}`);
  const predictor = b[3];
  const pointTransform = b[5] & 15;
  if (predictor < 1 || predictor > 7) throw segmentError(segment, `predictor ${predictor} is not 1 to 7`);
  if (pointTransform >= frame.precision) {
    throw segmentError(
      segment,
      `point transform ${pointTransform} leaves nothing of ${frame.precision} bits`,
    );
  }
  if (restartInterval % frame.columns !== 0) {
    throw segmentError(
      segment,
      `restart interval ${restartInterval} is no multiple of the ${frame.columns} samples of a line (T.81 H.1.1)`,
    );
  }
  const table = tables.get(b[2] >> 4);
  if (!table) throw segmentError(segment, `the scan uses Huffman table ${b[2] >> 4}, which is not defined`);
  checkTable(table, segment);
  const { precision, rows, columns } = frame;
  return {
    precision,
    rows,
    columns,
    predictor,
    pointTransform,
    restartInterval,
    table,
    scanOffset: segment.end,
  };
}

/**
 * A prefix code of differences: no length holds more codes than are left, no category is above 16 (T.81 C,
 * table H.2).
 */
function checkTable(table: HuffmanTable, segment: Segment): void {
  if (table.symbols.length === 0) throw segmentError(segment, "its Huffman table is empty");
  let free = 1;
  for (const count of table.counts) {
    free = free * 2 - count;
    if (free < 0) throw segmentError(segment, "its Huffman table has more codes than their lengths allow");
  }
  const wrong = table.symbols.find((symbol) => symbol > 16);
  if (wrong !== undefined) throw segmentError(segment, `its Huffman table holds category ${wrong}, above 16`);
}
