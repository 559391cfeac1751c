/**
 * Bytes that may be in use at a time, shared by tasks that do not know of each other. First come, first
 * served.
 */
export interface ByteBudget {
  /**
   * Resolves when `bytes` are free, or when nothing else is in use: a request larger than the whole budget
   * runs alone.
   */
  take(bytes: number): Promise<void>;
  giveBack(bytes: number): void;
}

export function createByteBudget(total: number): ByteBudget {
  const waiting: { readonly bytes: number; readonly resume: () => void }[] = [];
  let used = 0;
  const fits = (bytes: number) => used === 0 || used + bytes <= total;
  return {
    take(bytes) {
      if (waiting.length === 0 && fits(bytes)) {
        used += bytes;
        return Promise.resolve();
      }
      return new Promise((resume) => waiting.push({ bytes, resume }));
    },
    giveBack(bytes) {
      used -= bytes;
      while (waiting.length > 0 && fits(waiting[0].bytes)) {
        const next = waiting.shift()!;
        used += next.bytes;
        next.resume();
      }
    },
  };
}
