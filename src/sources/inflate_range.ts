import type { ByteSource, Extent } from "../core/byte_source.js";
import { readExactly } from "../core/byte_source.js";
import { inflateSteps } from "../dicom/syntax/inflate.js";

/**
 * What a member inflates to, in chunks, from its first byte on; its deflated bytes are read as they are
 * needed.
 */
export async function* inflateExtent(
  source: ByteSource,
  { offset, length }: Extent,
  pieceBytes: number,
  chunkBytes?: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const steps = inflateSteps(chunkBytes);
  const end = offset + length;
  let at = offset;
  for (let step = steps.next(); !step.done; ) {
    if (step.value !== "more") {
      yield step.value;
      step = steps.next();
    } else if (at === end) step = steps.next(undefined);
    else {
      const piece = await readExactly(source, at, Math.min(end, at + pieceBytes));
      at += piece.length;
      step = steps.next(piece);
    }
  }
}
