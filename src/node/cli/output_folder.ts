import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { HounsfieldError } from "../../core/errors.js";
import { partialPrefix, REPORT_NAME, reportedFiles, sweepPartials, syncFolder } from "./left_behind.js";
import { OutputLock } from "./output_lock.js";

export type Chunk = Uint8Array | Int16Array | Float32Array;

/** A file of an OutputFolder while it is written. */
export interface OpenedFile {
  write(chunk: Chunk): void;
  /** All is written: makes it durable and a file of the folder. */
  finish(): void;
  /** Idempotent. */
  close(): void;
}

export interface WrittenFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256?: string;
}

export interface OutputFolderOptions {
  readonly hashes?: boolean;
  /**
   * The folder is one run's: no other may write to it meanwhile, and what the report of an earlier run lists
   * goes when this run's files come.
   */
  readonly exclusive?: boolean;
}

/**
 * Results of one run. Files are written into a hidden folder beside their final names, made durable (fsync),
 * and renamed together by `publish()`, so that no final name ever holds half a file, whenever the process is
 * killed. Of an exclusive folder the report is away from before the first file changes until after the last
 * has: where there is one, it is of the files beside it. Nothing is created before the first write.
 */
export class OutputFolder {
  #partial: string | undefined;
  #lock: OutputLock | undefined;
  readonly #files: WrittenFile[] = [];

  constructor(
    readonly path: string,
    readonly options: OutputFolderOptions = {},
  ) {}

  get files(): readonly WrittenFile[] {
    return this.#files;
  }

  /**
   * Writes a header, then chunks as they come, hashing on the way. At once: by another thread costs a tenth
   * of a second a study.
   * @throws HounsfieldError `io`
   */
  async write(
    file: string,
    chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
    header?: Uint8Array,
  ): Promise<void> {
    const opened = this.open(file);
    try {
      if (header) opened.write(header);
      for await (const chunk of chunks) opened.write(chunk);
      opened.finish();
    } finally {
      opened.close();
    }
  }

  /**
   * A file, in folders perhaps, to be written by and by; `close` is called whatever happens.
   * @throws HounsfieldError `io`
   */
  open(file: string): OpenedFile {
    const hash = (this.options.hashes ?? true) ? createHash("sha256") : undefined;
    let bytes = 0;
    const descriptor = this.#create(file);
    let isOpen = true;
    const orIo = <T>(work: () => T): T => {
      try {
        return work();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        throw new HounsfieldError("io", `cannot write ${file}: ${error.message}`, { file }, error);
      }
    };
    return {
      write(chunk) {
        hash?.update(chunk);
        bytes += orIo(() => writeAll(descriptor, chunk));
      },
      finish: () => {
        orIo(() => fsyncSync(descriptor));
        this.#files.push({ file, bytes, sha256: hash?.digest("hex") });
      },
      close() {
        if (isOpen) closeSync(descriptor);
        isOpen = false;
      },
    };
  }

  /**
   * Gives every file its final name, the report last, replacing what an earlier run left there.
   * @throws HounsfieldError `io`
   */
  publish(): void {
    const partial = this.#partial;
    if (!partial) return;
    try {
      const names = this.#files.map(({ file }) => file);
      const stale = this.#lock ? this.#withdraw(this.#lock, names) : [];
      for (const file of names.filter((name) => name !== REPORT_NAME)) {
        if (file.includes("/")) mkdirSync(dirname(join(this.path, file)), { recursive: true });
        renameSync(join(partial, file), join(this.path, file));
      }
      for (const folder of new Set(names.map((name) => dirname(name)))) syncFolder(join(this.path, folder));
      for (const file of stale) rmSync(join(this.path, file), { force: true });
      syncFolder(this.path);
      if (names.includes(REPORT_NAME)) renameSync(join(partial, REPORT_NAME), join(this.path, REPORT_NAME));
      syncFolder(this.path);
    } catch (error) {
      throw isSystemError(error) ? cannotWrite(this.path, error) : error;
    }
    this.discard();
  }

  /** Removes what was not published, and lets others write here. Idempotent. */
  discard(): void {
    if (this.#partial) rmSync(this.#partial, { recursive: true, force: true });
    this.#partial = undefined;
    this.#lock?.release();
    this.#lock = undefined;
  }

  /**
   * Takes the earlier report away and gives the files that go with it: its own, and what a killed run may
   * have published.
   */
  #withdraw(lock: OutputLock, names: readonly string[]): string[] {
    const earlier = [...reportedFiles(this.path), ...lock.leftFiles];
    lock.record([...names, ...earlier]);
    rmSync(join(this.path, REPORT_NAME), { force: true });
    syncFolder(this.path);
    return earlier.filter((file) => !names.includes(file));
  }

  #create(file: string): number {
    try {
      if (!this.#partial) {
        mkdirSync(this.path, { recursive: true });
        sweepPartials(this.path);
        this.#partial = mkdtempSync(join(this.path, partialPrefix()));
        if (this.options.exclusive) this.#lock = new OutputLock(this.path, this.#partial);
      }
      const path = join(this.#partial, file);
      if (file.includes("/")) mkdirSync(dirname(path), { recursive: true });
      return openSync(path, "w");
    } catch (error) {
      this.discard();
      throw error instanceof HounsfieldError ? error : cannotWrite(this.path, error);
    }
  }
}

function cannotWrite(path: string, error: unknown): HounsfieldError {
  const reason = error instanceof Error ? error.message : String(error);
  return new HounsfieldError("io", `cannot write to ${path}: ${reason}`, { file: path }, error);
}

function writeAll(descriptor: number, chunk: Chunk): number {
  const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  return chunk.byteLength;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
