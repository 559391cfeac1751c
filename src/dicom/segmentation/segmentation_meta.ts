import { uidFromName } from "../syntax/uid_from_name.js";
import { type DicomElement, encodeElement, joinBytes } from "../syntax/write_element.js";

const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/** Preamble, prefix and File Meta Information (PS3.10 7.1) of a data set with these elements. */
export function fileMeta(elements: readonly DicomElement[]): Uint8Array[] {
  const found = (tag: number) => elements.find((element) => element.tag === tag)?.value ?? "";
  const meta: DicomElement[] = [
    { tag: 0x00020001, vr: "OB", value: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: "UI", value: found(0x00080016) },
    { tag: 0x00020003, vr: "UI", value: found(0x00080018) },
    { tag: 0x00020010, vr: "UI", value: EXPLICIT_LITTLE_ENDIAN },
    { tag: 0x00020012, vr: "UI", value: uidFromName("hounsfield implementation") },
    { tag: 0x00020013, vr: "SH", value: "HOUNSFIELD" },
  ];
  const group = joinBytes(meta.map((element) => encodeElement(element, true)));
  const prefix = new Uint8Array(132);
  prefix.set(new TextEncoder().encode("DICM"), 128);
  return [prefix, encodeElement({ tag: 0x00020000, vr: "UL", value: group.length }, true), group];
}
