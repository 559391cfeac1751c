import { HounsfieldError } from "../../../core/errors.js";
import { type FrameDescription, type Rescale, rowPitch } from "../../../core/frame.js";
import type { Codec, StoredValues } from "../common/codec.js";
import { copyOut } from "../common/frame_memory.js";
import { checkHuRange, isIntegerRescale, toHu } from "../common/hu.js";
import { checkFrame, type StoredBits, storedBits } from "../common/stored_bits.js";
import { nextMarker, passRestart } from "../jpeg/markers.js";
import { type JpegLosslessHeader, parseJpegLosslessHeader } from "./header.js";
import { compileJpegLossless, instantiateJpegLossless, type JpegLosslessKernel } from "./kernel.js";
import { openScan, type Piece, readDifferences, readSegment } from "./scan.js";

export interface JpegLosslessOptions {
  /** Cursors within one frame: 4 decode faster, 1 is the plain serial way. Both give the same values. */
  readonly cursors?: 1 | 4;
}

/** Memory that is kept from one frame to the next; a frame that took more gives it back. */
const KEPT_BYTES = 64 * 2 ** 20;
/** Rows that are predicted, then packed, while they are in the first-level cache. */
const CHUNK_ROWS = 16;

/**
 * JPEG Lossless, Huffman (ITU-T T.81 Annex H, process 14): transfer syntaxes 1.2.840.10008.1.2.4.57 and .70,
 * gray, all predictors. Errors: `decode-failed` and `truncated` with the byte offset in the code stream,
 * `unsupported-image` for color.
 */
export async function createJpegLosslessCodec(options: JpegLosslessOptions = {}): Promise<Codec> {
  const module = await compileJpegLossless();
  const split = (options.cursors ?? 4) === 4;
  let kernel = instantiateJpegLossless(module);

  function decode(bytes: Uint8Array, frame: FrameDescription, output: Output): Packed {
    const mark = kernel.mark();
    try {
      return decodeFrame(kernel, bytes, frame, output, split);
    } finally {
      kernel.release(mark);
      if (kernel.bytes().length > KEPT_BYTES) kernel = instantiateJpegLossless(module);
    }
  }

  function decodeStored(bytes: Uint8Array, frame: FrameDescription, memory?: ArrayBufferLike): StoredValues {
    const output = { slope: 1, intercept: 0, pitch: frame.columns, memory };
    return toContainer(decode(bytes, frame, output).values, frame);
  }

  function decodeHu(
    bytes: Uint8Array,
    frame: FrameDescription,
    rescale: Rescale,
    memory?: ArrayBufferLike,
  ): Int16Array {
    if (!isIntegerRescale(rescale)) return toHu(decodeStored(bytes, frame), frame, rescale, memory);
    const output = { ...rescale, pitch: rowPitch(frame.columns), memory };
    const { values, low, high } = decode(bytes, frame, output);
    checkHuRange(low, high, rescale);
    return new Int16Array(values.buffer, 0, values.length);
  }

  return { decode: decodeStored, decodeHu };
}

/** What the last pass makes of the stored values: values are 16 bits, rows `pitch` apart. */
interface Output extends Rescale {
  readonly pitch: number;
  /** Where they go, if it is large enough. */
  readonly memory?: ArrayBufferLike;
}

/** 16-bit values from the start of their buffer on, and the range of the stored values behind them. */
interface Packed {
  readonly values: Uint16Array;
  readonly low: number;
  readonly high: number;
}

function toContainer(values: Uint16Array, frame: FrameDescription): StoredValues {
  const signed = frame.pixelRepresentation === 1;
  if (frame.bitsAllocated === 8) return signed ? Int8Array.from(values) : Uint8Array.from(values);
  return signed ? new Int16Array(values.buffer, 0, values.length) : values;
}

function decodeFrame(
  kernel: JpegLosslessKernel,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: Output,
  split: boolean,
): Packed {
  checkFrame(frame);
  const header = parseJpegLosslessHeader(bytes);
  checkAgreement(header, frame);
  const source = openScan(kernel, bytes, header, frame.rows);
  const target = openTarget(kernel, header, frame, output);
  const intervalRows = header.restartInterval / header.columns || frame.rows;
  let end = header.scanOffset;
  for (let row = 0, index = 0; row < frame.rows; row += intervalRows, index++) {
    const offset = index === 0 ? end : passRestart(bytes, end, index - 1);
    const rows = Math.min(intervalRows, frame.rows - row);
    const segment = readSegment(kernel, source, offset);
    writeRows(
      kernel,
      header,
      target,
      readDifferences(kernel, source, segment, rows * header.columns, split),
      row,
      rows,
    );
    end = segment.end;
  }
  if (header.rows === 0) checkLineCount(bytes, end, frame.rows);
  return takeOut(kernel, target, frame.rows);
}

function checkAgreement(header: JpegLosslessHeader, frame: FrameDescription): void {
  const rows = header.rows || frame.rows;
  if (rows !== frame.rows || header.columns !== frame.columns) {
    const message = `the code stream is ${rows} x ${header.columns}, the header says ${frame.rows} x ${frame.columns}`;
    throw new HounsfieldError("decode-failed", message, {
      offset: 0,
      got: [rows, header.columns],
      accepted: [frame.rows, frame.columns],
    });
  }
  if (header.precision > frame.bitsAllocated) {
    const message = `the code stream has ${header.precision} bits a sample, the header allocates ${frame.bitsAllocated}`;
    throw new HounsfieldError("decode-failed", message, {
      offset: 0,
      got: header.precision,
      accepted: frame.bitsAllocated,
    });
  }
}

/** A frame header with 0 lines leaves their number to a DNL marker after the scan (T.81 B.2.5). */
function checkLineCount(bytes: Uint8Array, offset: number, rows: number): void {
  const marker = nextMarker(bytes, offset);
  const got =
    marker.code === 0xdc && marker.end + 4 <= bytes.length
      ? (bytes[marker.end + 2] << 8) | bytes[marker.end + 3]
      : 0;
  if (got === rows) return;
  const message = `the frame header has no line count, and no DNL marker with ${rows} lines follows the scan`;
  throw new HounsfieldError("decode-failed", message, { offset: marker.start, got, accepted: rows });
}

/** Where rows are reconstructed and where they go, in the kernel's memory. */
interface Target {
  readonly columns: number;
  readonly bits: StoredBits;
  readonly output: Output;
  /** Two chunks of rows, used in turn: the last row of one is the row above the first of the other. */
  readonly chunks: readonly [number, number];
  /** Differences of a row that lies across two pieces. */
  readonly row: number;
  readonly values: number;
}

function openTarget(
  kernel: JpegLosslessKernel,
  header: JpegLosslessHeader,
  frame: FrameDescription,
  output: Output,
): Target {
  const { columns } = header;
  const chunkBytes = (CHUNK_ROWS * columns + 8) * 2;
  const target: Target = {
    columns,
    bits: storedBits(frame, header.precision),
    output,
    chunks: [kernel.take(chunkBytes), kernel.take(chunkBytes)],
    row: kernel.take((columns + 8) * 2),
    values: kernel.take(frame.rows * output.pitch * 2),
  };
  new Int32Array(kernel.bytes().buffer, kernel.range, 2).set([2 ** 31 - 1, -(2 ** 31)]);
  return target;
}

/** Predicts and packs `rows` rows of one restart interval from row `firstRow` of the frame on. */
function writeRows(
  kernel: JpegLosslessKernel,
  header: JpegLosslessHeader,
  target: Target,
  pieces: readonly Piece[],
  firstRow: number,
  rows: number,
): void {
  const { columns, chunks, bits, output } = target;
  const initial = 2 ** (header.precision - header.pointTransform - 1);
  const nextRows = rowReader(kernel, target, pieces);
  let above = 0;
  for (let row = 0, chunk = 0; row < rows; chunk ^= 1) {
    const [differences, count] = nextRows(Math.min(CHUNK_ROWS, rows - row));
    const samples = chunks[chunk];
    kernel.run.predict_rows(differences, above, samples, count, columns, header.predictor, initial);
    const dst = target.values + (firstRow + row) * output.pitch * 2;
    const { right, mask, sign } = bits;
    const { pitch, slope, intercept } = output;
    kernel.run.pack_rows(
      samples,
      dst,
      count,
      columns,
      pitch,
      header.pointTransform,
      right,
      mask,
      sign,
      slope,
      intercept,
      kernel.range,
    );
    above = samples + (count - 1) * columns * 2;
    row += count;
  }
}

/** Gives rows of differences in order, as many at once as lie together: [pointer, rows]. */
function rowReader(
  kernel: JpegLosslessKernel,
  target: Target,
  pieces: readonly Piece[],
): (most: number) => [number, number] {
  const { columns } = target;
  let index = 0;
  let used = 0;
  return (most) => {
    const together = Math.min(most, Math.floor((pieces[index].count - used) / columns));
    if (together > 0) {
      const pointer = pieces[index].pointer + used * 2;
      used += together * columns;
      return [pointer, together];
    }
    for (let filled = 0; filled < columns; ) {
      const count = Math.min(columns - filled, pieces[index].count - used);
      const from = pieces[index].pointer + used * 2;
      kernel.bytes().copyWithin(target.row + filled * 2, from, from + count * 2);
      filled += count;
      used += count;
      if (used === pieces[index].count && index + 1 < pieces.length) {
        index++;
        used = 0;
      }
    }
    return [target.row, 1];
  };
}

function takeOut(kernel: JpegLosslessKernel, target: Target, rows: number): Packed {
  const { buffer } = kernel.bytes();
  const [low, high] = new Int32Array(buffer, kernel.range, 2);
  const { pitch, memory } = target.output;
  const values = copyOut(new Uint16Array(buffer, target.values, rows * pitch), memory);
  return { values, low, high };
}
