/** The published recipe, a slice at a time, and plainly: docs/cohorts.md. */
export function publishedSlice(
  slice: readonly number[],
  mask: readonly number[] | undefined,
  px: number,
): number[] {
  const scaled = (values: readonly number[]) => {
    const low = values.reduce((least, value) => Math.min(least, value));
    const high = values.reduce((most, value) => Math.max(most, value));
    return values.map((value) => (high > low ? (value - low) / (high - low) : high === 0 ? 0 : value / high));
  };
  return scaled(
    resized(
      scaled(slice).map((value, i) => (mask && !mask[i] ? 0 : value)),
      px,
    ),
  );
}

/** By the formula of OpenCV's INTER_LINEAR, for each pixel. */
function resized(values: readonly number[], px: number): number[] {
  const n = Math.sqrt(values.length);
  const held = (i: number) => Math.min(n - 1, Math.max(0, i));
  const place = (i: number) => ((i + 0.5) * n) / px - 0.5;
  return Array.from({ length: px * px }, (_, at) => {
    const [x, y] = [place(at % px), place(Math.floor(at / px))];
    let sum = 0;
    for (const dy of [0, 1])
      for (const dx of [0, 1]) {
        const weight =
          (dx ? x - Math.floor(x) : 1 - x + Math.floor(x)) * (dy ? y - Math.floor(y) : 1 - y + Math.floor(y));
        sum += weight * values[held(Math.floor(y) + dy) * n + held(Math.floor(x) + dx)];
      }
    return sum;
  });
}
