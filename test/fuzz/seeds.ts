import { deflateRawSync } from "node:zlib";
import { chestPhantom } from "../../src/phantom/chest.js";
import { encodeJpegLossless } from "../../src/phantom/jpeg_lossless_encode.js";
import { encodeDct } from "../support/dct_encode.js";
import { dctImageOf, randomScans } from "../support/dct_images.js";
import {
  BIG_ENDIAN,
  type CtFields,
  ctElements,
  DEFLATED,
  EXPLICIT,
  element,
  encapsulated,
  file,
  IMPLICIT,
  joined,
} from "../support/dicom_file.js";
import { openEncoders } from "../support/jpeg_2000_encode.js";
import { seededRandom } from "../support/random.js";
import { encodeRle, openJpegLsEncoder } from "./encode.js";

/** A valid file to damage. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const [columns, rows] = [52, 45];
const size = { rows, columns };
const slices = chestPhantom({ size: [columns, rows, 3], seed: 3 });

/** 12 bits, unsigned. */
function slice(k: number): Uint16Array {
  return Uint16Array.from(slices.slice(k), (hu) => Math.max(0, Math.min(4095, hu + 1024)));
}

const base: CtFields = { "0028,0010": rows, "0028,0011": columns };
const bits = (allocated: number, stored: number, highBit = stored - 1, signed = 0): CtFields => ({
  ...base,
  "0028,0100": allocated,
  "0028,0101": stored,
  "0028,0102": highBit,
  "0028,0103": signed,
});

const NO_TABLE = new Uint8Array(0);

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function native(transferSyntax: string, fields: CtFields, pixels: Uint8Array): Uint8Array {
  const writing = { implicit: transferSyntax === IMPLICIT, bigEndian: transferSyntax === BIG_ENDIAN };
  const elements = [...ctElements(fields, writing), element("7fe0,0010", "OW", pixels, writing)];
  if (transferSyntax !== DEFLATED) return file({ transferSyntax, elements });
  return file({ transferSyntax, elements: [deflateRawSync(joined(elements))] });
}

/** Each frame in fragments of its own, after a table and other elements where they are given. */
function compressed(
  syntax: string,
  fields: CtFields,
  fragments: readonly Uint8Array[],
  table: Uint8Array = NO_TABLE,
  more: readonly Uint8Array[] = [],
): Uint8Array {
  const even = fragments.map((bytes) => (bytes.length % 2 === 0 ? bytes : joined([bytes, Uint8Array.of(0)])));
  const elements = [...ctElements(fields), ...more, encapsulated([table, ...even])];
  return file({ transferSyntax: `1.2.840.10008.1.2.${syntax}`, elements });
}

function inThree(bytes: Uint8Array): Uint8Array[] {
  const third = Math.floor(bytes.length / 6) * 2;
  return [bytes.subarray(0, third), bytes.subarray(third, 2 * third), bytes.subarray(2 * third)];
}

/**
 * A small image of the phantom in every transfer syntax and layout that is read, the same whenever it is
 * called.
 */
export async function fuzzSeeds(): Promise<Seed[]> {
  return [
    ...nativeSeeds(),
    ...rleSeeds(),
    ...jpegSeeds(),
    ...(await jpegLsSeeds()),
    ...(await jpeg2000Seeds()),
  ];
}

function nativeSeeds(): Seed[] {
  const values = slice(1);
  const pixels = bytesOf(values);
  const swapped = pixels.map((_, i) => pixels[i ^ 1]);
  const shifted = bytesOf(values.map((value) => value << 4));
  const bytes = Uint8Array.from(values, (value) => value >> 4);
  const wide = bytesOf(Uint32Array.from(values, (value) => value * 300_000));
  const frames = { ...bits(16, 12), "0028,0008": "3" };
  return [
    { name: "implicit", bytes: native(IMPLICIT, bits(16, 12), pixels) },
    { name: "explicit", bytes: native(EXPLICIT, bits(16, 16, 15, 1), pixels) },
    { name: "explicit-high-bit-15", bytes: native(EXPLICIT, bits(16, 12, 15, 1), shifted) },
    { name: "explicit-8", bytes: native(EXPLICIT, bits(8, 8), bytes) },
    { name: "explicit-32", bytes: native(EXPLICIT, bits(32, 32), wide) },
    {
      name: "explicit-frames",
      bytes: native(EXPLICIT, frames, joined([0, 1, 2].map((k) => bytesOf(slice(k))))),
    },
    { name: "big-endian", bytes: native(BIG_ENDIAN, bits(16, 12), swapped) },
    {
      name: "big-endian-8",
      bytes: native(
        BIG_ENDIAN,
        bits(8, 8),
        bytes.map((_, i) => bytes[i ^ 1]),
      ),
    },
    { name: "deflated", bytes: native(DEFLATED, bits(16, 12), pixels) },
    { name: "encapsulated-raw", bytes: compressed("1.98", bits(16, 12), [pixels]) },
  ];
}

function rleSeeds(): Seed[] {
  const values = slice(1);
  const frames = [0, 1, 2].map((k) => encodeRle(slice(k)));
  const fields = { ...bits(16, 12), "0028,0008": "3" };
  return [
    { name: "rle", bytes: compressed("5", bits(16, 12), [encodeRle(values)]) },
    {
      name: "rle-8",
      bytes: compressed("5", bits(8, 8), [encodeRle(Uint8Array.from(values, (one) => one >> 4))]),
    },
    {
      name: "rle-32",
      bytes: compressed("5", bits(32, 32), [encodeRle(Uint32Array.from(values, (one) => one * 300_000))]),
    },
    { name: "rle-frames", bytes: compressed("5", fields, frames, basicTable(frames)) },
  ];
}

function basicTable(fragments: readonly Uint8Array[]): Uint8Array {
  let at = 0;
  const offsets = fragments.map(({ length }) => {
    const offset = at;
    at += 8 + length + (length % 2);
    return offset;
  });
  return bytesOf(Uint32Array.from(offsets));
}

function jpegSeeds(): Seed[] {
  const lossless = (k: number) => encodeJpegLossless(slice(k), { ...size, precision: 12 });
  const frames = [0, 1, 2].map(lossless);
  const inFragments = frames.flatMap(inThree);
  const table = basicTable(inFragments).filter((_, i) => i % 12 < 4);
  const wideTable = bytesOf(BigUint64Array.from(new Uint32Array(table.slice().buffer), BigInt));
  const many = { ...bits(16, 12), "0028,0008": "3" };
  const restarting = encodeJpegLossless(slice(1), { ...size, precision: 16, predictor: 6, restartRows: 4 });
  const bytes = Uint8Array.from(slice(1), (value) => value >> 4);
  const flat = new Uint16Array(64).fill(12);
  const [small, wide] = [
    dctImageOf(bytes, { ...size, precision: 8 }, flat),
    dctImageOf(slice(1), { ...size, precision: 12 }, flat),
  ];
  const progressive = (sof: number) => encodeDct(wide, { sof, scans: randomScans(seededRandom(4)) });
  return [
    { name: "jpeg-50", bytes: compressed("4.50", bits(8, 8), [encodeDct(small, { sof: 0xc0 })]) },
    {
      name: "jpeg-51",
      bytes: compressed("4.51", bits(16, 12), [encodeDct(wide, { sof: 0xc1, restartInterval: 5 })]),
    },
    { name: "jpeg-55", bytes: compressed("4.55", bits(16, 12), [progressive(0xc2)]) },
    { name: "jpeg-57", bytes: compressed("4.57", bits(16, 16), [restarting]) },
    { name: "jpeg-70", bytes: compressed("4.70", bits(16, 12), [lossless(1)]) },
    { name: "jpeg-70-fragments", bytes: compressed("4.70", many, inFragments) },
    { name: "jpeg-70-table", bytes: compressed("4.70", many, inFragments, table) },
    {
      name: "jpeg-70-extended-table",
      bytes: compressed("4.70", many, inFragments, NO_TABLE, [element("7fe0,0001", "OV", wideTable)]),
    },
  ];
}

async function jpegLsSeeds(): Promise<Seed[]> {
  const encode = await openJpegLsEncoder();
  const bytes = Uint8Array.from(slice(1), (value) => value >> 4);
  return [
    {
      name: "jpeg-ls",
      bytes: compressed("4.80", bits(16, 12), [encode(slice(1), { ...size, precision: 12 })]),
    },
    { name: "jpeg-ls-8", bytes: compressed("4.80", bits(8, 8), [encode(bytes, { ...size, precision: 8 })]) },
    {
      name: "jpeg-ls-near",
      bytes: compressed("4.81", bits(16, 12), [encode(slice(1), { ...size, precision: 12 }, 2)]),
    },
  ];
}

async function jpeg2000Seeds(): Promise<Seed[]> {
  const { jpeg2000, htj2k } = await openEncoders();
  const image = { ...size, precision: 12, samples: slice(1) };
  const tile = { width: 32, height: 32 };
  const plain = jpeg2000(image, { decompositions: 3 });
  return [
    { name: "jpeg-2000", bytes: compressed("4.90", bits(16, 12), [plain]) },
    { name: "jpeg-2000-jp2", bytes: compressed("4.91", bits(16, 12), [inJp2(plain)]) },
    {
      name: "jpeg-2000-tiles",
      bytes: compressed("4.90", bits(16, 12), [jpeg2000(image, { decompositions: 2, tile })]),
    },
    {
      name: "jpeg-2000-lossy",
      bytes: compressed("4.91", bits(16, 12), [
        jpeg2000(image, { lossless: false, quality: 10, decompositions: 3 }),
      ]),
    },
    { name: "htj2k", bytes: compressed("4.201", bits(16, 12), [htj2k(image, { decompositions: 3 })]) },
    {
      name: "htj2k-rpcl",
      bytes: compressed("4.202", bits(16, 12), [htj2k(image, { decompositions: 3, progression: 2 })]),
    },
    {
      name: "htj2k-lossy",
      bytes: compressed("4.203", bits(16, 12), [
        htj2k(image, { lossless: false, quality: 0.01, decompositions: 3 }),
      ]),
    },
  ];
}

/** Signature, file type, header and code stream boxes (T.800 Annex I). */
function inJp2(stream: Uint8Array): Uint8Array {
  const box = (type: string, content: Uint8Array) => {
    const head = new DataView(new ArrayBuffer(8));
    head.setUint32(0, 8 + content.length);
    for (let i = 0; i < 4; i++) head.setUint8(4 + i, type.charCodeAt(i));
    return joined([new Uint8Array(head.buffer), content]);
  };
  const imageHeader = Uint8Array.of(0, 0, 0, rows, 0, 0, 0, columns, 0, 1, 11, 7, 0, 0);
  const color = Uint8Array.of(1, 0, 0, 0, 0, 0, 17);
  return joined([
    box("jP  ", Uint8Array.of(0x0d, 0x0a, 0x87, 0x0a)),
    box("ftyp", new TextEncoder().encode("jp2 \0\0\0\0jp2 ")),
    box("jp2h", joined([box("ihdr", imageHeader), box("colr", color)])),
    box("jp2c", stream),
  ]);
}
