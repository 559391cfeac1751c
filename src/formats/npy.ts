import { HounsfieldError } from "../core/errors.js";

/** NumPy's type strings that results use: little endian, or of one byte. */
export type NpyType = "|u1" | "|i1" | "<u2" | "<i2" | "<u4" | "<i4" | "<f4" | "<f8";

export type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface NpyDescription {
  readonly dtype: NpyType;
  /** Slowest axis first: a volume is [z, y, x]. */
  readonly shape: readonly number[];
}

export interface NpyArray extends NpyDescription {
  readonly data: NpyData;
}

const ARRAY_OF: Readonly<Record<NpyType, { new (buffer: ArrayBuffer): NpyData; BYTES_PER_ELEMENT: number }>> =
  {
    "|u1": Uint8Array,
    "|i1": Int8Array,
    "<u2": Uint16Array,
    "<i2": Int16Array,
    "<u4": Uint32Array,
    "<i4": Int32Array,
    "<f4": Float32Array,
    "<f8": Float64Array,
  };

const MAGIC = "\x93NUMPY";

/** Bytes of magic, version and length that stand before the header's text in version 1.0. */
const PREFIX_BYTES = 10;

/**
 * Header of a .npy file of version 1.0 (NumPy NEP 1), C order, padded with spaces to a multiple of 64 bytes. The
 * values follow it directly: write the header first, then slab after slab, little endian.
 */
export function npyHeader({ dtype, shape }: NpyDescription): Uint8Array<ArrayBuffer> {
  if (!(dtype in ARRAY_OF) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new HounsfieldError("invalid-option", `npy: type ${dtype}, shape [${shape.join(", ")}]`, {
      got: { dtype, shape },
      accepted: Object.keys(ARRAY_OF),
    });
  }
  // Python writes a tuple of one with a comma.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const total = Math.ceil((PREFIX_BYTES + text.length + 1) / 64) * 64;
  const out = new Uint8Array(total).fill(0x20);
  for (let i = 0; i < MAGIC.length; i++) out[i] = MAGIC.charCodeAt(i);
  out[6] = 1;
  out[7] = 0;
  new DataView(out.buffer).setUint16(8, total - PREFIX_BYTES, true);
  out.set(new TextEncoder().encode(text), PREFIX_BYTES);
  out[total - 1] = 0x0a;
  return out;
}

/**
 * Reads a whole .npy file, versions 1.0 to 3.0, C order, little endian. `data` is a copy.
 * Throws `decode-failed` for another layout, `truncated` where values are missing.
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const { text, dataOffset } = headerText(bytes);
  const dtype = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  const isRowMajor = /'fortran_order':\s*False/.test(text);
  if (!isNpyType(dtype) || shapeText === undefined || !isRowMajor) {
    throw new HounsfieldError("decode-failed", `npy: unsupported header ${text.trim()}`, {
      got: text.trim(),
      accepted: Object.keys(ARRAY_OF),
    });
  }
  const shape = shapeText.split(",").flatMap((n) => (n.trim() === "" ? [] : [Number(n)]));
  const ArrayType = ARRAY_OF[dtype];
  const byteLength = shape.reduce((product, n) => product * n, 1) * ArrayType.BYTES_PER_ELEMENT;
  const got = bytes.length - dataOffset;
  if (got < byteLength) {
    throw new HounsfieldError("truncated", `npy: ${got} bytes of values; the header declares ${byteLength}`, {
      offset: bytes.length,
      got,
      accepted: byteLength,
    });
  }
  return {
    dtype,
    shape,
    // Not `slice`: on Node's Buffer that is a view of a shared pool.
    data: new ArrayType(new Uint8Array(bytes.subarray(dataOffset, dataOffset + byteLength)).buffer),
  };
}

function isNpyType(dtype: string | undefined): dtype is NpyType {
  return dtype !== undefined && dtype in ARRAY_OF;
}

function headerText(bytes: Uint8Array): { text: string; dataOffset: number } {
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== MAGIC || bytes.length < PREFIX_BYTES + 2) {
    throw new HounsfieldError("decode-failed", "npy: the magic bytes of a .npy file are missing", {
      offset: 0,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isVersion1 = bytes[6] === 1;
  const start = isVersion1 ? PREFIX_BYTES : PREFIX_BYTES + 2;
  const dataOffset = start + (isVersion1 ? view.getUint16(8, true) : view.getUint32(8, true));
  return { text: new TextDecoder().decode(bytes.subarray(start, dataOffset)), dataOffset };
}
