import { HounsfieldError } from "../../core/errors.js";

/** Things that take a while to make, each made once, at its first use, under a key of its own. */
export interface Lazily<K, T> {
  /** Undefined where it is there already; else resolves when it is, and rejects when it cannot be made. */
  prepare(key: K): Promise<void> | undefined;
  /** What was prepared before; else throws `internal`. */
  get(key: K): T;
}

/** Keys are plain data: those that read the same are the same. */
export function lazily<K, T>(make: (key: K) => Promise<T>): Lazily<K, T> {
  const made = new Map<string, T>();
  const making = new Map<string, Promise<void>>();
  return {
    prepare(key) {
      const name = JSON.stringify(key);
      if (made.has(name)) return undefined;
      const known = making.get(name);
      if (known) return known;
      const promise = make(key).then(
        (thing) => {
          made.set(name, thing);
        },
        (error) => {
          making.delete(name);
          throw error;
        },
      );
      making.set(name, promise);
      return promise;
    },
    get(key) {
      const thing = made.get(JSON.stringify(key));
      if (thing === undefined) throw notPrepared(JSON.stringify(key));
      return thing;
    },
  };
}

/** A frame asked for what it had not waited for: no caller of the library can bring that about. */
export function notPrepared(what: string): HounsfieldError {
  return new HounsfieldError("internal", `${what} was drawn with before it was prepared`);
}
