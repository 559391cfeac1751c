import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import {
  type CtFields,
  ctElements,
  EXPLICIT,
  element,
  file,
  item,
  joined,
  type Value,
} from "./dicom_file.js";

/** A data set by tag: [VR, value], or the items of a sequence. */
export interface Items {
  readonly [tag: string]: readonly [vr: string, value: Value] | readonly Items[];
}

export interface EnhancedDescription {
  readonly shared?: Items;
  readonly perFrame: readonly Items[];
  /** Stored values of each frame: 3 columns, 2 rows. */
  readonly frames: readonly (readonly number[])[];
  /** Pointers of the dimension index, as "0020,9057". */
  readonly dimensions?: readonly string[];
  readonly fields?: CtFields;
}

/** Elements of a data set, sequences in it, by ascending tag. */
function encode(items: Items): Uint8Array {
  const tags = Object.keys(items).sort();
  return joined(
    tags.map((tag) => {
      const value = items[tag];
      if (isElement(value)) return element(tag, value[0], value[1]);
      return element(tag, "SQ", joined(value.map((one) => item(encode(one)))));
    }),
  );
}

function isElement(value: Items[string]): value is readonly [string, Value] {
  return typeof value[0] === "string";
}

/** An Enhanced CT image (PS3.3 A.38): nothing of a frame is at the top, all in functional groups. */
export function enhancedSource(name: string, description: EnhancedDescription): ByteSource {
  const { shared, perFrame, frames, dimensions = [], fields = {} } = description;
  const perFrameOnly = ["0020,0032", "0020,0037", "0020,1041", "0028,0030", "0018,0050", "0018,0088"];
  const top = ctElements({
    ...Object.fromEntries([...perFrameOnly, "0028,1052", "0028,1053"].map((tag) => [tag, undefined])),
    "0008,0016": "1.2.840.10008.5.1.4.1.1.2.1",
    "0028,0008": String(frames.length),
    ...fields,
  });
  const pointers = dimensions.map((pointer): Items => ({ "0020,9165": ["AT", attributeTag(pointer)] }));
  const groups = encode({
    ...(shared && { "5200,9229": [shared] }),
    "5200,9230": perFrame,
  });
  const index = dimensions.length > 0 ? [encode({ "0020,9222": pointers })] : [];
  const pixels = Uint8Array.from(frames.flat().flatMap((stored) => [stored & 255, stored >> 8]));
  const before = top.filter((bytes) => bytes[0] < 0x28 || bytes[1] > 0);
  const after = top.filter((bytes) => !before.includes(bytes));
  const elements = [...before, ...index, ...after, groups, element("7fe0,0010", "OW", pixels)];
  return bytesSource(name, file({ transferSyntax: EXPLICIT, elements }));
}

function attributeTag(pointer: string): Uint8Array {
  const [group, number] = pointer.split(",").map((hex) => Number.parseInt(hex, 16));
  return Uint8Array.of(group & 255, group >> 8, number & 255, number >> 8);
}

/** The macros that place a frame. */
export const positionMacro = (position: string): Items => ({
  "0020,9113": [{ "0020,0032": ["DS", position] }],
});
export const orientationMacro = (cosines: string): Items => ({
  "0020,9116": [{ "0020,0037": ["DS", cosines] }],
});
export const measuresMacro = (spacing: string, thickness: string): Items => ({
  "0028,9110": [{ "0018,0050": ["DS", thickness], "0028,0030": ["DS", spacing] }],
});
export const valuesMacro = (slope: string, intercept: string, type = "HU"): Items => ({
  "0028,9145": [{ "0028,1052": ["DS", intercept], "0028,1053": ["DS", slope], "0028,1054": ["LO", type] }],
});

/** Unsigned 32-bit numbers, as UL has them. */
export function longs(...numbers: number[]): readonly [string, Uint8Array] {
  return ["UL", new Uint8Array(Uint32Array.from(numbers).buffer)];
}
