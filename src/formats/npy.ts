import { HounsfieldError } from "../core/errors.js";
import { checkArgument, checkOptions } from "../core/options.js";
import { bytes as bytesRule, listOf, oneOf, required, wholeNotNegative } from "../core/rules.js";
import { oneLine } from "./image_error.js";

/** NumPy's type strings that results use: little endian, or of one byte. */
export type NpyType = "|u1" | "|i1" | "<u2" | "<i2" | "<u4" | "<i4" | "<f4" | "<f8";

const WRITTEN: readonly NpyType[] = ["|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<f4", "<f8"];

/** The typed arrays that an .npy file's values come in. */
export type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Type and shape of an .npy file's array, slowest axis first. */
export interface NpyDescription {
  readonly dtype: NpyType;
  /** Slowest axis first: a volume is [z, y, x]. */
  readonly shape: readonly number[];
}

/**
 * A .npy file as it was found: values in C order and the machine's byte order, whatever they were in the
 * file.
 */
export interface NpyArray {
  /** NumPy's type string as the file has it: "<i2", ">i8". */
  readonly dtype: string;
  /** Slowest axis first: a volume is [z, y, x]. */
  readonly shape: readonly number[];
  readonly data: NpyData;
}

interface StoredType {
  readonly bytes: number;
  readonly make: (buffer: ArrayBuffer) => NpyData;
}

/**
 * By kind and size. A 64-bit integer has no number of its own in JavaScript: it becomes a float64 where that
 * is exact.
 */
const TYPES: Readonly<Record<string, StoredType>> = {
  b1: { bytes: 1, make: (buffer) => new Uint8Array(buffer) },
  u1: { bytes: 1, make: (buffer) => new Uint8Array(buffer) },
  i1: { bytes: 1, make: (buffer) => new Int8Array(buffer) },
  u2: { bytes: 2, make: (buffer) => new Uint16Array(buffer) },
  i2: { bytes: 2, make: (buffer) => new Int16Array(buffer) },
  u4: { bytes: 4, make: (buffer) => new Uint32Array(buffer) },
  i4: { bytes: 4, make: (buffer) => new Int32Array(buffer) },
  f4: { bytes: 4, make: (buffer) => new Float32Array(buffer) },
  f8: { bytes: 8, make: (buffer) => new Float64Array(buffer) },
  u8: { bytes: 8, make: (buffer) => exactNumbers(new BigUint64Array(buffer)) },
  i8: { bytes: 8, make: (buffer) => exactNumbers(new BigInt64Array(buffer)) },
};

const MAGIC = "\x93NUMPY";
/** Magic, version, and the length of the header's text: 2 bytes in version 1.0, 4 in the later ones. */
const PREFIX_BYTES = { 1: 10, 2: 12, 3: 12 } as const;

/**
 * Header of a .npy file of version 1.0 (NumPy NEP 1), C order, padded with spaces to a multiple of 64 bytes.
 * The values follow it directly: write the header first, then slab after slab, little endian.
 */
export function npyHeader(description: NpyDescription): Uint8Array<ArrayBuffer> {
  const { dtype, shape } = checkOptions("npyHeader", description, {
    dtype: required(oneOf(...WRITTEN)),
    shape: required(listOf(wholeNotNegative, "whole numbers of 0 or more")),
  });
  // Python writes a tuple of one with a comma.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const total = Math.ceil((PREFIX_BYTES[1] + text.length + 1) / 64) * 64;
  const out = new Uint8Array(total).fill(0x20);
  for (let i = 0; i < MAGIC.length; i++) out[i] = MAGIC.charCodeAt(i);
  out[6] = 1;
  out[7] = 0;
  new DataView(out.buffer).setUint16(8, total - PREFIX_BYTES[1], true);
  out.set(new TextEncoder().encode(text), PREFIX_BYTES[1]);
  out[total - 1] = 0x0a;
  return out;
}

/**
 * Reads a whole .npy file (NumPy NEP 1): versions 1.0 to 3.0, integers and floats of 1 to 8 bytes and
 * booleans, of either byte order, C or Fortran order. `data` is a copy in C order; 64-bit integers come as
 * float64.
 * @throws HounsfieldError `decode-failed` for another layout or file; `truncated` where values are missing;
 * `value-range` for an integer that float64 does not hold exactly
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  checkArgument("parseNpy", "bytes", bytes, bytesRule);
  const { dtype, type, shape, isFortranOrder, dataOffset } = parseHeader(bytes);
  const count = shape.reduce((product, n) => product * n, 1);
  const byteLength = count * type.bytes;
  const got = bytes.length - dataOffset;
  if (got < byteLength) {
    const message = `npy: ${Math.max(0, got)} bytes of values; the header declares ${byteLength}`;
    throw new HounsfieldError("truncated", message, { offset: bytes.length, got, accepted: byteLength });
  }
  // Not `slice`: on Node's Buffer that is a view of a shared pool.
  const own = new Uint8Array(bytes.subarray(dataOffset, dataOffset + byteLength));
  if (dtype.startsWith(">")) reverseWords(own, type.bytes);
  const ordered = isFortranOrder && shape.length > 1 ? toRowMajor(own, shape, type.bytes) : own;
  return { dtype, shape, data: type.make(ordered.buffer) };
}

function parseHeader(bytes: Uint8Array) {
  const { text, dataOffset } = headerText(bytes);
  const dtype = /'descr':\s*'([<>|=]?[a-z]\d+)'/.exec(text)?.[1] ?? "";
  const type = Object.hasOwn(TYPES, dtype.slice(1)) ? TYPES[dtype.slice(1)] : undefined;
  const tuple = /'shape':\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = tuple?.split(",").flatMap((n) => (n.trim() === "" ? [] : [Number.parseInt(n, 10)])) ?? [];
  const isCountable = Number.isSafeInteger(shape.reduce((product, n) => product * n, 8));
  if (!type || tuple === undefined || order === undefined || !isCountable) {
    const message = `npy: unsupported header ${oneLine(text.trim())}`;
    const accepted = `integers, floats and booleans: ${Object.keys(TYPES).join(", ")}`;
    throw new HounsfieldError("decode-failed", message, { got: text.trim(), accepted });
  }
  return { dtype, type, shape, isFortranOrder: order === "True", dataOffset };
}

function headerText(bytes: Uint8Array): { text: string; dataOffset: number } {
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  const version = bytes[6];
  if (magic !== MAGIC || bytes.length < PREFIX_BYTES[2]) {
    const message = "npy: the magic bytes of a .npy file are missing";
    throw new HounsfieldError("decode-failed", message, { offset: 0 });
  }
  if (version !== 1 && version !== 2 && version !== 3) {
    const message = `npy: version ${version} of the format; accepted are 1 to 3`;
    throw new HounsfieldError("decode-failed", message, { offset: 6, got: version, accepted: [1, 2, 3] });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = PREFIX_BYTES[version];
  const dataOffset = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  return { text: new TextDecoder().decode(bytes.subarray(start, dataOffset)), dataOffset };
}

function reverseWords(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** From first axis fastest to last axis fastest. */
function toRowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, size));
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let at = 0; at < out.length; at += size) {
    for (let byte = 0; byte < size; byte++) out[at + byte] = bytes[from + byte];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

function exactNumbers(values: BigInt64Array | BigUint64Array): Float64Array {
  const numbers = Float64Array.from(values, Number);
  const inexact = numbers.findIndex((value) => !Number.isSafeInteger(value));
  if (inexact === -1) return numbers;
  const got = String(values[inexact]);
  const message = `npy: value ${inexact} is ${got}, which float64 does not hold exactly`;
  throw new HounsfieldError("value-range", message, { got, accepted: "up to 2^53" });
}
