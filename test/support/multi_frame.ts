import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { type CtFields, ctElements, EXPLICIT, element, file, joined } from "./dicom_file.js";

/** A tag as an AT value has it. */
export function tagBytes(...tags: string[]): Uint8Array {
  return joined(
    tags.map((tag) => {
      const [group, number] = tag.split(",").map((hex) => Number.parseInt(hex, 16));
      return Uint8Array.of(group & 255, group >> 8, number & 255, number >> 8);
    }),
  );
}

/** VRs of what the plain CT slice has not. */
const VRS: Readonly<Record<string, string>> = { "0018,2005": "DS", "0028,0009": "AT", "3004,000c": "DS" };

/**
 * A multi-frame image without functional groups, 3 columns and 2 rows; every pixel of frame k is 1000 + 10 k
 * HU.
 */
export function multiFrame(count: number, fields: CtFields = {}, name = "frames.dcm"): ByteSource {
  const special = Object.keys(fields).filter((tag) => tag in VRS);
  const plain = Object.fromEntries(Object.entries(fields).filter(([tag]) => !(tag in VRS)));
  const parts: (readonly [tag: string, bytes: Uint8Array])[] = ctElements({
    "0020,1041": undefined,
    "0018,0088": undefined,
    "0028,0008": String(count),
    ...plain,
  }).map((bytes) => [tagOf(bytes), bytes]);
  for (const tag of special) parts.push([tag, element(tag, VRS[tag], fields[tag]!)]);
  parts.sort(([a], [b]) => (a < b ? -1 : 1));
  const pixels = Array.from({ length: 6 * count }, (_, at) => 2024 + 10 * Math.floor(at / 6));
  const data = element("7fe0,0010", "OW", new Uint8Array(Uint16Array.from(pixels).buffer));
  return bytesSource(
    name,
    file({ transferSyntax: EXPLICIT, elements: [...parts.map(([, part]) => part), data] }),
  );
}

function tagOf(bytes: Uint8Array): string {
  const hex = (at: number) => (bytes[at] + 256 * bytes[at + 1]).toString(16).padStart(4, "0");
  return `${hex(0)},${hex(2)}`;
}
