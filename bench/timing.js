/** Call the result for the milliseconds since: CPU time of all threads of this process, and wall time. */
export function stopwatch() {
  const wall = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { cpu: (user + system) / 1000, wall: performance.now() - wall };
  };
}

/**
 * What each of `runs` gave in each round but the first, which warms up. In every round each runs once, one
 * after the other.
 * @template Result
 * @param {number} rounds
 * @param {readonly { readonly key: string, readonly run: () => Result | Promise<Result> }[]} runs
 * @returns {Promise<Map<string, Result[]>>}
 */
export async function interleave(rounds, runs) {
  /** @type {Map<string, Result[]>} */
  const results = new Map(runs.map(({ key }) => [key, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { key, run } of runs) {
      const result = await run();
      if (round > 0) results.get(key)?.push(result);
    }
  }
  return results;
}

/** @param {readonly number[]} values */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0] };
}
