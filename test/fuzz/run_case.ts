import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { codecFor } from "../../src/decode/codec_modules.js";
import type { Codec, StoredValues } from "../../src/decode/codecs/common/codec.js";
import { decodeFrame } from "../../src/decode/decode_frame.js";
import { decodeOtherwise } from "../../src/decode/decode_otherwise.js";
import { fromPlainError, toPlainError } from "../../src/decode/pool/messages.js";
import { parseImage } from "../../src/dicom/image/parse_header.js";
import type { ImageHeader } from "../../src/dicom/image/slice_header.js";
import { createByteBudget } from "../../src/volume/byte_budget.js";
import { type DecodeStored, storedFrames } from "../../src/volume/stored_frames.js";

/**
 * What became of a damaged file. `wrong` says what a reader must never do; a refusal and plausible values are
 * both right.
 */
export interface Outcome {
  readonly decoded: boolean;
  /** The code of a refusal. */
  readonly code?: string;
  readonly wrong?: string;
}

/** Frames that are looked at: a file may rightly hold thousands of tiny ones. */
const MOST_FRAMES = 16;

export interface CaseRunner {
  /** @param cut the code stream cannot give all values: if it does, some were made up */
  run(bytes: Uint8Array, cut: boolean): Promise<Outcome>;
}

export function createCaseRunner(): CaseRunner {
  const decode = createDecoder();
  return {
    async run(bytes, cut) {
      try {
        const header = await parseImage(bytesSource("case.dcm", bytes));
        const wrong = await wrongValues(header, decode);
        if (wrong) return { decoded: true, wrong };
        return cut ? { decoded: true, wrong: "decoded although cut" } : { decoded: true };
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

/** As a worker does, with its errors as the pool gives them. */
export function createDecoder(): DecodeStored {
  const codecs = new Map<string, Promise<Codec>>();
  return async (bytes, frame, label) => {
    const { transferSyntax } = frame;
    try {
      const loading = codecs.get(transferSyntax) ?? codecFor(transferSyntax);
      codecs.set(transferSyntax, loading);
      const output = { kind: "stored" } as const;
      const codec = await loading;
      try {
        return decodeFrame(codec, bytes, frame, output) as StoredValues;
      } catch (error) {
        return (await decodeOtherwise(error, codecFor, bytes, frame, output)) as StoredValues;
      }
    } catch (error) {
      throw fromPlainError(toPlainError(error), label, error);
    }
  };
}

async function wrongValues(header: ImageHeader, decode: DecodeStored): Promise<string | undefined> {
  const { rows, columns, numberOfFrames, bitsAllocated, bitsStored, pixelRepresentation } = header;
  const options = { decode, ahead: 0, budget: createByteBudget(2 ** 30) };
  const most = pixelRepresentation === 1 ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
  const least = pixelRepresentation === 1 ? -(2 ** (bitsStored - 1)) : 0;
  let frames = 0;
  for await (const values of storedFrames(header, options)) {
    frames++;
    if (values.length !== rows * columns) return `${values.length} values for ${rows} x ${columns}`;
    if (values.BYTES_PER_ELEMENT * 8 !== bitsAllocated)
      return `${values.constructor.name} for ${bitsAllocated} bits`;
    for (const value of values) if (value < least || value > most) return `${value} in ${bitsStored} bits`;
    if (frames === MOST_FRAMES) return undefined;
  }
  return frames === numberOfFrames ? undefined : `${frames} frames of ${numberOfFrames}`;
}

function refusal(error: unknown): Outcome {
  if (!isHounsfieldError(error)) return { decoded: false, wrong: `untagged: ${String(error)}` };
  const { code, message, fields, cause } = error;
  if (code === "internal") {
    const stack = cause instanceof Error ? cause.stack?.split("\n").slice(0, 4).join(" | ") : "";
    return { decoded: false, code, wrong: `untagged: ${message} ${stack}` };
  }
  if (message.includes("\n") || fields.file !== "case.dcm" || !message.startsWith("case.dcm: "))
    return { decoded: false, code, wrong: `does not name its file in one line: ${message}` };
  return { decoded: false, code };
}
