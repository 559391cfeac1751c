import { readExactly } from "../../core/byte_source.js";
import type { Diagnostic } from "../../core/diagnostic.js";
import { isHounsfieldError } from "../../core/errors.js";
import { kindOfStream } from "../../core/stream_kind.js";
import { endOfFragments, firstFragment } from "../image/repair_pixel_data.js";
import type { SliceHeader } from "../image/slice_header.js";
import { SEQUENCE_DELIMITER, tagAt } from "../syntax/elements.js";

/**
 * What a header alone does not tell of how stored values are to be read, by the pixel data of one slice, of
 * which a few kilobytes are read: a series is written by one writer. Nothing is decoded.
 */
export async function pixelDiagnostics(slice: SliceHeader): Promise<Diagnostic[]> {
  try {
    const stream = slice.pixelData.encapsulated ? await streamDiagnostics(slice) : [];
    return [...bitDiagnostics(slice), ...stream];
  } catch (error) {
    // Loading it will say so.
    if (isHounsfieldError(error)) return bitDiagnostics(slice);
    throw error;
  }
}

/**
 * Bits Stored end at High Bit, which is to be one less (PS3.5 8.1.1); old writers had them elsewhere, and
 * some state what is not so.
 */
function bitDiagnostics({ bitsStored, highBit, bitsAllocated, source }: SliceHeader): Diagnostic[] {
  if (highBit === bitsStored - 1) return [];
  const shift = highBit + 1 - bitsStored;
  const message = `High Bit is ${highBit} where ${bitsStored} of ${bitsAllocated} bits are stored; values are taken from bits ${shift} to ${highBit}, as it says`;
  return [warning("high-bit-odd", message, source.name)];
}

async function streamDiagnostics(slice: SliceHeader): Promise<Diagnostic[]> {
  const { source, pixelData, transferSyntax, bitsStored, pixelRepresentation } = slice;
  const diagnostics: Diagnostic[] = [];
  const stream = await firstFragment(source, pixelData.offset);
  const kind = stream && kindOfStream(stream.bytes);
  if (stream?.isFirstItem) {
    const message =
      "the item of the offset table is missing; what stands in its place is the first code stream";
    diagnostics.push(warning("offset-table-missing", message, source.name));
  }
  if (kind && familyOf(kind.transferSyntax) !== familyOf(transferSyntax) && familyOf(transferSyntax)) {
    const message = `transfer syntax ${transferSyntax} is declared, but the code stream is of ${kind.transferSyntax}; decoded as that`;
    diagnostics.push(warning("code-stream-contradicts", message, source.name));
  }
  const precision = kind?.precision;
  if (precision !== undefined && precision < bitsStored && pixelRepresentation === 1) {
    const message = `code streams have ${precision} bits a sample where ${bitsStored} signed bits are stored; the highest of the ${precision} is taken as the sign`;
    diagnostics.push(warning("precision-below-bits-stored", message, source.name));
  }
  const end = await readExactly(source, Math.max(0, source.size - 8), source.size);
  const isClosed = tagAt(end, 0) === SEQUENCE_DELIMITER;
  if (!isClosed && (await endOfFragments(source, pixelData.offset)) === undefined) {
    const message =
      "no delimiter ends the compressed pixel data; their last code stream is whole, or will be refused";
    diagnostics.push(warning("delimiter-missing", message, source.name));
  }
  return diagnostics;
}

/** Transfer syntaxes that one codec reads. */
const FAMILIES: readonly (readonly string[])[] = [
  ["4.50", "4.51", "4.53", "4.55"],
  ["4.57", "4.70"],
  ["4.80", "4.81"],
  ["4.90", "4.91"],
  ["4.201", "4.202", "4.203"],
  ["5"],
];

function familyOf(transferSyntax: string): readonly string[] | undefined {
  return FAMILIES.find((family) => family.some((end) => transferSyntax === `1.2.840.10008.1.2.${end}`));
}

function warning(code: string, message: string, file: string): Diagnostic {
  return { severity: "warning", code, message, files: [file] };
}
