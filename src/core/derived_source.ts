import type { ByteSource } from "./byte_source.js";

/** Of a source whose bytes were made of a file's, such as its data set inflated: the file. */
const file = Symbol.for("hounsfield.file");

interface DerivedSource extends ByteSource {
  readonly [file]: ByteSource;
}

/** `made`, which says what file its bytes are of. */
export function derivedFrom(origin: ByteSource, made: ByteSource): ByteSource {
  const derived: DerivedSource = { ...made, [file]: origin };
  return derived;
}

/** The file that a source is, or that its bytes were made of: what names, sizes and hashes are of. */
export function fileOf(source: ByteSource): ByteSource {
  return file in source ? fileOf((source as DerivedSource)[file]) : source;
}
