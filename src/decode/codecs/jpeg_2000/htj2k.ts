import { HounsfieldError } from "../../../core/errors.js";
import type { Codec } from "../common/codec.js";
import { createForeignCodec, type ForeignDecoder } from "./decoder.js";

interface OpenJph {
  readonly HTJ2KDecoder: new () => ForeignDecoder;
}

/**
 * High-Throughput JPEG 2000 (ITU-T T.814), gray, bare or in JPH boxes: transfer syntaxes
 * 1.2.840.10008.1.2.4.201, .202 and .203, by OpenJPH. Errors: `decode-failed` and `truncated` with the byte
 * offset, `unsupported-image` for color.
 */
export function createHtj2kCodec(): Promise<Codec> {
  return createForeignCodec<OpenJph>({
    name: "OpenJPH",
    load: () => import("../../wasm/openjph.generated.js"),
    create: (members) => new members.HTJ2KDecoder(),
    failure: (lines) =>
      lines.find((line) => line.startsWith("ojph error"))?.replace(/^.*?\.(?:cpp|h):\d+: /, ""),
    check({ highThroughput, start }) {
      if (highThroughput) return;
      const message = "the code stream is JPEG 2000 Part 1, not High-Throughput JPEG 2000";
      throw new HounsfieldError("decode-failed", message, { offset: start });
    },
  });
}
