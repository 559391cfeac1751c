export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Minimum, maximum and mean of values as they stream by; sums of a slab in f64, exact for integers. */
export function statisticsOf() {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  return {
    async *through<T extends ArrayLike<number>>(slabs: AsyncIterable<T>): AsyncGenerator<T> {
      for await (const slab of slabs) {
        const part = statisticsOfArray(slab);
        min = Math.min(min, part.min);
        max = Math.max(max, part.max);
        sum += part.sum;
        count += slab.length;
        yield slab;
      }
    },
    result: (): Statistics => ({ min, max, mean: sum / count }),
  };
}

function statisticsOfArray(values: ArrayLike<number>): { min: number; max: number; sum: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { min, max, sum };
}
