/** Waiting entries, the highest priority first, and within one priority the oldest. */
export interface TaskQueue<T> {
  readonly length: number;
  /** The next to be taken. There must be one. */
  readonly first: T;
  add(entry: T, priority: number): void;
  /** Removes and returns up to `count` entries from the front. */
  take(count: number): T[];
  /** False where the entry is not waiting (any more). */
  remove(entry: T): boolean;
}

export function createTaskQueue<T>(): TaskQueue<T> {
  const waiting: { entry: T; priority: number }[] = [];
  return {
    get length() {
      return waiting.length;
    },
    get first() {
      return waiting[0].entry;
    },
    add(entry, priority) {
      let at = waiting.length;
      while (at > 0 && waiting[at - 1].priority < priority) at--;
      waiting.splice(at, 0, { entry, priority });
    },
    take: (count) => waiting.splice(0, count).map(({ entry }) => entry),
    remove(entry) {
      const at = waiting.findIndex((candidate) => candidate.entry === entry);
      if (at < 0) return false;
      waiting.splice(at, 1);
      return true;
    },
  };
}
