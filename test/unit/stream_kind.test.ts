import { describe, expect, test } from "vitest";
import { kindOfStream, syntaxOfStream } from "../../src/core/stream_kind.js";

const UID = "1.2.840.10008.1.2";

/** SOI, marker segments of the given bodies, then a frame header of `marker` with `precision`. */
function jpeg(marker: number, precision: number, ...segments: readonly (readonly number[])[]): Uint8Array {
  const before = segments.flatMap((body, i) => [
    0xff,
    0xe0 + i,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body,
  ]);
  return Uint8Array.of(0xff, 0xd8, ...before, 0xff, marker, 0, 17, precision);
}

/** SOC, SIZ of `components`, then the next marker. */
function jpeg2000(ssiz: number, next: readonly number[], components = 1): Uint8Array {
  const length = 38 + 3 * components;
  const siz = new Uint8Array(length);
  siz.set([length >> 8, length & 255]);
  siz[38] = ssiz;
  return Uint8Array.of(0xff, 0x4f, 0xff, 0x51, ...siz, ...next);
}

/** The 64 bytes of an RLE header. */
function rle(segments: number, first = 64): Uint8Array {
  const header = new Uint8Array(64);
  new DataView(header.buffer).setUint32(0, segments, true);
  new DataView(header.buffer).setUint32(4, first, true);
  return header;
}

describe("the kind of a code stream by its first bytes", () => {
  test.each([
    [192, ".4.50"],
    [193, ".4.51"],
    [194, ".4.55"],
    [195, ".4.57"],
    [247, ".4.81"],
  ])("JPEG's frame header %i is %s, with its precision", (marker, suffix) => {
    expect(kindOfStream(jpeg(marker, 12))).toEqual({ transferSyntax: UID + suffix, precision: 12 });
    expect(syntaxOfStream(jpeg(marker, 8))).toBe(UID + suffix);
  });

  test("marker segments before the frame header are passed by their length, fill bytes one by one", () => {
    const long = Array.from({ length: 300 }, () => 0xc3);
    expect(kindOfStream(jpeg(195, 16, [1, 2], long))).toEqual({
      transferSyntax: `${UID}.4.57`,
      precision: 16,
    });
    const filled = Uint8Array.of(0xff, 0xd8, 0xff, 0xff, 0xff, 195, 0, 11, 10);
    expect(kindOfStream(filled)).toEqual({ transferSyntax: `${UID}.4.57`, precision: 10 });
  });

  test("the frame header is read to its precision: with the byte before it there is none", () => {
    const whole = jpeg(195, 12);
    expect(kindOfStream(whole.subarray(0, whole.length))).toBeDefined();
    expect(kindOfStream(whole.subarray(0, whole.length - 1))).toBeUndefined();
  });

  test("no frame header: other processes, what is not a marker, the end of the bytes", () => {
    expect(kindOfStream(jpeg(0xc5, 8))).toBeUndefined();
    expect(kindOfStream(Uint8Array.of(0xff, 0xd8, 0, 195, 0, 11, 8, 0))).toBeUndefined();
    expect(kindOfStream(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 255, 255, 1, 2))).toBeUndefined();
    expect(kindOfStream(Uint8Array.of(0xff, 0xd9, 0xff, 195, 0, 11, 8))).toBeUndefined();
    expect(kindOfStream(Uint8Array.of(0xfe, 0xd8, 0xff, 195, 0, 11, 8))).toBeUndefined();
  });

  test("JPEG 2000 by SOC and SIZ; high throughput where CAP comes next; signed samples by their bits", () => {
    const plain = { transferSyntax: `${UID}.4.91`, precision: 12 };
    const high = { transferSyntax: `${UID}.4.203`, precision: 12 };
    expect(kindOfStream(jpeg2000(11, [0xff, 0x52]))).toEqual(plain);
    expect(kindOfStream(jpeg2000(128 + 11, [0xff, 0x52]))).toEqual(plain);
    expect(kindOfStream(jpeg2000(15, [0xff, 0x52]))).toEqual({ ...plain, precision: 16 });
    expect(kindOfStream(jpeg2000(11, [0xff, 0x50]))).toEqual(high);
    // Components move CAP; 80 of them carry the length of SIZ into its high byte.
    expect(kindOfStream(jpeg2000(11, [0xff, 0x50], 3))).toEqual(high);
    expect(kindOfStream(jpeg2000(11, [0xff, 0x50], 80))).toEqual(high);
    expect(kindOfStream(jpeg2000(11, [0xfe, 0x50]))).toEqual(plain);
    expect(kindOfStream(jpeg2000(11, []))).toEqual(plain);
  });

  test.each([0, 1, 2, 3])("byte %i of SOC and SIZ counts", (i) => {
    const bytes = jpeg2000(11, [0xff, 0x52]);
    bytes[i] ^= 1;
    expect(kindOfStream(bytes)).toBeUndefined();
  });

  test("RLE by its header: 1 to 15 segments, the first at byte 64 (PS3.5 G.5)", () => {
    const kind = { transferSyntax: `${UID}.5` };
    expect(kindOfStream(rle(1))).toEqual(kind);
    expect(kindOfStream(rle(15))).toEqual(kind);
    expect(kindOfStream(rle(0))).toBeUndefined();
    expect(kindOfStream(rle(16))).toBeUndefined();
    expect(kindOfStream(rle(1, 63))).toBeUndefined();
    expect(kindOfStream(rle(1, 65))).toBeUndefined();
  });

  test.each([1, 2, 3, 5, 6, 7])("byte %i of an RLE header is 0", (i) => {
    const bytes = rle(2);
    bytes[i] = 1;
    expect(kindOfStream(bytes)).toBeUndefined();
  });

  test("nothing, and anything else, is of no kind", () => {
    expect(kindOfStream(new Uint8Array(0))).toBeUndefined();
    expect(kindOfStream(new Uint8Array(64))).toBeUndefined();
    expect(syntaxOfStream(Uint8Array.of(0x44, 0x49, 0x43, 0x4d))).toBeUndefined();
  });
});
