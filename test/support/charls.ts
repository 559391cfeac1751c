import { createRequire } from "node:module";

// CharLS as viewers ship it (@cornerstonejs/codec-charls): the outside judge of JPEG-LS, and an encoder.

interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

interface CharlsModule {
  readonly JpegLSDecoder: new () => {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getFrameInfo(): FrameInfo;
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  };
  readonly JpegLSEncoder: new () => {
    getDecodedBuffer(info: FrameInfo): Uint8Array;
    setNearLossless(near: number): void;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  };
}

export interface Charls {
  decode(bytes: Uint8Array): Uint8Array | Uint16Array;
  encode(
    samples: ArrayLike<number>,
    rows: number,
    columns: number,
    precision: number,
    near: number,
  ): Uint8Array;
}

export async function openCharls(): Promise<Charls> {
  const require = createRequire(import.meta.url);
  const charls: CharlsModule = await require("@cornerstonejs/codec-charls/wasmjs")();

  function decode(bytes: Uint8Array): Uint8Array | Uint16Array {
    const decoder = new charls.JpegLSDecoder();
    try {
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      const values = decoder.getDecodedBuffer().slice();
      return decoder.getFrameInfo().bitsPerSample > 8 ? new Uint16Array(values.buffer) : values;
    } finally {
      decoder.delete();
    }
  }

  function encode(
    samples: ArrayLike<number>,
    rows: number,
    columns: number,
    precision: number,
    near: number,
  ): Uint8Array {
    const encoder = new charls.JpegLSEncoder();
    const info = { width: columns, height: rows, bitsPerSample: precision, componentCount: 1 };
    const container = precision > 8 ? Uint16Array.from(samples) : Uint8Array.from(samples);
    encoder.getDecodedBuffer(info).set(new Uint8Array(container.buffer));
    encoder.setNearLossless(near);
    encoder.encode();
    const bytes = encoder.getEncodedBuffer().slice();
    encoder.delete();
    return bytes;
  }

  return { decode, encode };
}
