import type { Codec } from "../common/codec.js";
import { createForeignCodec, type ForeignDecoder } from "./decoder.js";

interface OpenJpeg {
  readonly J2KDecoder: new () => ForeignDecoder;
}

/**
 * JPEG 2000 (ITU-T T.800), gray, bare or in JP2 boxes: transfer syntaxes 1.2.840.10008.1.2.4.90 and .91, by
 * OpenJPEG. Errors: `decode-failed` and `truncated` with the byte offset, `unsupported-image` for color.
 */
export function createJpeg2000Codec(): Promise<Codec> {
  return createForeignCodec<OpenJpeg>({
    name: "OpenJPEG",
    load: () => import("../../wasm/openjpeg.generated.js"),
    create: (members) => new members.J2KDecoder(),
    failure: (lines) => lines.find((line) => line.startsWith("[ERROR]"))?.slice("[ERROR] ".length),
    check: () => {},
  });
}
