import { encodeJpegLossless } from "../../src/phantom/jpeg_lossless_encode.js";
import {
  BIG_ENDIAN,
  type CtFields,
  ctElements,
  EXPLICIT,
  element,
  encapsulated,
  file,
  IMPLICIT,
  JPEG_LOSSLESS,
} from "../support/dicom_file.js";
import { type EncodeJpegLs, encodeRle } from "./encode.js";

// Small whole stacks in each of the ways in which slices are written, to take one file of and damage it.

export const SLICES = 7;
export const [COLUMNS, ROWS] = [30, 22];
const JPEG_LS = "1.2.840.10008.1.2.4.80";
const RLE = "1.2.840.10008.1.2.5";

/** A file, and where the value of its Pixel Data begins. */
export interface SliceFile {
  readonly bytes: Uint8Array;
  readonly pixelsAt: number;
}

/** Slice `k` of the stack, with some of its elements replaced. */
export type SliceWriter = (k: number, fields?: CtFields) => SliceFile;

/** 12 bits; no two slices and no two rows are alike. */
function storedOf(k: number): Uint16Array {
  return Uint16Array.from(
    { length: COLUMNS * ROWS },
    (_, i) => ((i * 37 + k * 411 + ((i * i) % 97)) * 5) % 4001,
  );
}

/** HU of the whole stack, z, y, x. */
export function stackHu(): number[] {
  return Array.from({ length: SLICES }, (_, k) => Array.from(storedOf(k), (stored) => stored - 1024)).flat();
}

/** The ways by name: syntaxes, a bare data set, slices without Slice Location or without numbers and UIDs. */
export function sliceWriters(encodeJpegLs: EncodeJpegLs): ReadonlyMap<string, SliceWriter> {
  const size = { rows: ROWS, columns: COLUMNS, precision: 12 };
  const jpegLossless = (stored: Uint16Array) => encodeJpegLossless(stored, { ...size });
  return new Map<string, SliceWriter>([
    ["explicit", plain(EXPLICIT)],
    ["implicit", plain(IMPLICIT)],
    ["big endian", plain(BIG_ENDIAN)],
    ["bare data set", plain(undefined)],
    ["JPEG Lossless", compressed(JPEG_LOSSLESS, jpegLossless)],
    ["JPEG-LS", compressed(JPEG_LS, (stored) => encodeJpegLs(stored, size))],
    ["RLE", compressed(RLE, encodeRle)],
    ["no location", without(["0020,1041"])],
    ["no numbers", without(["0020,0013", "0008,0018"])],
  ]);
}

function fieldsOf(k: number): CtFields {
  const z = 100 + 2 * k;
  return {
    "0008,0018": `1.2.3.4.${k}`,
    "0018,0050": "2.0",
    "0020,0013": String(k + 1),
    "0020,0032": `-10\\-20\\${z}`,
    "0020,1041": String(z),
    "0028,0010": ROWS,
    "0028,0011": COLUMNS,
  };
}

function plain(transferSyntax: string | undefined): SliceWriter {
  const bigEndian = transferSyntax === BIG_ENDIAN;
  const writing = { bigEndian, implicit: transferSyntax === undefined || transferSyntax === IMPLICIT };
  return (k, fields = {}) => {
    const head = ctElements({ ...fieldsOf(k), ...fields }, writing);
    const stored = storedOf(k);
    const value = new Uint8Array(2 * stored.length);
    const view = new DataView(value.buffer);
    for (const [i, number] of stored.entries()) view.setUint16(2 * i, number, !bigEndian);
    const parts = { transferSyntax, preamble: transferSyntax !== undefined };
    const bytes = file({ ...parts, elements: [...head, element("7fe0,0010", "OW", value, writing)] });
    return { bytes, pixelsAt: bytes.length - value.length };
  };
}

function compressed(transferSyntax: string, encode: (stored: Uint16Array) => Uint8Array): SliceWriter {
  return (k, fields = {}) => {
    const stream = encode(storedOf(k));
    const even = Uint8Array.from({ length: stream.length + (stream.length % 2) }, (_, i) => stream[i] ?? 0);
    const pixels = encapsulated([new Uint8Array(0), even]);
    const bytes = file({
      transferSyntax,
      elements: [...ctElements({ ...fieldsOf(k), ...fields }), pixels],
    });
    return { bytes, pixelsAt: bytes.length - pixels.length + 12 };
  };
}

function without(tags: readonly string[]): SliceWriter {
  const write = plain(EXPLICIT);
  const absent = Object.fromEntries(tags.map((tag) => [tag, undefined]));
  return (k, fields = {}) => write(k, { ...absent, ...fields });
}
