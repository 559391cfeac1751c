/**
 * Has tasks that run side by side read together: what each waits for is asked of the device only when all of
 * them wait, in one round trip. Who reads while no tasks are gathered is served at once; who reads beside
 * them may make a round earlier, never late.
 */
export class GatheredReads<R> {
  readonly #readAll: (readings: readonly R[]) => Promise<void>;
  /** Tasks that may still ask for something before those who wait are served. */
  #running = 0;
  #waiting: Waiting<R>[] = [];

  constructor(readAll: (readings: readonly R[]) => Promise<void>) {
    this.#readAll = readAll;
  }

  read(reading: R): Promise<void> {
    return new Promise((served, failed) => {
      this.#waiting.push({ reading, served, failed });
      this.#serve();
    });
  }

  /**
   * The results in order. Throws the first one's error, when all have ended. A task may gather tasks in its
   * turn.
   */
  async together<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
    // A task that waits for tasks of its own reads nothing meanwhile: these count in its place, and it again
    // after them.
    const isTask = this.#running > 0;
    this.#running += tasks.length - (isTask ? 1 : 0);
    let left = tasks.length;
    const ended = await Promise.allSettled(
      tasks.map(async (task) => {
        try {
          return await task();
        } finally {
          left--;
          if (left > 0 || !isTask) this.#running--;
          this.#serve();
        }
      }),
    );
    return ended.map((end) => {
      if (end.status === "rejected") throw end.reason;
      return end.value;
    });
  }

  #serve(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < this.#running) return;
    const all = this.#waiting;
    this.#waiting = [];
    this.#readAll(all.map(({ reading }) => reading)).then(
      () => {
        for (const { served } of all) served();
      },
      (error) => {
        for (const { failed } of all) failed(error);
      },
    );
  }
}

interface Waiting<R> {
  readonly reading: R;
  served(): void;
  failed(error: unknown): void;
}
