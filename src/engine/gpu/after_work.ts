/** Milliseconds to the second poke, how much longer each next one waits, and the longest. */
const FIRST_MS = 1;
const GROWTH = 1.5;
const LONGEST_MS = 16;

/**
 * What `waiting`, a promise of the queue's progress (`onSubmittedWorkDone`, `mapAsync`), resolves to, as soon
 * as it may: the queue is poked with empty submits until then. Firefox looks whether work is done only when
 * something is submitted, or every 100 ms (Mozilla bug 1870699), so unpoked each wait costs 100 ms there;
 * poked 0.7 ms. One of them takes 40 us and less elsewhere, and Dawn answers sooner with it too (0.08 ms
 * instead of 0.5), so all devices are poked alike, and at once. The pauses grow: what has taken long may be
 * seen a little later.
 */
export async function afterWork<T>(queue: Pick<GPUQueue, "submit">, waiting: Promise<T>): Promise<T> {
  let pauseMs = FIRST_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const poke = () => {
    queue.submit([]);
    timer = setTimeout(poke, pauseMs);
    pauseMs = Math.min(LONGEST_MS, pauseMs * GROWTH);
  };
  poke();
  try {
    return await waiting;
  } finally {
    clearTimeout(timer);
  }
}
