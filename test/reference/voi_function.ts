/** PS3.3 C.11.2.1.2.1, LINEAR, line by line: x is HU, the output 0 to 1. */
export function voiLinear(x: number, c: number, w: number): number {
  if (x <= c - 0.5 - (w - 1) / 2) return 0;
  if (x > c - 0.5 + (w - 1) / 2) return 1;
  return (x - (c - 0.5)) / (w - 1) + 0.5;
}

/** PS3.3 C.11.2.1.3.2, LINEAR_EXACT. */
export function voiLinearExact(x: number, c: number, w: number): number {
  if (x <= c - w / 2) return 0;
  if (x > c + w / 2) return 1;
  return (x - c) / w + 0.5;
}

/** PS3.3 C.11.2.1.3.1, SIGMOID. */
export function voiSigmoid(x: number, c: number, w: number): number {
  return 1 / (1 + Math.exp((-4 * (x - c)) / w));
}
