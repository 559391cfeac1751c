import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
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

  /** Writes a header, then chunks as they come, hashing on the way. Throws `io`. */
  async write(
    file: string,
    chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
    header?: Uint8Array,
  ): Promise<void> {
    const hash = this.options.hashes ? createHash("sha256") : undefined;
    let bytes = 0;
    const handle = await this.#create(file);
    try {
      if (header) {
        hash?.update(header);
        bytes += await writeAll(handle, header);
      }
      for await (const chunk of chunks) {
        hash?.update(chunk);
        bytes += await writeAll(handle, chunk);
      }
    } catch (error) {
      throw isSystemError(error)
        ? new HounsfieldError("io", `cannot write ${file}: ${error.message}`, { file }, error)
        : error;
    } finally {
      await handle.close();
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

  async #create(file: string): Promise<FileHandle> {
    try {
      if (!this.#partial) {
        mkdirSync(this.path, { recursive: true });
        this.#partial = mkdtempSync(join(this.path, ".partial-"));
      }
      return await open(join(this.#partial, file), "w");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HounsfieldError("io", `cannot write to ${this.path}: ${reason}`, { file: this.path }, error);
    }
  }
}

async function writeAll(handle: FileHandle, chunk: Chunk): Promise<number> {
  for (let done = 0; done < chunk.byteLength; ) {
    const rest = new Uint8Array(chunk.buffer, chunk.byteOffset + done, chunk.byteLength - done);
    done += (await handle.write(rest)).bytesWritten;
  }
  return chunk.byteLength;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
