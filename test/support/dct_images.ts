import type { FrameDescription } from "../../src/core/frame.js";
import { inverseDct } from "../reference/inverse_dct.js";
import type { DctImage, ScanPlan } from "./dct_encode.js";
import { randomInteger } from "./random.js";

/** T.81 figure A.6: the place v * 8 + u of each coefficient in zigzag order. */
const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
];

/**
 * Blocks from empty to full, short and long runs, small and large values; quantized so that most samples are
 * within range.
 */
export function randomDctImage(
  random: () => number,
  size: { rows: number; columns: number; precision: 8 | 12 },
  widest = 255,
): DctImage {
  const blocks = Math.ceil(size.rows / 8) * Math.ceil(size.columns / 8);
  const quantization = Uint16Array.from({ length: 64 }, () => randomInteger(random, 1, widest));
  const range = 2 ** (size.precision + 2);
  const coefficients = new Int16Array(blocks * 64);
  for (let block = 0; block < blocks; block++) {
    const density = [0, 0.02, 0.1, 0.5, 1][randomInteger(random, 0, 4)];
    const strength = random() ** 4;
    for (let k = 0; k < 64; k++) {
      if (k > 0 && random() >= density) continue;
      const most = Math.floor((range * (k === 0 ? 1 : strength)) / quantization[k]);
      coefficients[block * 64 + k] = randomInteger(random, -most, most);
    }
  }
  return { ...size, coefficients, quantization };
}

/**
 * The image of these samples, quantized by a table in zigzag order: the forward DCT (T.81 A.3.3), edges
 * repeated.
 */
export function dctImageOf(
  samples: ArrayLike<number>,
  size: { rows: number; columns: number; precision: 8 | 12 },
  quantization: Uint16Array,
): DctImage {
  const { rows, columns, precision } = size;
  const [down, across] = [Math.ceil(rows / 8), Math.ceil(columns / 8)];
  const coefficients = new Int16Array(down * across * 64);
  const block = new Float64Array(64);
  for (let n = 0; n < down * across; n++) {
    const [top, left] = [Math.floor(n / across) * 8, (n % across) * 8];
    for (let i = 0; i < 64; i++) {
      const y = Math.min(rows - 1, top + (i >> 3));
      const x = Math.min(columns - 1, left + (i & 7));
      block[i] = samples[y * columns + x] - 2 ** (precision - 1);
    }
    const transformed = forwardDct(block);
    ZIGZAG.forEach((place, k) => {
      coefficients[n * 64 + k] = Math.round(transformed[place] / quantization[k]);
    });
  }
  return { ...size, coefficients, quantization };
}

/** Rows, then columns: 64 samples [y][x] to 64 coefficients [v][u]. */
function forwardDct(samples: Float64Array): Float64Array {
  const result = samples.slice();
  for (const [step, stride] of [
    [8, 1],
    [1, 8],
  ]) {
    for (let line = 0; line < 8; line++) {
      const at = (n: number) => line * step + n * stride;
      const points = Array.from({ length: 8 }, (_, n) => result[at(n)]);
      for (let u = 0; u < 8; u++) {
        const sum = points.reduce((total, point, n) => total + point * COSINES[u * 8 + n], 0);
        result[at(u)] = sum * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
      }
    }
  }
  return result;
}

const COSINES = Float64Array.from({ length: 64 }, (_, i) =>
  Math.cos(((2 * (i & 7) + 1) * (i >> 3) * Math.PI) / 16),
);

/** The samples as T.81 defines them, level-shifted and clamped but not rounded; rows x columns. */
export function idealSamples(image: DctImage): Float64Array {
  const { rows, columns, precision, coefficients, quantization } = image;
  const across = Math.ceil(columns / 8);
  const samples = new Float64Array(rows * columns);
  for (let block = 0; block < coefficients.length / 64; block++) {
    const dequantized = new Float64Array(64);
    ZIGZAG.forEach((place, k) => {
      dequantized[place] = coefficients[block * 64 + k] * quantization[k];
    });
    inverseDct(dequantized).forEach((value, i) => {
      const y = Math.floor(block / across) * 8 + (i >> 3);
      const x = (block % across) * 8 + (i & 7);
      if (y >= rows || x >= columns) return;
      samples[y * columns + x] = Math.min(2 ** precision - 1, Math.max(0, value + 2 ** (precision - 1)));
    });
  }
  return samples;
}

export function frameOf(
  { rows, columns, precision }: { rows: number; columns: number; precision: number },
  rest: Partial<FrameDescription> = {},
): FrameDescription {
  return {
    transferSyntax: "1.2.840.10008.1.2.4.51",
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated: precision > 8 ? 16 : 8,
    bitsStored: precision,
    highBit: precision - 1,
    pixelRepresentation: 0,
    ...rest,
  };
}

/**
 * Spectral selection and successive approximation, both at random: DC first, every coefficient down to its
 * last bit.
 */
export function randomScans(random: () => number): ScanPlan[] {
  const scans: ScanPlan[] = downFrom(0, 0, randomInteger(random, 0, 3));
  const bands: ScanPlan[][] = [];
  for (let first = 1; first < 64; ) {
    const last = random() < 0.3 ? 63 : randomInteger(random, first, 63);
    bands.push(downFrom(first, last, randomInteger(random, 0, 3)));
    first = last + 1;
  }
  // Bands in turns, each in its own order, after the first scan of DC.
  const [dc, ...dcMore] = scans;
  const waiting = [dcMore, ...bands].filter((band) => band.length > 0);
  const mixed = [dc];
  while (waiting.length > 0) {
    const index = randomInteger(random, 0, waiting.length - 1);
    mixed.push(waiting[index].shift()!);
    if (waiting[index].length === 0) waiting.splice(index, 1);
  }
  return mixed;
}

function downFrom(first: number, last: number, bits: number): ScanPlan[] {
  const scans = [{ first, last, high: 0, low: bits }];
  for (let low = bits - 1; low >= 0; low--) scans.push({ first, last, high: low + 1, low });
  return scans;
}
