import fs, { type Stats } from "node:fs";
import { promisify } from "node:util";

export interface FileAccess {
  stat(path: string): Promise<Stats>;
  /**
   * Bytes [start, end) of a file, which is opened for it; fewer at its end. In a fresh array over its own
   * buffer.
   */
  read(path: string, start: number, end: number): Promise<Uint8Array>;
}

/** More takes so long that it goes to the threads, wherever it lies. */
const AT_ONCE_BYTES = 2 ** 20;
/** Ten times what a megabyte takes that the system has in memory. */
const SLOW_MS = 2;
/** Calls that the threads get before the caller's thread tries again. */
const CALLS_WHILE_SLOW = 64;
/** How long calls may follow each other before timers, signals and messages get their turn. */
const TURN_MS = 20;

/** By descriptor: a FileHandle costs twice as much to open, read and close. */
const threaded = {
  stat: promisify<string, Stats>(fs.stat),
  open: promisify(fs.open),
  read: promisify(fs.read),
  close: promisify(fs.close),
};

/**
 * Asks the system in the caller's thread while that is quick: what it has in memory takes 0.02 to 0.1 ms, and
 * libuv's threads take as long again to be asked and to answer. Where a call was slow (a disk, a network),
 * the next ones go to the threads, several at a time.
 */
export function createFileAccess(now: () => number = () => performance.now()): FileAccess {
  let threadedCalls = 0;
  let turnEndsMs = now() + TURN_MS;

  async function call<T>(atOnce: () => T, byThread: () => Promise<T>): Promise<T> {
    if (threadedCalls > 0) {
      threadedCalls--;
      return byThread();
    }
    if (now() > turnEndsMs) {
      await new Promise((resolve) => setImmediate(resolve));
      turnEndsMs = now() + TURN_MS;
    }
    const startMs = now();
    try {
      return atOnce();
    } finally {
      if (now() - startMs > SLOW_MS) threadedCalls = CALLS_WHILE_SLOW;
    }
  }

  async function readSome(file: number, bytes: Uint8Array, done: number, position: number): Promise<number> {
    const length = bytes.length - done;
    const byThread = async () => (await threaded.read(file, bytes, done, length, position)).bytesRead;
    if (length > AT_ONCE_BYTES) return byThread();
    return call(() => fs.readSync(file, bytes, done, length, position), byThread);
  }

  return {
    stat: (path) =>
      call(
        () => fs.statSync(path),
        () => threaded.stat(path),
      ),
    async read(path, start, end) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      const file = await call(
        () => fs.openSync(path, "r"),
        () => threaded.open(path, "r"),
      );
      try {
        for (let done = 0; done < bytes.length; ) {
          const read = await readSome(file, bytes, done, start + done);
          if (read === 0) return bytes.slice(0, done);
          done += read;
        }
        return bytes;
      } finally {
        await call(
          () => fs.closeSync(file),
          () => threaded.close(file),
        );
      }
    },
  };
}
