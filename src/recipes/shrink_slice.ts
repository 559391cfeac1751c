/** For each pixel of a line of pictures, the two of the slice it lies between. */
export interface Taps {
  readonly below: Uint32Array;
  readonly above: Uint32Array;
  /** The share of `above`. */
  readonly weight: Float64Array;
}

/**
 * Where `pixels` pixels lie among `count`: centers to centers over the same length, held at both ends (OpenCV
 * `resize`, INTER_LINEAR).
 */
export function linearTaps(count: number, pixels: number): Taps {
  const at = Array.from({ length: pixels }, (_, i) =>
    Math.min(count - 1, Math.max(0, ((i + 0.5) * count) / pixels - 0.5)),
  );
  return {
    below: Uint32Array.from(at, Math.floor),
    above: Uint32Array.from(at, (place) => Math.min(count - 1, Math.floor(place) + 1)),
    weight: Float64Array.from(at, (place) => place - Math.floor(place)),
  };
}

/** A slice of so many columns, y, x, at the places of `x` and `y`: first along x, then along y. */
export function shrinkSlice(values: Float64Array, columns: number, x: Taps, y: Taps): Float64Array {
  const [width, height] = [x.weight.length, y.weight.length];
  const image = new Float64Array(width * height);
  const between = (row: number, i: number) => {
    const [low, high] = [values[row + x.below[i]], values[row + x.above[i]]];
    return low + (high - low) * x.weight[i];
  };
  for (let j = 0; j < height; j++) {
    const [below, above] = [y.below[j] * columns, y.above[j] * columns];
    for (let i = 0; i < width; i++) {
      const low = between(below, i);
      image[j * width + i] = low + (between(above, i) - low) * y.weight[j];
    }
  }
  return image;
}
