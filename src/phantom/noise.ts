/** Deterministic noise from integer hashes: the same seed gives the same phantom on every machine. */

/**
 * 32 well mixed bits of three integers and a seed (the finalizer of MurmurHash3 over a linear combination).
 */
export function hash3(i: number, j: number, k: number, seed: number): number {
  let h =
    Math.imul(i, 0x27d4eb2f) ^
    Math.imul(j, 0x165667b1) ^
    Math.imul(k, 0x9e3779b1) ^
    Math.imul(seed, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform numbers in [0, 1), one a call. */
export function randomStream(seed: number): () => number {
  let count = 0;
  return () => hash3(count++, 0x5bd1, 0x1b87, seed) / 2 ** 32;
}

/** Smooth noise in about -1..1, of feature size 1: hashed lattice values, blended by smoothsteps. */
export function valueNoise(x: number, y: number, z: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  const u = smoothstep(x - i);
  const v = smoothstep(y - j);
  const w = smoothstep(z - k);
  return mix(latticePlane(i, j, k, u, v, seed), latticePlane(i, j, k + 1, u, v, seed), w);
}

function latticePlane(i: number, j: number, k: number, u: number, v: number, seed: number): number {
  const low = mix(lattice(i, j, k, seed), lattice(i + 1, j, k, seed), u);
  const high = mix(lattice(i, j + 1, k, seed), lattice(i + 1, j + 1, k, seed), u);
  return mix(low, high, v);
}

function lattice(i: number, j: number, k: number, seed: number): number {
  return hash3(i, j, k, seed) / 2 ** 31 - 1;
}

function smoothstep(t: number): number {
  return t * t * (3 - 2 * t);
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/**
 * Noise of one slice (rows x columns) of standard deviation 1, near to Gaussian, and correlated between
 * neighbors as the reconstruction filter of a scanner makes it.
 */
export function sliceNoise(columns: number, rows: number, slice: number, seed: number): Float32Array {
  const white = new Float32Array(columns * rows);
  for (let i = 0; i < white.length; i++) {
    // Four bytes of one hash: their sum has standard deviation 2 * 73.9.
    const h = hash3(i, slice, 0, seed);
    white[i] = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510;
  }
  const rowsDone = blurred(white, 1, columns, rows);
  const out = blurred(rowsDone, columns, columns, rows);
  // The weights 1 4 1 over 6 keep sqrt(18) / 6 of the deviation, in each of two directions.
  const scale = 1 / (147.8 * 0.5);
  for (let i = 0; i < out.length; i++) out[i] *= scale;
  return out;
}

/** Weights 1 4 1 along one direction; wraps at the ends, which keeps the deviation there. */
function blurred(values: Float32Array, step: number, columns: number, rows: number): Float32Array {
  const count = columns * rows;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const before = i >= step ? i - step : i - step + count;
    const after = i + step < count ? i + step : i + step - count;
    out[i] = (values[before] + 4 * values[i] + values[after]) / 6;
  }
  return out;
}
