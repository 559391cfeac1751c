interface Destroyable {
  destroy(): void;
}

/** A user's hold on something shared. */
export interface Lease<T> {
  readonly value: T;
  /** Idempotent; the last one destroys the value. */
  release(): void;
}

interface Entry {
  readonly made: Promise<Destroyable>;
  users: number;
}

/** What several users make of one thing and share: made for the first of them, destroyed after the last. */
export class RefCountedCache {
  readonly #entries = new Map<unknown, Entry>();

  /**
   * A key is a name or an object; `make` must give the same type for the same key. Rejects as `make` does,
   * and then keeps nothing.
   */
  async take<T extends Destroyable>(key: unknown, make: () => Promise<T>): Promise<Lease<T>> {
    const entry = this.#entries.get(key) ?? { made: make(), users: 0 };
    this.#entries.set(key, entry);
    entry.users++;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      if (--entry.users > 0) return;
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      entry.made.then(
        (value) => value.destroy(),
        () => {},
      );
    };
    try {
      return { value: (await entry.made) as T, release };
    } catch (error) {
      release();
      throw error;
    }
  }
}
