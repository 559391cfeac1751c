interface Destroyable {
  destroy(): void;
}

/** What a task has allocated so far; see `withScratch`. */
export interface Scratch {
  /** Takes charge of `thing` until the task ends. */
  own<T extends Destroyable>(thing: T): T;
  /** Frees `thing` now, before the task ends. */
  free(thing: Destroyable): void;
  /** Gives `thing` back: it outlives the task, as its result. */
  release<T extends Destroyable>(thing: T): T;
}

/** For those who end the task themselves, as generators do: `end` frees all that is still owned. */
export function createScratch(): { scratch: Scratch; end: () => void } {
  const owned = new Set<Destroyable>();
  const scratch: Scratch = {
    own(thing) {
      owned.add(thing);
      return thing;
    },
    free(thing) {
      owned.delete(thing);
      thing.destroy();
    },
    release(thing) {
      owned.delete(thing);
      return thing;
    },
  };
  const end = () => {
    for (const thing of owned) thing.destroy();
    owned.clear();
  };
  return { scratch, end };
}

/** Runs `task` and frees all that it still owns when it ends, in whatever way: done, failed or aborted. */
export async function withScratch<T>(task: (scratch: Scratch) => Promise<T>): Promise<T> {
  const { scratch, end } = createScratch();
  try {
    return await task(scratch);
  } finally {
    end();
  }
}
