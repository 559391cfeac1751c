/** Bytes [at, at + length) of a file. */
export interface Part {
  readonly at: number;
  readonly length: number;
}

/** An element of the data set, as the file has it. */
export interface ElementPart extends Part {
  readonly tag: string;
  readonly lengthAt: number;
  readonly lengthBytes: 2 | 4;
  readonly valueAt: number;
  readonly valueLength: number;
}

/** A segment of a code stream that states its length in two bytes, big endian. */
export interface MarkerPart extends Part {
  readonly code: number;
}

/** A fragment's item, and what its code stream is made of. */
export interface ItemPart extends Part {
  readonly lengthAt: number;
  readonly valueAt: number;
  readonly valueLength: number;
  readonly markers: readonly MarkerPart[];
  /** Where the entropy-coded bytes begin. */
  readonly entropyAt: number;
}

export interface Structure {
  readonly elements: readonly ElementPart[];
  readonly items: readonly ItemPart[];
  readonly bigEndian: boolean;
}

const LONG_VRS = new Set(["OB", "OW", "UN", "SQ", "UT", "OV", "SV", "UV", "OF", "OD", "OL", "UC", "UR"]);

/**
 * Where a valid file's elements, items and markers are, as far as they can be followed; never fails. Its own
 * reader, on purpose not ours.
 */
export function structureOf(bytes: Uint8Array): Structure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: ElementPart[] = [];
  const items: ItemPart[] = [];
  let at = bytes.length > 132 && text(bytes, 128, 4) === "DICM" ? 132 : 0;
  let bigEndian = false;
  while (at + 8 <= bytes.length) {
    bigEndian ||= bytes[at] === 0 && bytes[at + 1] !== 0 && /^[A-Z]{2}$/.test(text(bytes, at + 4, 2));
    const element = elementAt(bytes, view, at, bigEndian);
    if (!element) break;
    elements.push(element);
    if (element.valueLength === 0xffffffff || element.valueAt + element.valueLength > bytes.length) {
      if (element.tag === "7fe00010") items.push(...itemsAt(bytes, view, element.valueAt));
      break;
    }
    at = element.valueAt + element.valueLength;
  }
  return { elements, items, bigEndian };
}

function elementAt(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  bigEndian: boolean,
): ElementPart | undefined {
  const hex = (offset: number) =>
    view
      .getUint16(at + offset, !bigEndian)
      .toString(16)
      .padStart(4, "0");
  const vr = text(bytes, at + 4, 2);
  const isExplicit = /^[A-Z]{2}$/.test(vr);
  const isLong = !isExplicit || LONG_VRS.has(vr);
  const lengthAt = isExplicit ? (isLong ? at + 8 : at + 6) : at + 4;
  const lengthBytes = isLong ? 4 : 2;
  const valueAt = lengthAt + lengthBytes;
  if (valueAt > bytes.length) return undefined;
  const valueLength = isLong ? view.getUint32(lengthAt, !bigEndian) : view.getUint16(lengthAt, !bigEndian);
  const length = Math.min(bytes.length, valueAt + valueLength) - at;
  return { tag: hex(0) + hex(2), at, length, lengthAt, lengthBytes, valueAt, valueLength };
}

function itemsAt(bytes: Uint8Array, view: DataView, from: number): ItemPart[] {
  const items: ItemPart[] = [];
  for (let at = from; at + 8 <= bytes.length && view.getUint32(at) === 0xfeff00e0; ) {
    const valueLength = view.getUint32(at + 4, true);
    if (at + 8 + valueLength > bytes.length) break;
    const markers = markersIn(view, at + 8, at + 8 + valueLength);
    const last = markers.at(-1);
    const entropyAt = last ? last.at + last.length : at + 8;
    items.push({
      at,
      length: 8 + valueLength,
      lengthAt: at + 4,
      valueAt: at + 8,
      valueLength,
      markers,
      entropyAt,
    });
    at += 8 + valueLength;
  }
  return items;
}

/** The marker segments of a JPEG, JPEG-LS or JPEG 2000 header: from SOI or SOC to SOS or SOD. */
function markersIn(view: DataView, from: number, end: number): MarkerPart[] {
  const markers: MarkerPart[] = [];
  const start = streamStart(view, from, end);
  if (start === undefined) return markers;
  let at = start + 2;
  while (at + 4 <= end && view.getUint8(at) === 0xff) {
    const code = view.getUint8(at + 1);
    const length = code === 0x93 ? 2 : 2 + view.getUint16(at + 2);
    if (at + length > end) break;
    markers.push({ code, at, length });
    at += length;
    if (code === 0xda || code === 0x93) break;
  }
  return markers;
}

/** SOI at once; SOC with SIZ behind it, maybe after the boxes of JP2. */
function streamStart(view: DataView, from: number, end: number): number | undefined {
  if (end - from >= 4 && view.getUint16(from) === 0xffd8) return from;
  for (let at = from; at + 4 <= Math.min(end, from + 256); at++)
    if (view.getUint32(at) === 0xff4fff51) return at;
  return undefined;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
