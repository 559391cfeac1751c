import { HounsfieldError } from "../../core/errors.js";
import { formatTag, TAG } from "../syntax/tags.js";
import { type DataSet, itemsOf, textOf } from "../syntax/values.js";
import type { ModalityLut } from "./slice_header.js";

/**
 * The table of a Modality LUT Sequence (PS3.3 C.11.1.1.1). Its descriptor holds the number of entries (0
 * stands for 65536), the first stored value mapped, which is signed as the pixels are, and the bits of an
 * entry. Entries of 8 bits are written one or two to a word.
 * @throws HounsfieldError `malformed-dicom` where descriptor and data do not agree
 */
export function modalityLutOf(data: DataSet, pixelRepresentation: 0 | 1): ModalityLut | undefined {
  const [item] = itemsOf(data, TAG.ModalityLUTSequence);
  if (!item) return undefined;
  const descriptor = item.elements.get(TAG.LUTDescriptor)?.value ?? new Uint8Array(0);
  const table = item.elements.get(TAG.LUTData)?.value ?? new Uint8Array(0);
  if (descriptor.length < 6) throw malformed(data, "has no descriptor of three numbers");
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
  const count = view.getUint16(0, true) || 65536;
  const first = pixelRepresentation === 1 ? view.getInt16(2, true) : view.getUint16(2, true);
  const bits = view.getUint16(4, true);
  if (bits < 8 || bits > 16) throw malformed(data, `has entries of ${bits} bits; accepted is 8 to 16`);
  const isPacked = bits === 8 && table.length < count * 2;
  if (table.length < (isPacked ? count : count * 2)) {
    throw malformed(data, `has ${table.length} bytes, too few for ${count} entries`);
  }
  const words = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const mask = 2 ** bits - 1;
  const entry = (i: number) => (isPacked ? words.getUint8(i) : words.getUint16(i * 2, true) & mask);
  return {
    first,
    values: Uint16Array.from({ length: count }, (_, i) => entry(i)),
    type: textOf(item, TAG.ModalityLUTType),
  };
}

function malformed(data: DataSet, what: string): HounsfieldError {
  const tag = formatTag(TAG.ModalityLUTSequence);
  return new HounsfieldError("malformed-dicom", `${data.file}: its Modality LUT ${what}`, {
    file: data.file,
    tag,
  });
}
