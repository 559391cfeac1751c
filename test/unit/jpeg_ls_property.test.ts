import { describe, expect, test } from "vitest";
import type { FrameDescription } from "../../src/core/frame.js";
import type { StoredValues } from "../../src/decode/codecs/common/codec.js";
import { toHu } from "../../src/decode/codecs/common/hu.js";
import { createJpegLsCodec } from "../../src/decode/codecs/jpeg_ls/jpeg_ls.js";
import { firstDifference } from "../support/arrays.js";
import { openCharls } from "../support/charls.js";
import { encodeJpegLs, type JpegLsEncodeOptions } from "../support/jpeg_ls_encode.js";
import { randomInteger, seededRandom } from "../support/random.js";

const codec = await createJpegLsCodec();
const charls = await openCharls();

function frameOf(rows: number, columns: number, precision: number): FrameDescription {
  return {
    transferSyntax: "1.2.840.10008.1.2.4.80",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: precision > 8 ? 16 : 8,
    bitsStored: precision,
    highBit: precision - 1,
    pixelRepresentation: 0,
  };
}

function decode(bytes: Uint8Array, rows: number, columns: number, precision: number): StoredValues {
  return codec.decode(bytes, frameOf(rows, columns, precision));
}

/** Images that lead through all of the coder: `most` is the greatest sample. */
const IMAGES = {
  noise: (count: number, _columns: number, most: number, random: () => number) =>
    Uint16Array.from({ length: count }, () => randomInteger(random, 0, most)),
  waves: (count: number, columns: number, most: number) =>
    Uint16Array.from({ length: count }, (_, i) =>
      Math.round(
        (most / 2) * (1 + 0.98 * Math.sin((i % columns) / 9) * Math.cos(Math.floor(i / columns) / 7)),
      ),
    ),
  "noisy waves": (count: number, columns: number, most: number, random: () => number) =>
    Uint16Array.from({ length: count }, (_, i) =>
      Math.round((most / 2) * (1 + 0.7 * Math.sin((i % columns) / 11) + (random() - 0.5) / 4)),
    ),
  "specks on plateaus": (count: number, columns: number, most: number, random: () => number) =>
    Uint16Array.from({ length: count }, (_, i) =>
      random() < 0.03 ? randomInteger(random, 0, most) : i % columns < columns / 3 ? 0 : most,
    ),
  constant: (count: number, _columns: number, most: number) => new Uint16Array(count).fill(most),
};
const kinds = Object.keys(IMAGES) as (keyof typeof IMAGES)[];

const SIZES = [
  [1, 1],
  [1, 9],
  [9, 1],
  [2, 2],
  [17, 31],
  [40, 64],
] as const;

describe("what CharLS encodes", () => {
  test.each(Array.from({ length: 15 }, (_, i) => i + 2))("precision %i, NEAR 0 to 10", (precision) => {
    const most = 2 ** precision - 1;
    const random = seededRandom(precision);
    for (const near of [0, 1, 2, 3, 5, 10].filter((each) => each <= most >> 1)) {
      for (const [rows, columns] of SIZES) {
        for (const kind of kinds) {
          const image = IMAGES[kind](rows * columns, columns, most, random);
          const bytes = charls.encode(image, rows, columns, precision, near);
          const values = decode(bytes, rows, columns, precision);
          const what = `${kind} ${rows} x ${columns} NEAR ${near}`;
          expect(firstDifference(values, charls.decode(bytes)), what).toBe(-1);
          if (near === 0) expect(firstDifference(values, image), what).toBe(-1);
        }
      }
    }
  });

  test("wide lines, long runs", () => {
    const [rows, columns] = [3, 65535];
    for (const kind of ["constant", "specks on plateaus", "noisy waves"] as const) {
      const image = IMAGES[kind](rows * columns, columns, 65535, seededRandom(5));
      const bytes = charls.encode(image, rows, columns, 16, 0);
      expect(firstDifference(decode(bytes, rows, columns, 16), image), kind).toBe(-1);
    }
  });
});

/** Options of all kinds, some of which no encoder of the field writes. */
function randomOptions(random: () => number): JpegLsEncodeOptions {
  const [rows, columns] = [randomInteger(random, 1, 24), randomInteger(random, 1, 40)];
  const precision = randomInteger(random, 2, 16);
  const maxval = random() < 0.5 ? 2 ** precision - 1 : randomInteger(random, 1, 2 ** precision - 1);
  const near = random() < 0.5 ? 0 : randomInteger(random, 0, Math.min(255, maxval >> 1, 12));
  const sorted = Array.from({ length: 3 }, () => randomInteger(random, near + 1, maxval)).sort(
    (a, b) => a - b,
  );
  const thresholds =
    near < maxval && random() < 0.5 ? ([sorted[0], sorted[1], sorted[2]] as const) : undefined;
  const reset = random() < 0.5 ? undefined : randomInteger(random, 3, Math.max(255, maxval));
  const restartLines = random() < 0.5 ? undefined : randomInteger(random, 1, rows + 2);
  return { rows, columns, precision, maxval, near, thresholds, reset, restartLines, dnl: random() < 0.2 };
}

test("400 random images with preset parameters, restart intervals and line counts behind the scan", () => {
  const random = seededRandom(87);
  let exact = 0;
  let judged = 0;
  for (let n = 0; n < 400; n++) {
    const options = randomOptions(random);
    const { rows, columns, precision, maxval = 0, near = 0 } = options;
    const kind = kinds[n % kinds.length];
    const image = IMAGES[kind](rows * columns, columns, maxval, random);
    const bytes = encodeJpegLs(image, options);
    const values = decode(bytes, rows, columns, precision);
    const worst = image.reduce((most, sample, i) => Math.max(most, Math.abs(sample - values[i])), 0);
    expect(worst, JSON.stringify(options)).toBeLessThanOrEqual(near);
    if (worst === 0) exact++;
    // CharLS 2.4 takes no line count behind the scan, and for MAXVAL always what the precision gives.
    if (options.dnl || maxval !== 2 ** precision - 1) continue;
    judged++;
    expect(firstDifference(values, charls.decode(bytes)), JSON.stringify(options)).toBe(-1);
  }
  expect(exact).toBeGreaterThan(200);
  expect(judged).toBeGreaterThan(100);
});

test("a decoder used for frames of changing parameters gives what a new one gives", async () => {
  const random = seededRandom(88);
  for (let n = 0; n < 30; n++) {
    const options = randomOptions(random);
    const { rows, columns, precision, maxval = 0 } = options;
    const bytes = encodeJpegLs(IMAGES.noise(rows * columns, columns, maxval, random), options);
    const fresh = await createJpegLsCodec();
    const frame = frameOf(rows, columns, precision);
    expect(firstDifference(codec.decode(bytes, frame), fresh.decode(bytes, frame))).toBe(-1);
  }
});

test("stored bits: a signed value of 12 bits in a stream of 16, one with fewer bits than the header says, fused HU", () => {
  const random = seededRandom(89);
  const [rows, columns] = [7, 13];
  const image = IMAGES.noise(rows * columns, columns, 65535, random);
  const bytes = charls.encode(image, rows, columns, 16, 0);
  const signed = {
    ...frameOf(rows, columns, 16),
    bitsStored: 12,
    highBit: 13,
    pixelRepresentation: 1,
  } as const;
  const expected = Int16Array.from(image, (sample) => (((sample >> 2) & 4095) ^ 2048) - 2048);
  expect(codec.decode(bytes, signed)).toEqual(expected);

  const narrow = charls.encode(
    image.map((sample) => sample & 255),
    rows,
    columns,
    8,
    0,
  );
  const wide = { ...frameOf(rows, columns, 16), pixelRepresentation: 1 } as const;
  expect(codec.decode(narrow, wide)).toEqual(Int16Array.from(image, (sample) => (sample << 24) >> 24));

  const rescale = { slope: -2, intercept: 100 };
  expect(codec.decodeHu!(bytes, signed, rescale)).toEqual(toHu(expected, signed, rescale));
});

test("a lossy stream that goes beyond Bits Stored is clipped; one without loss loses the bits above", () => {
  const samples = Uint16Array.from(
    { length: 64 },
    (_, i) => [0, 4095, 4096, 4123, 4200, 100, 2000, 8000][i % 8],
  );
  const frame = { ...frameOf(8, 8, 12), bitsAllocated: 16 };
  const size = { rows: 8, columns: 8, precision: 13 };
  const lossy = codec.decode(encodeJpegLs(samples, { ...size, near: 2 }), frame);
  const near = (value: number, wanted: number) => Math.abs(value - wanted) <= 2;
  expect(samples.every((value, i) => near(lossy[i], Math.min(value, 4095)) && lossy[i] <= 4095)).toBe(true);
  const hu = codec.decodeHu!(encodeJpegLs(samples, { ...size, near: 2 }), frame, {
    slope: 1,
    intercept: -1024,
  });
  expect([...hu]).toEqual([...lossy].map((value) => value - 1024));
  const exact = codec.decode(encodeJpegLs(samples, size), frame);
  expect([...exact]).toEqual([...samples].map((value) => value & 4095));
});
