import { createRequire } from "node:module";

/** A code stream in JPEG-LS (T.87) by CharLS; near-lossless within `near`. */
export type EncodeJpegLs = (
  samples: Uint8Array | Uint16Array | Int16Array,
  size: { readonly rows: number; readonly columns: number; readonly precision: number },
  near?: number,
) => Uint8Array;

export async function openJpegLsEncoder(): Promise<EncodeJpegLs> {
  const require = createRequire(import.meta.url);
  const charLs = await require("@cornerstonejs/codec-charls/wasmjs")();
  return (samples, { rows, columns, precision }, near = 0) => {
    const encoder = new charLs.JpegLSEncoder();
    const info = {
      width: columns,
      height: rows,
      bitsPerSample: precision,
      componentCount: 1,
      isSigned: false,
    };
    encoder
      .getDecodedBuffer(info)
      .set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    encoder.setNearLossless(near);
    encoder.encode();
    const bytes = Uint8Array.from(encoder.getEncodedBuffer());
    encoder.delete();
    return bytes;
  };
}

/** A frame in RLE (PS3.5 G): a PackBits segment for each byte of a sample, the most significant first. */
export function encodeRle(samples: Uint8Array | Uint16Array | Uint32Array): Uint8Array {
  const size = samples.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const segments = Array.from({ length: size }, (_, i) => {
    const packed = packBits(bytes.filter((_, at) => at % size === size - 1 - i));
    return packed.length % 2 === 0 ? packed : [...packed, 0];
  });
  const frame = new Uint8Array(64 + segments.reduce((sum, segment) => sum + segment.length, 0));
  const header = new DataView(frame.buffer);
  header.setUint32(0, size, true);
  let at = 64;
  segments.forEach((segment, i) => {
    header.setUint32(4 + 4 * i, at, true);
    frame.set(segment, at);
    at += segment.length;
  });
  return frame;
}

function packBits(bytes: Uint8Array): number[] {
  const packed: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at] && at + run < bytes.length) run++;
    if (run > 2) {
      packed.push(257 - run, bytes[at]);
      at += run;
      continue;
    }
    const start = at;
    while (at < bytes.length && at - start < 128) {
      if (bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2]) break;
      at++;
    }
    packed.push(at - start - 1, ...bytes.subarray(start, at));
  }
  return packed;
}
