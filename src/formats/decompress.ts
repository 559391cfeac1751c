import { malformedImage } from "./image_error.js";

/**
 * No DEFLATE stream unpacks to more than 1032 times its length (258 bytes a match of 2 bits): what a header
 * declares beyond is not there.
 */
const MOST_RATIO = 1032;

/**
 * The first `length` bytes of what `bytes` unpack to, by the platform's decompressor: gzip (RFC 1952) or zlib
 * ("deflate", RFC 1950). No more than that is ever unpacked, whatever the file holds.
 * @throws HounsfieldError `malformed-image` where it is damaged or holds less
 */
export async function decompress(
  format: string,
  bytes: Uint8Array,
  kind: "gzip" | "deflate",
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkPacked(format, bytes.length, length);
  const out = new Uint8Array(length);
  let filled = 0;
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = packed.pipeThrough(new DecompressionStream(kind)).getReader();
  try {
    while (filled < length) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
    }
  } catch {
    throw malformedImage(format, `its compressed voxels are damaged behind byte ${filled} of ${length}`);
  } finally {
    // What lies behind is of no interest, be it damaged.
    reader.cancel().catch(() => {});
  }
  if (filled < length) throw tooFew(format, filled, length);
  return out;
}

/**
 * The first bytes of what the beginning of a gzip file unpacks to, up to `length`; fewer where it holds
 * fewer.
 */
export async function unpackedHead(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  const out = new Uint8Array(length);
  let filled = 0;
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    while (filled < length) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
    }
  } catch {
    // It ends where the beginning ends.
  } finally {
    reader.cancel().catch(() => {});
  }
  return out.subarray(0, filled);
}

/** @throws HounsfieldError `malformed-image` where so few bytes cannot hold that many */
export function checkPacked(format: string, bytes: number, length: number): void {
  if (length > bytes * MOST_RATIO + 64) throw tooFew(format, bytes, length);
}

function tooFew(format: string, got: number, length: number) {
  return malformedImage(format, `its compressed voxels are ${got} bytes; the header declares ${length}`, got);
}
