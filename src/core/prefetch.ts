/**
 * The results of `start(0)`, `start(1)`, ... in order, with up to `ahead` of them under way beside the one
 * waited for. One that fails ends it; those under way are left to end by themselves.
 */
export async function* prefetch<T>(
  count: number,
  ahead: number,
  start: (index: number) => Promise<T>,
): AsyncGenerator<T, void, undefined> {
  const pending: Promise<T>[] = [];
  for (let next = 0, done = 0; done < count; done++) {
    while (next < count && next <= done + ahead) {
      const result = start(next++);
      // Its failure is seen when its turn comes, or not at all.
      result.catch(() => {});
      pending.push(result);
    }
    yield await pending.shift()!;
  }
}
