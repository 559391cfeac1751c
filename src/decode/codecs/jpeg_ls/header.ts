import { HounsfieldError } from "../../../core/errors.js";
import { nextMarker, requireLength, type Segment, segmentAfter, segmentError } from "../jpeg/markers.js";
import { codingParameters, type JpegLsCoding, type JpegLsPreset } from "./parameters.js";

/**
 * What the headers of a JPEG-LS frame say (ITU-T T.87 Annex C), checked: every field is within what the
 * standard allows.
 */
export interface JpegLsHeader {
  /** Bits of a sample, 2 to 16. */
  readonly precision: number;
  /** Lines; 0: a DNL marker after the scan tells. */
  readonly rows: number;
  readonly columns: number;
  readonly coding: JpegLsCoding;
  /** Lines between restart markers; 0: there are none. */
  readonly restartLines: number;
  /** Offset of the first entropy-coded byte. */
  readonly scanOffset: number;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
const DRI = 0xdd;
const SOF55 = 0xf7;
const LSE = 0xf8;

interface FrameHeader {
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly component: number;
}

/** What stands before the scan, as far as it was read. */
interface Headers {
  frame?: FrameHeader;
  preset: JpegLsPreset;
  restartLines: number;
}

/**
 * Reads the markers from SOI to the first scan.
 * @throws HounsfieldError `decode-failed` or `truncated` with the byte offset; `unsupported-image` for
 * several components, mapping tables and point transforms
 */
export function parseJpegLsHeader(bytes: Uint8Array): JpegLsHeader {
  if (bytes.length < 2 || bytes[0] !== 0xff || bytes[1] !== SOI) {
    const code = bytes.length < 2 ? "truncated" : "decode-failed";
    throw new HounsfieldError(code, "no JPEG-LS code stream: it lacks the SOI marker", { offset: 0 });
  }
  const headers: Headers = { preset: {}, restartLines: 0 };
  for (let offset = 2; ; ) {
    const marker = nextMarker(bytes, offset);
    const { code } = marker;
    if (code === SOI || code === EOI || (code >= 0xd0 && code <= 0xd7)) {
      const message = `JPEG marker FF${code.toString(16).toUpperCase()} stands before any scan`;
      throw new HounsfieldError("decode-failed", message, { offset: marker.start });
    }
    const segment = segmentAfter(bytes, marker);
    if (code === SOS) return parseScan(segment, headers);
    readSegment(segment, headers);
    offset = segment.end;
  }
}

function readSegment(segment: Segment, headers: Headers): void {
  const { code } = segment.marker;
  if (code === SOF55) {
    if (headers.frame) throw segmentError(segment, "a second frame header");
    headers.frame = parseFrame(segment);
  } else if (code === LSE) headers.preset = parsePreset(segment, headers.preset);
  else if (code === DRI) headers.restartLines = parseRestartInterval(segment);
  else if (isOtherFrame(code))
    throw segmentError(segment, "the code stream is JPEG, but not JPEG-LS (SOF55)");
  else if (!isSkipped(code)) throw segmentError(segment, "no marker of JPEG-LS");
}

/** SOF0 to SOF15: C0 to CF but for DHT, JPG and DAC. */
function isOtherFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

/**
 * Without meaning for the decoded values: application data and comments; DHT, DQT and DAC, which some
 * encoders leave in.
 */
function isSkipped(code: number): boolean {
  return (code >= 0xe0 && code <= 0xef) || code === 0xfe || code === 0xc4 || code === 0xcc || code === 0xdb;
}

function parseFrame(segment: Segment): FrameHeader {
  const b = segment.bytes;
  requireLength(segment, 6);
  const components = b[5];
  if (components === 0) throw segmentError(segment, "the frame has no components");
  if (components !== 1) {
    const message = `JPEG-LS with ${components} components: color images are not supported`;
    throw new HounsfieldError("unsupported-image", message, {
      offset: segment.marker.start,
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

/**
 * LSE (T.87 C.2.4): type 1 is read, mapping tables (2, 3) are passed over, as no scan without one needs them.
 */
function parsePreset(segment: Segment, preset: JpegLsPreset): JpegLsPreset {
  const b = segment.bytes;
  requireLength(segment, 1);
  if (b[0] === 2 || b[0] === 3) return preset;
  if (b[0] !== 1) throw unsupported(segment, `JPEG-LS parameters of type ${b[0]} are not supported`);
  requireLength(segment, 11);
  const [maxval, t1, t2, t3, reset] = [1, 3, 5, 7, 9].map((at) => (b[at] << 8) | b[at + 1]);
  return { maxval, t1, t2, t3, reset };
}

/**
 * The interval is counted in lines, the minimum coded unit of a scan of one component (T.87 C.2.5); 2 to 4
 * bytes.
 */
function parseRestartInterval(segment: Segment): number {
  requireLength(segment, 2);
  const { bytes } = segment;
  if (bytes.length > 4) throw segmentError(segment, `a restart interval of ${bytes.length} bytes`);
  return bytes.reduce((interval, byte) => interval * 256 + byte, 0);
}

function parseScan(segment: Segment, { frame, preset, restartLines }: Headers): JpegLsHeader {
  const b = segment.bytes;
  if (!frame) throw segmentError(segment, "the scan comes before the frame header");
  requireLength(segment, 6);
  if (b[0] !== 1) throw segmentError(segment, `the scan has ${b[0]} components, the frame 1`);
  if (b[1] !== frame.component)
    throw segmentError(segment, `the scan is of component ${b[1]}, the frame of ${frame.component}`);
  if (b[2] !== 0) throw unsupported(segment, "JPEG-LS with a mapping table is not supported");
  if (b[4] > 2) throw segmentError(segment, `interleave mode ${b[4]} is not 0 to 2`);
  if ((b[5] & 15) !== 0) throw unsupported(segment, "JPEG-LS with a point transform is not supported");
  const coding = codingParameters(frame.precision, b[3], preset);
  if (typeof coding === "string") throw segmentError(segment, coding);
  const { precision, rows, columns } = frame;
  return { precision, rows, columns, coding, restartLines, scanOffset: segment.end };
}

function unsupported(segment: Segment, message: string): HounsfieldError {
  return new HounsfieldError("unsupported-image", message, { offset: segment.marker.start });
}

/** Lines from the DNL marker at `offset`, or 0 where there is none. */
export function readLineCount(bytes: Uint8Array, offset: number): number {
  const marker = nextMarker(bytes, offset);
  if (marker.code !== DNL || marker.end + 4 > bytes.length) return 0;
  return (bytes[marker.end + 2] << 8) | bytes[marker.end + 3];
}
