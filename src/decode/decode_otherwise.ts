import { isHounsfieldError } from "../core/errors.js";
import type { FrameDescription } from "../core/frame.js";
import { syntaxOfStream } from "../core/stream_kind.js";
import { codecNames } from "./codec_names.js";
import type { Codec } from "./codecs/common/codec.js";
import { type DecodeOutput, decodeFrame } from "./decode_frame.js";

/**
 * Decodes a frame that the codec of its transfer syntax refused by the one that its code stream is for, where
 * that is another: the code stream describes the bits.
 * @param refusal thrown where the code stream is of the kind that was declared, or of none that is known
 */
export async function decodeOtherwise(
  refusal: unknown,
  load: (transferSyntax: string) => Promise<Codec>,
  bytes: Uint8Array,
  frame: FrameDescription,
  output: DecodeOutput,
) {
  const seen = isHounsfieldError(refusal, "decode-failed", "unsupported-image") && syntaxOfStream(bytes);
  const declared = codecNames.get(frame.transferSyntax);
  if (!seen || declared === undefined || codecNames.get(seen) === declared) throw refusal;
  return decodeFrame(await load(seen), bytes, { ...frame, transferSyntax: seen }, output);
}
