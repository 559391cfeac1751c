/** Uniform numbers in [0, 1), the same for a seed everywhere (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An integer of [least, most]. */
export function randomInteger(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** Bytes that nothing compresses. */
export function randomBytes(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random() * 256);
}

/** How many random cases a test makes: `usual`, or what `npm run fuzz:calls` asks for. */
export function fuzzCases(usual: number): number {
  return Number(process.env.HOUNSFIELD_FUZZ_CASES ?? usual);
}

/** A seed of each name's own, of the run's seed. */
export function fuzzSeed(name: string): number {
  const run = Number(process.env.HOUNSFIELD_FUZZ_SEED ?? 1);
  return Array.from(name).reduce((seed, letter) => Math.imul(seed, 31) + letter.charCodeAt(0), run);
}
