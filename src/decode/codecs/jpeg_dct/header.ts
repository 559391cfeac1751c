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
import { readHuffmanTables, readQuantization } from "./tables.js";

/** The frame header of a DCT image of one component (T.81 B.2.2), checked. */
export interface DctFrame {
  readonly progressive: boolean;
  readonly precision: number;
  /** Lines; 0: a DNL marker after the first scan tells. */
  readonly rows: number;
  readonly columns: number;
  readonly component: number;
  /** Number of its quantization table. */
  readonly quantization: number;
}

/** The header of a scan (T.81 B.2.3), with what the markers before it have set. */
export interface DctScan {
  readonly frame: DctFrame;
  /** First and last coefficient in zigzag order; a sequential scan has all 64. */
  readonly first: number;
  readonly last: number;
  /**
   * Bits of the coefficients that earlier scans left out (0: there was none), and that this one leaves out.
   */
  readonly high: number;
  readonly low: number;
  /** Present where the scan has coefficients that need them. */
  readonly dc?: HuffmanTable;
  readonly ac?: HuffmanTable;
  /** 64 factors in zigzag order. */
  readonly quantization: Uint16Array;
  /** Blocks between restart markers; 0: there are none. */
  readonly restartInterval: number;
  /** Offset of the scan's marker, and of its first entropy-coded byte. */
  readonly marker: number;
  readonly offset: number;
}

/** What has been read so far of a code stream: later markers replace what earlier ones set. */
export interface DctState {
  readonly quantization: Map<number, Uint16Array>;
  readonly dc: Map<number, HuffmanTable>;
  readonly ac: Map<number, HuffmanTable>;
  restartInterval: number;
  frame?: DctFrame;
}

export function createDctState(): DctState {
  return { quantization: new Map(), dc: new Map(), ac: new Map(), restartInterval: 0 };
}

const EOI = 0xd9;
const SOI = 0xd8;

/** Frames that are JPEG, but not one of these processes (T.81 table B.1; F7 is JPEG-LS, T.87). */
const OTHER_FRAMES: ReadonlyMap<number, string> = new Map([
  [0xc3, "JPEG Lossless (SOF3)"],
  [0xc5, "hierarchical (SOF5)"],
  [0xc6, "hierarchical (SOF6)"],
  [0xc7, "hierarchical (SOF7)"],
  [0xc9, "arithmetic coded (SOF9)"],
  [0xca, "arithmetic coded (SOF10)"],
  [0xcb, "arithmetic coded (SOF11)"],
  [0xcd, "arithmetic coded (SOF13)"],
  [0xce, "arithmetic coded (SOF14)"],
  [0xcf, "arithmetic coded (SOF15)"],
  [0xde, "hierarchical (DHP)"],
  [0xf7, "JPEG-LS (SOF55)"],
]);

/**
 * @throws HounsfieldError `truncated`, `decode-failed` where the bytes do not begin with SOI. Returns the
 * offset after it.
 */
export function passStart(bytes: Uint8Array): number {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === SOI) return 2;
  const code = bytes.length < 2 ? "truncated" : "decode-failed";
  throw jpegError(code, "no JPEG code stream: it lacks the SOI marker", 0);
}

/**
 * Reads markers from `offset` to the next scan, keeping what they set in `state`; undefined at the end of the
 * image.
 * @throws HounsfieldError `decode-failed` or `truncated` with the offset, `unsupported-image` for several
 * components.
 */
export function nextScan(bytes: Uint8Array, offset: number, state: DctState): DctScan | undefined {
  let at = offset;
  for (;;) {
    const marker = nextMarker(bytes, at);
    const { code, start } = marker;
    if (code === EOI) return undefined;
    if (code === SOI || (code >= 0xd0 && code <= 0xd7) || code === 0x01) {
      throw jpegError("decode-failed", `JPEG marker ${markerName(code)} stands outside of a scan`, start);
    }
    const other = OTHER_FRAMES.get(code);
    if (other) throw jpegError("decode-failed", `the code stream is ${other}, not Huffman-coded DCT`, start);
    const segment = segmentAfter(bytes, marker);
    if (code === 0xda) return parseScan(segment, state);
    readSegment(segment, state);
    at = segment.end;
  }
}

function readSegment(segment: Segment, state: DctState): void {
  const { code } = segment.marker;
  if (code >= 0xc0 && code <= 0xc2) {
    if (state.frame) throw segmentError(segment, "a second frame header");
    state.frame = parseFrame(segment);
  } else if (code === 0xc4) readHuffmanTables(segment, state.dc, state.ac);
  else if (code === 0xdb) readQuantization(segment, state.quantization);
  else if (code === 0xdd) {
    requireLength(segment, 2);
    state.restartInterval = (segment.bytes[0] << 8) | segment.bytes[1];
  } else if (!isSkipped(code)) {
    throw jpegError("decode-failed", `unknown JPEG marker ${markerName(code)}`, segment.marker.start);
  }
}

/**
 * Without meaning for the samples: conditioning of arithmetic coders, DNL (read where it counts), application
 * data, comments.
 */
function isSkipped(code: number): boolean {
  return code === 0xcc || code === 0xdc || (code >= 0xe0 && code <= 0xef) || code === 0xfe;
}

function parseFrame(segment: Segment): DctFrame {
  const b = segment.bytes;
  requireLength(segment, 6);
  const [precision, components] = [b[0], b[5]];
  if (components !== 1) {
    const message = `JPEG with ${components} components: color images are not supported`;
    const offset = segment.marker.start;
    throw new HounsfieldError("unsupported-image", message, { offset, got: components, accepted: 1 });
  }
  requireLength(segment, 9);
  const baseline = segment.marker.code === 0xc0;
  if (precision !== 8 && (baseline || precision !== 12)) {
    throw segmentError(segment, `sample precision ${precision} is not ${baseline ? "8" : "8 or 12"}`);
  }
  const columns = (b[3] << 8) | b[4];
  if (columns === 0) throw segmentError(segment, "the frame has no columns");
  return {
    progressive: segment.marker.code === 0xc2,
    precision,
    rows: (b[1] << 8) | b[2],
    columns,
    component: b[6],
    quantization: b[8],
  };
}

function parseScan(segment: Segment, state: DctState): DctScan {
  const b = segment.bytes;
  const { frame, restartInterval } = state;
  if (!frame) throw segmentError(segment, "the scan comes before the frame header");
  requireLength(segment, 6);
  if (b[0] !== 1) throw segmentError(segment, `the scan has ${b[0]} components, the frame 1`);
  if (b[1] !== frame.component) {
    throw segmentError(segment, `the scan is of component ${b[1]}, the frame of ${frame.component}`);
  }
  const quantization = state.quantization.get(frame.quantization);
  if (!quantization) throw segmentError(segment, `quantization table ${frame.quantization} is not defined`);
  // A sequential scan has all coefficients, whatever its bytes say: encoders are known to leave them 0.
  const band = frame.progressive
    ? { first: b[3], last: b[4], high: b[5] >> 4, low: b[5] & 15 }
    : { first: 0, last: 63, high: 0, low: 0 };
  checkBand(segment, frame, band);
  const needsDc = band.first === 0 && band.high === 0;
  const needsAc = band.last > 0;
  return {
    ...band,
    frame,
    quantization,
    restartInterval,
    dc: needsDc ? usedTable(segment, state.dc, b[2] >> 4, "DC") : undefined,
    ac: needsAc ? usedTable(segment, state.ac, b[2] & 15, "AC") : undefined,
    marker: segment.marker.start,
    offset: segment.end,
  };
}

type Band = Pick<DctScan, "first" | "last" | "high" | "low">;

/** T.81 G.1.1.1: DC alone or AC alone; a refinement adds one bit. */
function checkBand(segment: Segment, frame: DctFrame, { first, last, high, low }: Band): void {
  if (!frame.progressive) return;
  const inOrder = first === 0 ? last === 0 : first <= last && last <= 63;
  if (!inOrder) throw segmentError(segment, `a progressive scan of coefficients ${first} to ${last}`);
  if (low > 13 || (high !== 0 && high !== low + 1)) {
    throw segmentError(segment, `successive approximation from bit ${high} to ${low}`);
  }
}

function usedTable(
  segment: Segment,
  tables: ReadonlyMap<number, HuffmanTable>,
  id: number,
  kind: string,
): HuffmanTable {
  const table = tables.get(id);
  if (!table) throw segmentError(segment, `the scan uses ${kind} Huffman table ${id}, which is not defined`);
  if (table.symbols.length === 0) throw segmentError(segment, `${kind} Huffman table ${id} is empty`);
  return table;
}
