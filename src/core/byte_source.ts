import { HounsfieldError, isHounsfieldError } from "./errors.js";
import { checkArgument, type Rule } from "./options.js";
import { bytes as bytesRule, listOf, text } from "./rules.js";

/**
 * Bytes that may hold a DICOM object: a file on disk, a browser `File`, an array in memory. `read` gives
 * bytes [start, end), fewer at the end of the source, in a fresh array over its own buffer: whoever asked may
 * keep it, write to it or transfer it to a worker.
 */
export interface ByteSource {
  /** Path or name, as messages show it. */
  readonly name: string;
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
  /**
   * As `read`, for bytes that will not be asked for again: their buffer may hold more, and is the caller's
   * alone all the same. For sources that hold what they can then let go of, uncopied.
   */
  take?(start: number, end: number): Promise<Uint8Array>;
}

/** Bytes [offset, offset + length) of a source. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/**
 * Bytes in memory as a source. Each read copies, so `bytes` stays the caller's. @throws HounsfieldError
 * `invalid-option`
 */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  checkArgument("bytesSource", "name", name, text);
  checkArgument("bytesSource", "bytes", bytes, bytesRule);
  return {
    name,
    size: bytes.length,
    // `Uint8Array.prototype.slice` and not `bytes.slice`: a Node Buffer's own slice is a view.
    read: async (start, end) => Uint8Array.prototype.slice.call(bytes, start, end),
  };
}

/** By what is used of it. */
export const sourceRule: Rule = (value) => {
  const { name, size, read } = (value ?? {}) as Partial<ByteSource>;
  const fits = typeof name === "string" && typeof size === "number" && typeof read === "function";
  return fits ? undefined : "a ByteSource: { name, size, read }";
};

/** Refuses what are not sources, such as a path. @throws HounsfieldError `invalid-option` */
export function checkSources(of: string, sources: readonly ByteSource[]): void {
  checkArgument(of, "sources", sources, listOf(sourceRule, "ByteSources: { name, size, read }"));
}

/**
 * Exactly the bytes [start, end) of `source`, in a fresh array over its own buffer.
 * @throws HounsfieldError `truncated` when the source ends before; `io` when it cannot be read.
 */
export async function readExactly(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  const bytes = await exactly(source, start, end, () => source.read(start, end));
  return ownsItsBuffer(bytes) ? bytes : new Uint8Array(bytes);
}

/**
 * The same of bytes that will not be asked for again; their buffer, which is the caller's alone, may hold
 * more.
 */
export async function takeExactly(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  const { take } = source;
  return take
    ? exactly(source, start, end, () => take.call(source, start, end))
    : readExactly(source, start, end);
}

async function exactly(
  source: ByteSource,
  start: number,
  end: number,
  read: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await read();
  } catch (cause) {
    if (isHounsfieldError(cause)) throw cause;
    throw new HounsfieldError(
      "io",
      `${source.name}: cannot be read`,
      { file: source.name, offset: start },
      cause,
    );
  }
  checkArgument(source.name, "what read() resolves to", bytes, bytesRule);
  if (bytes.length === end - start) return bytes;
  throw new HounsfieldError(
    "truncated",
    `${source.name}: ends at byte ${start + bytes.length}, before byte ${end}`,
    { file: source.name, offset: start + bytes.length, got: bytes.length, accepted: end - start },
  );
}

/** Whether its buffer holds nothing else, so that transferring it takes nothing from anybody. */
export function ownsItsBuffer(bytes: Uint8Array): boolean {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}
