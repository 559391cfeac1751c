import { createHash } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { HounsfieldError } from "../../core/errors.js";

type Chunk = Uint8Array | Int16Array | Float32Array;

export interface WrittenFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256?: string;
}

/**
 * Results of one run. Files are written into a hidden folder beside their final names and renamed together by `publish()`,
 * in the order written, so that no final name ever holds half a file. Nothing is created before the first write.
 */
export class OutputFolder {
  #partial: string | undefined;
  readonly #files: WrittenFile[] = [];

  constructor(
    readonly path: string,
    readonly options: { readonly hashes: boolean } = { hashes: true },
  ) {}

  get files(): readonly WrittenFile[] {
    return this.#files;
  }

  /** Writes a header, then chunks as they come, hashing on the way. At once: by another thread costs a tenth of a second a study. Throws `io`. */
  async write(
    file: string,
    chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
    header?: Uint8Array,
  ): Promise<void> {
    const hash = this.options.hashes ? createHash("sha256") : undefined;
    let bytes = 0;
    const descriptor = this.#create(file);
    try {
      if (header) {
        hash?.update(header);
        bytes += writeAll(descriptor, header);
      }
      for await (const chunk of chunks) {
        hash?.update(chunk);
        bytes += writeAll(descriptor, chunk);
      }
    } catch (error) {
      throw isSystemError(error)
        ? new HounsfieldError("io", `cannot write ${file}: ${error.message}`, { file }, error)
        : error;
    } finally {
      closeSync(descriptor);
    }
    this.#files.push({ file, bytes, sha256: hash?.digest("hex") });
  }

  /** Gives every file its final name, replacing what an earlier run left there. */
  async publish(): Promise<void> {
    const partial = this.#partial;
    if (!partial) return;
    for (const { file } of this.#files) await rename(join(partial, file), join(this.path, file));
    this.discard();
  }

  /** Removes what was not published. Idempotent. */
  discard(): void {
    if (this.#partial) rmSync(this.#partial, { recursive: true, force: true });
    this.#partial = undefined;
  }

  #create(file: string): number {
    try {
      if (!this.#partial) {
        mkdirSync(this.path, { recursive: true });
        this.#partial = mkdtempSync(join(this.path, ".partial-"));
      }
      return openSync(join(this.#partial, file), "w");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HounsfieldError("io", `cannot write to ${this.path}: ${reason}`, { file: this.path }, error);
    }
  }
}

function writeAll(descriptor: number, chunk: Chunk): number {
  const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  return chunk.byteLength;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
