/** The preset parameters of an LSE marker segment, type 1 (T.87 C.2.4.1.1); 0 or absent: the default. */
export interface JpegLsPreset {
  readonly maxval?: number;
  readonly t1?: number;
  readonly t2?: number;
  readonly t3?: number;
  readonly reset?: number;
}

/** What the coding of a scan follows from, named as in T.87. */
export interface JpegLsCoding {
  readonly near: number;
  readonly maxval: number;
  /** Thresholds of gradients, T1 <= T2 <= T3. */
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly reset: number;
  /**
   * Number of values a prediction error can have, the bits of one, and the most bits of a code (T.87 A.2.1).
   */
  readonly range: number;
  readonly qbpp: number;
  readonly limit: number;
}

/** The parameters of a scan with all defaults put in, or what is wrong with them. */
export function codingParameters(
  precision: number,
  near: number,
  preset: JpegLsPreset,
): JpegLsCoding | string {
  const maxval = preset.maxval || 2 ** precision - 1;
  if (maxval >= 2 ** precision) return `MAXVAL ${maxval} does not fit ${precision} bits`;
  if (near > Math.min(255, maxval >> 1)) return `NEAR ${near} is above half of MAXVAL ${maxval}`;
  const [d1, d2, d3] = defaultThresholds(maxval, near);
  const t1 = preset.t1 || d1;
  const t2 = preset.t2 || d2;
  const t3 = preset.t3 || d3;
  if (t1 <= near || t2 < t1 || t3 < t2 || t3 > maxval) {
    return `thresholds ${t1}, ${t2}, ${t3} do not ascend from above NEAR ${near} to MAXVAL ${maxval}`;
  }
  const reset = preset.reset || 64;
  if (reset < 3 || reset > Math.max(255, maxval)) return `RESET ${reset} is out of its range`;
  const range = Math.floor((maxval + 2 * near) / (2 * near + 1)) + 1;
  const bpp = Math.max(2, bitsOf(maxval));
  const limit = 2 * (bpp + Math.max(8, bpp));
  return { near, maxval, t1, t2, t3, reset, range, qbpp: bitsOf(range - 1), limit };
}

/** Bits that numbers from 0 to `most` take. */
function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}

/** T.87 C.2.4.1.1.1. */
function defaultThresholds(maxval: number, near: number): [number, number, number] {
  const clamped = (value: number, least: number) => (value > maxval || value < least ? least : value);
  const [b1, b2, b3] = basicThresholds(maxval, near);
  const t1 = clamped(b1, near + 1);
  const t2 = clamped(b2, t1);
  return [t1, t2, clamped(b3, t2)];
}

/** The basic thresholds 3, 7 and 21 of 8-bit samples, stretched to `maxval`. */
function basicThresholds(maxval: number, near: number): [number, number, number] {
  if (maxval >= 128) {
    const factor = (Math.min(maxval, 4095) + 128) >> 8;
    return [factor + 2 + 3 * near, factor * 4 + 3 + 5 * near, factor * 17 + 4 + 7 * near];
  }
  const factor = Math.floor(256 / (maxval + 1));
  return [
    Math.max(2, Math.floor(3 / factor) + 3 * near),
    Math.max(3, Math.floor(7 / factor) + 5 * near),
    Math.max(4, Math.floor(21 / factor) + 7 * near),
  ];
}
