import { HounsfieldError } from "../core/errors.js";
import { checkArgument, checkOptions } from "../core/options.js";
import { number, oneOf, required } from "../core/rules.js";
import { JpegBitWriter } from "./jpeg_bits.js";
import { type HuffmanCodes, type HuffmanSpec, huffmanCodes, optimalHuffmanSpec } from "./jpeg_huffman.js";
import { type JpegPredictor, predictionDifferences } from "./jpeg_predict.js";

/** Options of encodeJpegLossless. */
export interface JpegLosslessOptions {
  readonly rows: number;
  readonly columns: number;
  /** Bits of a sample, 2 to 16: DICOM's Bits Stored. */
  readonly precision: number;
  /** Selection value of T.81 table H.1; 1 (the sample at the left) is what DICOM's .70 asks for. */
  readonly predictor?: JpegPredictor;
  /** Low bits dropped before coding; more than 0 is no longer lossless. */
  readonly pointTransform?: number;
  /**
   * Rows between restart markers; 0 for none. rows * columns of an interval are at most 65535 (16 bits in
   * DRI).
   */
  readonly restartRows?: number;
  /** "optimal" counts the image first; "fixed" is one table that has a code for every difference. */
  readonly huffman?: "fixed" | "optimal";
}

type Settings = Required<JpegLosslessOptions>;

/**
 * T.81 table K.3 (luminance DC), continued by one code a length to the 17 categories of 16-bit differences.
 */
const FIXED_TABLE: HuffmanSpec = {
  countPerLength: [0, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
  symbols: Array.from({ length: 17 }, (_, category) => category),
};

/** SOI, SOF3, DHT, DRI, SOS and EOI together take fewer bytes than this. */
const HEADER_BYTES = 128;

/**
 * Encodes one gray frame as JPEG Lossless, Huffman, non-hierarchical (ITU-T T.81 process 14, Annex H: SOF3).
 * `values` is rows x columns, row-major. Signed values are coded as their two's complement in `precision`
 * bits, as DICOM stores them (PS3.5 8.2.1).
 * @throws HounsfieldError `invalid-option` for options or values out of range
 */
export function encodeJpegLossless(
  values: Uint16Array | Int16Array,
  options: JpegLosslessOptions,
): Uint8Array<ArrayBuffer> {
  const settings = checked(values, options);
  const difference = predictionDifferences(samples(values, settings), settings);
  const frequency = categoryFrequencies(difference);
  const table = settings.huffman === "fixed" ? FIXED_TABLE : optimalHuffmanSpec(frequency);
  const codes = huffmanCodes(table);

  const codedBits = frequency.reduce(
    (sum, n, category) => sum + n * (codes.length[category] + (category & 15)),
    0,
  );
  const restarts = settings.restartRows > 0 ? Math.ceil(settings.rows / settings.restartRows) : 1;
  // Twice the coded bytes: every one of them could be an FF with its stuffed zero. Restarts add two and a
  // marker.
  const out = new Uint8Array(HEADER_BYTES + 2 * Math.ceil(codedBits / 8) + 4 * restarts);
  const header = headerBytes(settings, table);
  out.set(header);
  const bits = new JpegBitWriter(out, header.length);
  writeScan(bits, difference, codes, settings);
  bits.marker(0xd9);
  return out.slice(0, bits.position);
}

function checked(values: Uint16Array | Int16Array, given: JpegLosslessOptions): Settings {
  const options = checkOptions("encodeJpegLossless", given, {
    rows: required(number),
    columns: required(number),
    precision: required(number),
    predictor: number,
    pointTransform: number,
    restartRows: number,
    huffman: oneOf("fixed", "optimal"),
  });
  checkArgument("encodeJpegLossless", "values", values, (value) =>
    /^\[object U?[Ii]nt16Array\]$/.test(Object.prototype.toString.call(value))
      ? undefined
      : "a Uint16Array or an Int16Array",
  );
  const { rows, columns, precision } = options;
  const { predictor = 1, pointTransform = 0, restartRows = 0, huffman = "optimal" } = options;
  check("rows", rows, 1, 65535);
  check("columns", columns, 1, 65535);
  check("precision", precision, 2, 16);
  check("predictor", predictor, 1, 7);
  check("pointTransform", pointTransform, 0, precision - 1);
  check("restartRows", restartRows, 0, Math.floor(65535 / columns));
  check("values.length", values.length, rows * columns, rows * columns);
  return { rows, columns, precision, predictor, pointTransform, restartRows, huffman };
}

function check(name: string, got: number, low: number, high: number): void {
  if (Number.isInteger(got) && got >= low && got <= high) return;
  const accepted = low === high ? `${low}` : `${low} to ${high}`;
  throw new HounsfieldError("invalid-option", `JPEG Lossless: ${name} is ${got}; accepted: ${accepted}`, {
    got,
    accepted,
  });
}

/** The values as unsigned samples of `precision` bits, less the point transform. */
function samples(values: Uint16Array | Int16Array, { precision, pointTransform }: Settings): Uint16Array {
  const signed = values instanceof Int16Array;
  const low = signed ? -(2 ** (precision - 1)) : 0;
  const high = low + 2 ** precision - 1;
  const mask = 2 ** precision - 1;
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low || values[i] > high) check(`values[${i}]`, values[i], low, high);
    out[i] = (values[i] & mask) >> pointTransform;
  }
  return out;
}

/** The category SSSS of a difference (T.81 table H.2): its bits; -32768 stands for +32768, category 16. */
function category(difference: number): number {
  return 32 - Math.clz32(Math.abs(difference));
}

function categoryFrequencies(difference: Int16Array): number[] {
  const frequency = new Array<number>(17).fill(0);
  for (const value of difference) frequency[category(value)]++;
  return frequency;
}

function writeScan(
  bits: JpegBitWriter,
  difference: Int16Array,
  codes: HuffmanCodes,
  settings: Settings,
): void {
  const interval = settings.restartRows * settings.columns || difference.length;
  for (let start = 0, restart = 0; start < difference.length; start += interval, restart++) {
    if (restart > 0) bits.marker(0xd0 + ((restart - 1) & 7));
    const end = Math.min(start + interval, difference.length);
    for (let i = start; i < end; i++) {
      const value = difference[i];
      const ssss = category(value);
      bits.put(codes.code[ssss], codes.length[ssss]);
      // Category 16 is one value and has no more bits; a negative value is sent less one (T.81 F.1.2.1.1).
      if (ssss > 0 && ssss < 16) bits.put(value < 0 ? value - 1 : value, ssss);
    }
    bits.align();
  }
}

function headerBytes(settings: Settings, table: HuffmanSpec): number[] {
  const { rows, columns, precision, predictor, pointTransform, restartRows } = settings;
  const u16 = (value: number) => [value >> 8, value & 0xff];
  const segment = (marker: number, body: number[]) => [0xff, marker, ...u16(body.length + 2), ...body];
  const interval = restartRows * columns;
  return [
    ...[0xff, 0xd8],
    // SOF3: one component, number 1, sampled 1x1, no quantization table.
    ...segment(0xc3, [precision, ...u16(rows), ...u16(columns), 1, 1, 0x11, 0]),
    // DHT: class 0, table 0.
    ...segment(0xc4, [0, ...table.countPerLength, ...table.symbols]),
    ...(interval > 0 ? segment(0xdd, u16(interval)) : []),
    // SOS: component 1 by table 0; Ss is the predictor, Se and Ah are 0, Al is the point transform.
    ...segment(0xda, [1, 1, 0, predictor, 0, pointTransform]),
  ];
}
