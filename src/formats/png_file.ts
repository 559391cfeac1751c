import { crc32 } from "../core/crc_32.js";
import { joinBytes } from "../core/join_bytes.js";

/** Samples of 8 or 16 bits, row by row, top row first. */
export interface PngImage {
  readonly width: number;
  readonly height: number;
  /** Gray, or red, green and blue. */
  readonly channels: 1 | 3;
  /** 8 where absent; of 16 the data's bytes are two a sample, the higher first. */
  readonly bits?: 8 | 16;
  readonly data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOR_TYPES = { 1: 0, 3: 2 } as const;

/** A PNG file (ISO/IEC 15948), compressed by the platform. */
export async function encodePng(image: PngImage): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header.set([image.bits ?? 8, COLOR_TYPES[image.channels]], 8);
  const pieces = [
    SIGNATURE,
    ...chunk("IHDR", [header]),
    ...chunk("IDAT", await deflated(filtered(image))),
    ...chunk("IEND", []),
  ];
  return joinBytes(pieces);
}

/**
 * Each row less the one above it (filter "Up", 9.2): an eighth to a third smaller than rows as they are, at
 * no cost.
 */
function filtered({ width, height, channels, bits = 8, data }: PngImage): Uint8Array<ArrayBuffer> {
  const up = 2;
  const pitch = (width * channels * bits) / 8;
  const rows = new Uint8Array(height * (pitch + 1));
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    rows[to++] = up;
    for (let x = 0; x < pitch; x++, from++)
      rows[to++] = y === 0 ? data[from] : data[from] - data[from - pitch];
  }
  return rows;
}

/** Length, type, data, check (5.3). */
function chunk(type: string, data: readonly Uint8Array[]): Uint8Array[] {
  const bytes = data.reduce((sum, piece) => sum + piece.length, 0);
  const start = new Uint8Array(8);
  new DataView(start.buffer).setUint32(0, bytes);
  start.set(
    Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  );
  const check = new Uint8Array(4);
  const crc = data.reduce((before, piece) => crc32(piece, before), crc32(start.subarray(4)));
  new DataView(check.buffer).setUint32(0, crc);
  return [start, ...data, check];
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array[]> {
  const { readable, writable } = new CompressionStream("deflate");
  const writer = writable.getWriter();
  // Waited for by reading: the stream takes more as it is emptied.
  const written = writer.write(bytes).then(() => writer.close());
  const pieces: Uint8Array[] = [];
  const reader = readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) pieces.push(part.value);
  await written;
  return pieces;
}
