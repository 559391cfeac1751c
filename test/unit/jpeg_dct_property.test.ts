import { describe, expect, test } from "vitest";
import { rowPitch } from "../../src/core/frame.js";
import { createJpegDctCodec } from "../../src/decode/codecs/jpeg_dct/jpeg_dct.js";
import { type DctEncoding, type DctImage, encodeDct, type ScanPlan } from "../support/dct_encode.js";
import { dctImageOf, frameOf, idealSamples, randomDctImage, randomScans } from "../support/dct_images.js";
import { differenceOf } from "../support/dct_reference.js";
import { randomInteger, seededRandom } from "../support/random.js";

const codec = await createJpegDctCodec();

/** Rounded to nearest from the ideal samples; 0.01 is for what float arithmetic makes of a half. */
function expectIdeal(image: DctImage, encoding: DctEncoding): void {
  const values = codec.decode(encodeDct(image, encoding), frameOf(image));
  const ideal = idealSamples(image);
  expect(values.length).toBe(ideal.length);
  const wrong = ideal.findIndex((sample, i) => Math.abs(values[i] - sample) > 0.51);
  if (wrong >= 0) expect({ wrong, got: values[wrong] }).toEqual({ wrong, got: ideal[wrong] });
}

function randomSize(random: () => number) {
  return { rows: randomInteger(random, 1, 50), columns: randomInteger(random, 1, 50) };
}

describe.each([
  ["baseline", 0xc0, 8],
  ["extended", 0xc1, 8],
  ["extended", 0xc1, 12],
  ["progressive", 0xc2, 8],
  ["progressive", 0xc2, 12],
] as const)("%s (SOF %i), %i bits", (_, sof, precision) => {
  test("60 random images of random sizes, tables and restart intervals", () => {
    const random = seededRandom(sof * 16 + precision);
    for (let n = 0; n < 60; n++) {
      const wideQuantization = sof !== 0xc0 && random() < 0.3;
      const widest = wideQuantization ? 2000 : 255;
      const image = randomDctImage(random, { ...randomSize(random), precision }, widest);
      const restartInterval = random() < 0.5 ? 0 : randomInteger(random, 1, 12);
      const scans = sof === 0xc2 ? randomScans(random) : undefined;
      const lateLineCount = random() < 0.2;
      expectIdeal(image, { sof, restartInterval, scans, wideQuantization, lateLineCount });
    }
  });
});

test("ends of more bands in a row than one symbol can count", () => {
  const coefficients = new Int16Array(40000 * 64);
  coefficients.set([1, 2, 3], 35000 * 64 + 4);
  const quantization = new Uint16Array(64).fill(10);
  const image: DctImage = { rows: 64, columns: 40000, precision: 12, coefficients, quantization };
  const scans: ScanPlan[] = [
    { first: 0, last: 0, high: 0, low: 0 },
    { first: 1, last: 63, high: 0, low: 1 },
    { first: 1, last: 63, high: 1, low: 0 },
  ];
  expectIdeal(image, { sof: 0xc2, scans });
});

test("an image, transformed, finely quantized and coded, comes back to 1", () => {
  const random = seededRandom(6);
  for (const precision of [8, 12] as const) {
    const size = { rows: 45, columns: 39, precision };
    const samples = Array.from({ length: size.rows * size.columns }, () =>
      randomInteger(random, 0, 2 ** precision - 1),
    );
    const image = dctImageOf(samples, size, new Uint16Array(64).fill(1));
    for (const sof of [0xc1, 0xc2]) {
      const scans = sof === 0xc2 ? randomScans(random) : undefined;
      const values = codec.decode(encodeDct(image, { sof, scans }), frameOf(image));
      expect(differenceOf(values, samples).largest).toBeLessThanOrEqual(1);
    }
  }
});

test("skipped segments, fill bytes before markers, no EOI", () => {
  const image = randomDctImage(seededRandom(7), { rows: 20, columns: 30, precision: 8 });
  const extra = [0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xff, 0xfe, 0, 3, 65, 0xff, 0xff, 0xef, 0, 2];
  expectIdeal(image, { sof: 0xc0, extra });
  for (const sof of [0xc0, 0xc2]) {
    const scans = sof === 0xc2 ? randomScans(seededRandom(8)) : undefined;
    const whole = encodeDct(image, { sof, scans });
    const values = codec.decode(whole, frameOf(image));
    expect(codec.decode(whole.subarray(0, -1), frameOf(image))).toEqual(values);
    expect(codec.decode(whole.subarray(0, -2), frameOf(image))).toEqual(values);
    expect(codec.decode(Uint8Array.of(...whole, 0, 0, 77), frameOf(image))).toEqual(values);
  }
});

test("a progressive frame may end before its last bits where EOI says so, and not otherwise", () => {
  const image = randomDctImage(seededRandom(9), { rows: 24, columns: 24, precision: 12 });
  const scans: ScanPlan[] = [
    { first: 0, last: 0, high: 0, low: 0 },
    { first: 1, last: 5, high: 0, low: 2 },
  ];
  const bytes = encodeDct(image, { sof: 0xc2, scans });
  const kept = { ...image, coefficients: image.coefficients.slice() };
  for (let i = 0; i < kept.coefficients.length; i++) {
    const k = i % 64;
    if (k > 5) kept.coefficients[i] = 0;
    else if (k > 0) kept.coefficients[i] = Math.trunc(kept.coefficients[i] / 4) * 4;
  }
  const ideal = idealSamples(kept);
  const values = codec.decode(bytes, frameOf(image));
  expect(ideal.findIndex((sample, i) => Math.abs(values[i] - sample) > 0.51)).toBe(-1);
  expect(() => codec.decode(bytes.subarray(0, -2), frameOf(image))).toThrow(
    expect.objectContaining({ code: "truncated" }),
  );
});

test("HU, signs and containers from the same samples", () => {
  const image = randomDctImage(seededRandom(11), { rows: 11, columns: 13, precision: 12 });
  const bytes = encodeDct(image, { sof: 0xc1 });
  const stored = codec.decode(bytes, frameOf(image));
  const signed = codec.decode(bytes, frameOf(image, { pixelRepresentation: 1 }));
  expect(signed).toBeInstanceOf(Int16Array);
  expect([...signed]).toEqual([...stored].map((value) => (value ^ 2048) - 2048));
  for (const rescale of [
    { slope: 2, intercept: -1024 },
    { slope: 0.5, intercept: 3 },
  ]) {
    const hu = codec.decodeHu!(bytes, frameOf(image), rescale);
    const pitch = rowPitch(13);
    expect(hu.length).toBe(11 * pitch);
    const wanted = [...stored].map((value) => {
      const exact = value * rescale.slope + rescale.intercept;
      return Math.sign(exact) * Math.round(Math.abs(exact));
    });
    const got = Array.from({ length: 11 * 13 }, (_, i) => hu[Math.floor(i / 13) * pitch + (i % 13)]);
    expect(got.map((value) => value + 0)).toEqual(wanted.map((value) => value + 0));
  }
  const small = randomDctImage(seededRandom(12), { rows: 9, columns: 9, precision: 8 });
  const bytes8 = encodeDct(small, { sof: 0xc0 });
  const in8 = codec.decode(bytes8, frameOf(small));
  expect(in8).toBeInstanceOf(Uint8Array);
  const in16 = codec.decode(bytes8, frameOf(small, { bitsAllocated: 16, bitsStored: 12, highBit: 11 }));
  expect(in16).toBeInstanceOf(Uint16Array);
  expect([...in16]).toEqual([...in8]);
});
