/** Typed events: `E` names each and what its listeners are given. */
export interface Emitter<E> {
  /** Calls `listener` at each event of this type until the call it gives is made. */
  on<T extends keyof E>(type: T, listener: (event: E[T]) => void): () => void;
  /**
   * Gives whether anybody listened. A listener that throws does not keep the others from hearing: its error
   * is reported.
   */
  emit<T extends keyof E>(type: T, event: E[T]): boolean;
  clear(): void;
}

export function createEmitter<E>(): Emitter<E> {
  const listeners: { [T in keyof E]?: Set<(event: E[T]) => void> } = {};
  return {
    on(type, listener) {
      const set = (listeners[type] ??= new Set());
      set.add(listener);
      return () => set.delete(listener);
    },
    emit(type, event) {
      const set = [...(listeners[type] ?? [])];
      for (const listener of set) {
        try {
          listener(event);
        } catch (error) {
          reportError(error);
        }
      }
      return set.length > 0;
    },
    clear() {
      for (const type in listeners) delete listeners[type];
    },
  };
}
