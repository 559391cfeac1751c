import type { ByteSource } from "../../src/core/byte_source.js";
import { codecFor } from "../../src/decode/codec_modules.js";
import type { Codec, StoredValues } from "../../src/decode/codecs/common/codec.js";
import { decodeFrame } from "../../src/decode/decode_frame.js";
import { decodeOtherwise } from "../../src/decode/decode_otherwise.js";
import { parseImage } from "../../src/dicom/image/parse_header.js";
import { createByteBudget } from "../../src/volume/byte_budget.js";
import { type DecodeStored, storedFrames } from "../../src/volume/stored_frames.js";

/** What a worker does, in this thread: one codec a transfer syntax, kept. */
export function createInProcessDecoder(): DecodeStored {
  const codecs = new Map<string, Promise<Codec>>();
  return async (bytes, frame) => {
    const { transferSyntax } = frame;
    const loading = codecs.get(transferSyntax) ?? codecFor(transferSyntax);
    codecs.set(transferSyntax, loading);
    const output = { kind: "stored" } as const;
    const codec = await loading;
    try {
      return decodeFrame(codec, bytes, frame, output) as StoredValues;
    } catch (error) {
      return (await decodeOtherwise(error, codecFor, bytes, frame, output)) as StoredValues;
    }
  };
}

/** All frames of one file, decoded by the library without workers. */
export async function decodeInProcess(source: ByteSource, decode: DecodeStored): Promise<StoredValues[]> {
  const header = await parseImage(source);
  const frames: StoredValues[] = [];
  const options = { decode, ahead: 0, budget: createByteBudget(2 ** 30) };
  for await (const values of storedFrames(header, options)) frames.push(values);
  return frames;
}
