/**
 * The ideal inverse DCT of a block (T.81 A.3.3): 64 dequantized coefficients [v][u] to 64 samples [y][x],
 * without level shift.
 */
export function inverseDct(coefficients: ArrayLike<number>): Float64Array {
  const scale = (n: number) => (n === 0 ? Math.SQRT1_2 : 1);
  const wave = (n: number, x: number) => (scale(n) * Math.cos(((2 * x + 1) * n * Math.PI) / 16)) / 2;
  const samples = new Float64Array(64);
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      for (let v = 0; v < 8; v++) {
        for (let u = 0; u < 8; u++) {
          const coefficient = coefficients[v * 8 + u];
          if (coefficient !== 0) samples[y * 8 + x] += coefficient * wave(v, y) * wave(u, x);
        }
      }
    }
  }
  return samples;
}
