import { Decoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import { describe, expect, test } from "vitest";
import { huffmanCodes, optimalHuffmanSpec } from "../../src/phantom/jpeg_huffman.js";
import { encodeJpegLossless, type JpegLosslessOptions } from "../../src/phantom/jpeg_lossless_encode.js";
import type { JpegPredictor } from "../../src/phantom/jpeg_predict.js";

const PREDICTORS: readonly JpegPredictor[] = [1, 2, 3, 4, 5, 6, 7];
const SIZES = [
  [1, 1],
  [1, 7],
  [9, 1],
  [2, 2],
  [17, 31],
  [64, 48],
] as const;

/** One for the whole file: building its tables takes longer than decoding these images. */
const judgeDecoder = new Decoder();

/**
 * The outside judge. Its subset: no restarts but with predictor 1, no point transform, 7 without wrap-around.
 */
function judge(bytes: Uint8Array<ArrayBuffer>, precision: number): Uint16Array {
  judgeDecoder.restartInterval = 0;
  judgeDecoder.markerIndex = 0;
  return Uint16Array.from(judgeDecoder.decode(bytes.buffer, 0, bytes.length, precision > 8 ? 2 : 1));
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const IMAGES = {
  noise: (rows: number, columns: number, precision: number) => {
    const next = random(rows * 1000 + columns + precision);
    return Uint16Array.from({ length: rows * columns }, () => Math.floor(next() * 2 ** precision));
  },
  smooth: (rows: number, columns: number, precision: number) => {
    const half = 2 ** (precision - 1) - 0.5;
    return Uint16Array.from({ length: rows * columns }, (_, i) =>
      Math.round(half + half * Math.sin((i % columns) / 9) * Math.cos(Math.floor(i / columns) / 7)),
    );
  },
  constant: (rows: number, columns: number, precision: number) =>
    new Uint16Array(rows * columns).fill(2 ** precision - 1),
};

/**
 * T.81 Annex H read literally, bit by bit: for restarts with any predictor and point transforms, which the
 * outside judge does not follow.
 */
function plainDecode(bytes: Uint8Array): Uint16Array {
  const u16 = (at: number) => bytes[at] * 256 + bytes[at + 1];
  let at = 2;
  let rows = 0;
  let columns = 0;
  let precision = 0;
  let interval = 0;
  const symbolOf = new Map<string, number>();
  for (; bytes[at + 1] !== 0xda; at += 2 + u16(at + 2)) {
    const body = at + 4;
    if (bytes[at + 1] === 0xc3) [precision, rows, columns] = [bytes[body], u16(body + 1), u16(body + 3)];
    if (bytes[at + 1] === 0xdd) interval = u16(body);
    if (bytes[at + 1] === 0xc4) {
      let code = 0;
      let symbol = body + 17;
      for (let length = 1; length <= 16; length++, code *= 2)
        for (let n = 0; n < bytes[body + length]; n++, code++)
          symbolOf.set(code.toString(2).padStart(length, "0"), bytes[symbol++]);
    }
  }
  const predictor = bytes[at + 7];
  const shift = bytes[at + 9] & 15;
  at += 2 + u16(at + 2);
  const segments: string[] = [""];
  for (; !(bytes[at] === 0xff && bytes[at + 1] === 0xd9); at++) {
    if (bytes[at] === 0xff && bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7) {
      expect(bytes[at + 1]).toBe(0xd0 + ((segments.length - 1) % 8));
      segments.push("");
      at++;
      continue;
    }
    segments[segments.length - 1] += bytes[at].toString(2).padStart(8, "0");
    if (bytes[at] === 0xff && bytes[++at] !== 0) throw new Error(`byte ${at} is not stuffed`);
  }
  expect(at + 2).toBe(bytes.length);

  const sample = new Uint16Array(rows * columns);
  segments.forEach((bits, part) => {
    let cursor = 0;
    const first = part * interval;
    const end = interval > 0 ? Math.min(first + interval, sample.length) : sample.length;
    for (let i = first; i < end; i++) {
      let word = "";
      while (!symbolOf.has(word)) {
        word += bits[cursor++];
        if (word.length > 16) throw new Error(`no code is ${word}`);
      }
      const ssss = symbolOf.get(word)!;
      let difference = ssss === 16 ? 32768 : 0;
      if (ssss > 0 && ssss < 16) {
        difference = Number.parseInt(bits.slice(cursor, cursor + ssss), 2);
        if (difference < 2 ** (ssss - 1)) difference -= 2 ** ssss - 1;
        cursor += ssss;
      }
      const [ra, rb, rc] = [sample[i - 1], sample[i - columns], sample[i - columns - 1]];
      const firstRow = i < first + columns;
      let prediction = [
        0,
        ra,
        rb,
        rc,
        ra + rb - rc,
        ra + ((rb - rc) >> 1),
        rb + ((ra - rc) >> 1),
        (ra + rb) >> 1,
      ][predictor];
      if (firstRow) prediction = i === first ? 2 ** (precision - shift - 1) : ra;
      else if (i % columns === 0) prediction = rb;
      sample[i] = prediction + difference;
    }
    expect(bits.length - cursor).toBeLessThan(8);
    expect(bits.slice(cursor)).toMatch(/^1*$/);
  });
  return sample.map((value) => value << shift);
}

describe.each(Object.entries(IMAGES))("JPEG Lossless of a %s image", (_name, image) => {
  test.each(PREDICTORS)("predictor %i is exact in every size, precision and table", (predictor) => {
    for (const [rows, columns] of SIZES) {
      for (const precision of [2, 8, 12, 16]) {
        for (const huffman of ["fixed", "optimal"] as const) {
          const values = image(rows, columns, precision);
          const bytes = encodeJpegLossless(values, { rows, columns, precision, predictor, huffman });
          expect(plainDecode(bytes)).toEqual(values);
          // The judge halves without rounding in predictor 7, which shows where 16-bit differences wrap.
          if (predictor !== 7 || precision < 16) expect(judge(bytes, precision)).toEqual(values);
        }
      }
    }
  });

  test("restarts begin each interval anew, with any predictor", () => {
    const [rows, columns, precision] = [23, 19, 12];
    const values = image(rows, columns, precision);
    for (const predictor of PREDICTORS) {
      for (const restartRows of [1, 2, 5, 23, 40]) {
        const bytes = encodeJpegLossless(values, { rows, columns, precision, predictor, restartRows });
        expect(plainDecode(bytes)).toEqual(values);
        if (predictor === 1) expect(judge(bytes, precision)).toEqual(values);
      }
    }
  });

  test("a point transform drops low bits and nothing else", () => {
    const [rows, columns, precision] = [11, 13, 12];
    const values = image(rows, columns, precision);
    for (const pointTransform of [1, 4, 11]) {
      const bytes = encodeJpegLossless(values, { rows, columns, precision, pointTransform, predictor: 4 });
      expect(plainDecode(bytes)).toEqual(values.map((value) => (value >> pointTransform) << pointTransform));
    }
  });
});

test("the difference of 32768 is category 16, without further bits", () => {
  const values = Uint16Array.of(0, 32768, 0, 65535, 32767, 32768);
  for (const huffman of ["fixed", "optimal"] as const) {
    const bytes = encodeJpegLossless(values, { rows: 1, columns: 6, precision: 16, huffman });
    expect(judge(bytes, 16)).toEqual(values);
    expect(plainDecode(bytes)).toEqual(values);
  }
});

test("signed values are coded as two's complement of the precision", () => {
  const values = Int16Array.of(-2048, 2047, -1, 0, 1, -1000);
  const bytes = encodeJpegLossless(values, { rows: 2, columns: 3, precision: 12 });
  expect(judge(bytes, 12)).toEqual(Uint16Array.from(values, (value) => value & 0xfff));
});

test("an optimal table is never longer than the fixed one, and shorter than 12 packed bits on a smooth image", () => {
  const values = IMAGES.smooth(128, 128, 12);
  const size = (huffman: "fixed" | "optimal") =>
    encodeJpegLossless(values, { rows: 128, columns: 128, precision: 12, huffman }).length;
  expect(size("optimal")).toBeLessThanOrEqual(size("fixed"));
  expect(size("optimal")).toBeLessThan(128 * 128 * 1.5);
});

describe("Huffman tables", () => {
  test("stay within 16 bits and leave the word of all ones free, however skewed the counts", () => {
    // Fibonacci counts give the deepest tree there is: 17 symbols would need 17 bits.
    const fibonacci = [1, 1];
    while (fibonacci.length < 17)
      fibonacci.push(fibonacci[fibonacci.length - 1] + fibonacci[fibonacci.length - 2]);
    for (const frequency of [fibonacci, [5], [0, 0, 9], [1, 1], fibonacci.map((n) => n ** 2)]) {
      const spec = optimalHuffmanSpec(frequency);
      const codes = huffmanCodes(spec);
      const kraft = spec.countPerLength.reduce((sum, n, i) => sum + n / 2 ** (i + 1), 0);
      expect(kraft).toBeLessThan(1);
      expect(spec.countPerLength.length).toBe(16);
      frequency.forEach((count, symbol) => {
        if (count === 0) return;
        expect(codes.length[symbol]).toBeGreaterThan(0);
        expect(codes.code[symbol]).toBeLessThan(2 ** codes.length[symbol] - 1);
      });
    }
  });

  test("give the frequent symbols the short codes", () => {
    const { length } = huffmanCodes(optimalHuffmanSpec([100, 10, 50, 1, 0]));
    expect([...length.slice(0, 5)]).toEqual([1, 3, 2, 4, 0]);
  });
});

test.each([
  ["rows", { rows: 0 }],
  ["columns", { columns: 65536 }],
  ["precision", { precision: 17 }],
  ["pointTransform", { pointTransform: 12 }],
  ["restartRows", { restartRows: 65535 }],
  ["values.length", { rows: 3 }],
] satisfies [string, Partial<JpegLosslessOptions>][])("%s out of range is refused by name", (name, wrong) => {
  const encode = () =>
    encodeJpegLossless(new Uint16Array(4), { rows: 2, columns: 2, precision: 12, ...wrong });
  expect(encode).toThrow(`JPEG Lossless: ${name} is`);
});

test("a value beyond the precision is refused", () => {
  const encode = () => encodeJpegLossless(Uint16Array.of(4096), { rows: 1, columns: 1, precision: 12 });
  expect(encode).toThrow(expect.objectContaining({ code: "invalid-option" }));
});
