import { createRequire } from "node:module";

/** What is encoded: row-major samples, of `precision` bits, in Int or Uint arrays of 8 or 16 bits. */
export interface Jpeg2000Image {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  readonly samples: Int8Array | Uint8Array | Int16Array | Uint16Array;
}

export interface Jpeg2000Options {
  readonly lossless?: boolean;
  readonly quality?: number;
  readonly decompositions?: number;
  readonly progression?: number;
  readonly tile?: { readonly width: number; readonly height: number };
}

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setQuality(lossless: boolean, quality: number): void;
  setDecompositions(count: number): void;
  setProgressionOrder(order: number): void;
  setTileSize(size: object): void;
  delete(): void;
}

type Encode = (image: Jpeg2000Image, options?: Jpeg2000Options) => Uint8Array<ArrayBuffer>;

/** The encoders of the two packages whose decoders are embedded. */
export async function openEncoders(): Promise<{ readonly jpeg2000: Encode; readonly htj2k: Encode }> {
  const require = createRequire(import.meta.url);
  const quiet = () => ({ print() {}, printErr() {} });
  const openJpeg = await require("@cornerstonejs/codec-openjpeg/wasmjs")(quiet());
  const openJph = await require("@cornerstonejs/codec-openjph/wasmjs")(quiet());
  return {
    jpeg2000: (image, options) => encode(new openJpeg.J2KEncoder(), image, options),
    htj2k: (image, options) => encode(new openJph.HTJ2KEncoder(), image, options),
  };
}

function encode(encoder: Encoder, image: Jpeg2000Image, options: Jpeg2000Options = {}) {
  const { samples, rows, columns, precision } = image;
  const isSigned = samples instanceof Int8Array || samples instanceof Int16Array;
  const { lossless = true, quality = 0.001, decompositions, progression, tile } = options;
  const info = { width: columns, height: rows, bitsPerSample: precision, componentCount: 1, isSigned };
  const buffer = encoder.getDecodedBuffer({ ...info, isUsingColorTransform: false });
  buffer.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  encoder.setQuality(lossless, quality);
  if (decompositions !== undefined) encoder.setDecompositions(decompositions);
  if (progression !== undefined) encoder.setProgressionOrder(progression);
  if (tile) encoder.setTileSize(tile);
  encoder.encode();
  const bytes = encoder.getEncodedBuffer();
  // One of them gives its whole buffer, with zeros behind the code stream.
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const encoded = new Uint8Array(bytes.subarray(0, end));
  encoder.delete();
  return encoded;
}
