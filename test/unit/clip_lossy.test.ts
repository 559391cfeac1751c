import { expect, test } from "vitest";
import { createHtj2kCodec } from "../../src/decode/codecs/jpeg_2000/htj2k.js";
import { createJpeg2000Codec } from "../../src/decode/codecs/jpeg_2000/jpeg_2000.js";
import { createJpegDctCodec } from "../../src/decode/codecs/jpeg_dct/jpeg_dct.js";
import { encodeDct } from "../support/dct_encode.js";
import { dctImageOf, frameOf } from "../support/dct_images.js";
import { openEncoders } from "../support/jpeg_2000_encode.js";

// Of a lossy stream, values beyond Bits Stored are clipped to it; of one without loss the bits above are no
// part of the values (PS3.5 8.1.1). JPEG-LS has its test in jpeg_ls_property.test.ts.

const SIZE = { rows: 16, columns: 16, precision: 13 } as const;
const samples = Uint16Array.from({ length: 256 }, (_, i) => [0, 4095, 4096, 4123, 100, 8191][i % 6]);
const encoders = await openEncoders();
const codecs = { jpeg2000: await createJpeg2000Codec(), htj2k: await createHtj2kCodec() };
const RESCALE = { slope: 1, intercept: -1024 };

test.each([
  ["jpeg2000", "1.2.840.10008.1.2.4.91"],
  ["htj2k", "1.2.840.10008.1.2.4.203"],
] as const)(
  "%s, lossy by its transfer syntax: 4123 of 12 bits is 4095, and not 27",
  (kind, transferSyntax) => {
    const bytes = encoders[kind]({ ...SIZE, samples }, { decompositions: 2 });
    const frame = frameOf(SIZE, { transferSyntax, bitsStored: 12, highBit: 11 });
    const clipped = samples.map((value) => Math.min(value, 4095));
    expect(codecs[kind].decode(bytes, frame)).toEqual(clipped);
    const hu = codecs[kind].decodeHu?.(bytes, frame, RESCALE);
    if (hu) expect([...hu]).toEqual([...clipped].map((value) => value - 1024));
  },
);

test.each([
  ["jpeg2000", "1.2.840.10008.1.2.4.90"],
  ["htj2k", "1.2.840.10008.1.2.4.201"],
] as const)("%s without loss: the bits above are cut off", (kind, transferSyntax) => {
  const bytes = encoders[kind]({ ...SIZE, samples }, { decompositions: 2 });
  const frame = frameOf(SIZE, { transferSyntax, bitsStored: 12, highBit: 11 });
  expect(codecs[kind].decode(bytes, frame)).toEqual(samples.map((value) => value & 4095));
});

test("DCT of 12 bits where 11 are stored, and where 12 are", async () => {
  const codec = await createJpegDctCodec();
  const size = { rows: 16, columns: 16, precision: 12 } as const;
  const flat = Uint16Array.from({ length: 256 }, (_, i) => (i % 16 < 8 ? 2100 : 1000));
  const bytes = encodeDct(dctImageOf(flat, size, new Uint16Array(64).fill(1)), { sof: 0xc1 });
  const all = codec.decode(bytes, frameOf(size));
  expect(all.every((value, i) => Math.abs(value - flat[i]) <= 1)).toBe(true);
  const stored = codec.decode(bytes, frameOf(size, { bitsStored: 11, highBit: 10 }));
  expect([...stored]).toEqual([...all].map((value) => Math.min(value, 2047)));
});
