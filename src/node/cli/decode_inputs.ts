import type { ByteSource } from "../../core/byte_source.js";
import { type HounsfieldError, isHounsfieldError } from "../../core/errors.js";
import { openInput } from "../open_sources.js";

/** A file to decode, by the path a person would type; or why a path gave none. */
export type DecodeInput = FoundInput | { readonly file: string; readonly refusal: HounsfieldError };

export interface FoundInput {
  readonly file: string;
  readonly source: ByteSource;
  /** The path within the folder or archive given, or the file's own name: what an output can be called. */
  readonly shortName: string;
}

/** The files that the paths lead to, in the order given, those of a folder by name. */
export async function decodeInputs(paths: readonly string[], signal: AbortSignal): Promise<DecodeInput[]> {
  const inputs: DecodeInput[] = [];
  for (const path of paths) {
    try {
      const { sources, prefix } = await openInput(path, { signal });
      for (const source of sources) {
        const file = prefix + source.name;
        inputs.push({ file, source: { ...source, name: file }, shortName: source.name });
      }
    } catch (error) {
      if (!isHounsfieldError(error)) throw error;
      inputs.push({ file: path, refusal: error });
    }
  }
  return inputs;
}
